import { AppError } from "../../errors.ts";
import { Secret } from "../../secret.ts";

/** What a person pasted, cleaned of what comes along: spaces, quotes, `NAME=`, `Bearer`. */
export function parseKey(text: string): Secret {
  const key = text
    .trim()
    .replace(/^(?:export\s+)?[A-Z][A-Z0-9_]*=/, "")
    .replace(/^Bearer\s+/i, "")
    .replace(/^(["'])(.*)\1$/, "$2")
    .trim();
  if (/^[\x21-\x7E]{8,512}$/.test(key)) return new Secret(key);
  throw new AppError("usage", key === "" ? "There was no key." : "That does not look like an API key.", {
    hint: "A key is one long word, such as sk-or-v1-…",
  });
}
