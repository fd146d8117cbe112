import { AppError } from "../../errors.ts";
import { catalog, type ProviderSpec } from "../../providers/catalog.ts";
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

/** Whose key it is, by how it begins; nothing when several could have made it. */
export function recogniseKey(key: Secret): ProviderSpec | undefined {
  const text = key.open();
  const matches = catalog.flatMap((spec) =>
    spec.keyPrefixes
      .filter((prefix) => text.startsWith(prefix))
      .map((prefix) => ({ spec, length: prefix.length })),
  );
  return matches.toSorted((left, right) => right.length - left.length)[0]?.spec;
}
