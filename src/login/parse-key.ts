import { AppError } from "../errors.ts";
import { Secret } from "../secret.ts";
import { loginWords } from "../words/english/login.ts";

/** What a person pasted, cleaned of what comes along: spaces, quotes, `NAME=`, `Bearer`. */
export function parseKey(text: string): Secret {
  const key = text
    .trim()
    .replace(/^(?:export\s+)?[A-Z][A-Z0-9_]*=/, "")
    .replace(/^Bearer\s+/i, "")
    .replace(/^(["'])(.*)\1$/, "$2")
    .trim();
  if (/^[\x21-\x7E]{8,512}$/.test(key)) return new Secret(key);
  throw new AppError("usage", key === "" ? loginWords.empty() : loginWords.notAKey());
}
