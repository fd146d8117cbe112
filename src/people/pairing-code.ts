/** Crockford's: no letter that looks like a digit. Five bits each. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const length = 8;

/** Forty random bits, as a person reads and types them: `K7QM-3FTX`. */
export function createPairingText(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  const letters = Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** What is kept of a code. */
export function hashPairingCode(code: string): string {
  return new Bun.CryptoHasher("sha256").update(`pairing:${code}`).digest("hex");
}

export interface TypedCode {
  readonly code: string;
  /** Written as codes are, and no word or number that happens to be as long. */
  readonly isDeliberate: boolean;
}

/** A message that is a code and nothing else: bare, in quotes, or behind `/start`, as a link sends it. */
export function parsePairingCode(text: string): TypedCode | undefined {
  const match =
    /^(?<start>\/START(?:@\w+)?\s+)?["'`«»“”(<[]*(?<code>[0-9A-Z]{4}[\s_-]*[0-9A-Z]{4})["'`«»“”)>\].!]*$/.exec(
      normalize(text.slice(0, longestTyped)).trim(),
    );
  const typed = match?.groups?.["code"];
  if (typed === undefined || text.length > longestTyped) return undefined;
  const code = toCode(typed);
  if (code === undefined) return undefined;
  const isMixed = /\d/.test(typed) && /[A-Z]/.test(typed);
  const isDeliberate = match?.groups?.["start"] !== undefined || isMixed || typed.includes("-");
  return { code, isDeliberate };
}

const longestTyped = 200;

/** The hash of everything in the text that may be a code, inside longer words too: what holds one goes no further. */
export function hashPossibleCodes(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const match of normalize(text).matchAll(/(?=([0-9A-Z]{4}[^0-9A-Z]{0,3}[0-9A-Z]{4}))/g)) {
    const code = toCode(match[1] ?? "");
    if (code !== undefined) found.add(hashPairingCode(code));
  }
  return found;
}

/** As they come from other keyboards: wide letters, other dashes, what has no width. */
function normalize(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replace(/\p{Pd}/gu, "-")
    .replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

/** What is easily misread is taken for what it looks like. */
function toCode(typed: string): string | undefined {
  const code = typed
    .replace(/[^0-9A-Z]/g, "")
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1");
  return code.includes("U") ? undefined : code;
}
