import { shortestSecret, toForms } from "./scrub.ts";

export interface NamedSecret {
  /** What a person knows it by: `GITHUB_TOKEN`, `channels.telegram.token`. */
  readonly name: string;
  readonly value: string;
}

export interface FoundSecret {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Of letters and digits alone. So much of a long secret in a row is no chance, and no word of a language. */
const leastPart = 16;
export const grainLength = 12;
const step = leastPart - grainLength + 1;

interface Grain {
  readonly secret: NamedSecret;
  readonly letters: string;
  readonly at: number;
}

/**
 * Finds secrets in what is about to leave: whole or a part of one, as it is, backwards, in Base64, Base32, hexadecimal,
 * ROT13, for a URL or for JSON, in capitals, with blanks, marks or invisible characters between its letters. What is
 * too short for that is found whole and as it is, or in the usual encodings. The time does not depend on how many there are.
 */
export class SecretFinder {
  readonly #grains = new Map<string, Grain>();
  readonly #short: readonly (readonly [form: string, secret: NamedSecret])[];

  constructor(secrets: readonly NamedSecret[]) {
    const known = secrets.filter(({ value }) => value.length >= shortestSecret);
    for (const secret of known)
      for (const letters of toLetterForms(secret.value)) this.#addGrains(secret, letters);
    this.#short = known.flatMap((secret) =>
      toForms(secret.value)
        .filter((form) => form.length >= shortestSecret)
        .map((form) => [form, secret] as const),
    );
  }

  /** What a text is looked through for: the usual forms as a whole, and rows of letters of so many. For who looks through what is no text. */
  get patterns(): {
    readonly forms: readonly (readonly [form: string, name: string])[];
    readonly grains: Iterable<string>;
  } {
    const forms = this.#short.map(([form, { name }]) => [form, name] as const);
    return { forms, grains: this.#grains.keys() };
  }

  /** In their order, none within another. */
  find(text: string): readonly FoundSecret[] {
    return join([...this.#findWhole(text), ...this.#findParts(text)]);
  }

  #addGrains(secret: NamedSecret, letters: string): void {
    if (letters.length < leastPart) return;
    const isAddress = secret.value.includes("/");
    for (let at = 0; at + grainLength <= letters.length; at += step) {
      const grain = letters.slice(at, at + grainLength);
      // A host or a path in a service's address is no secret, and neither is a row of the same letter.
      if (new Set(grain).size > 4 && (!isAddress || (/\d/.test(grain) && /[a-z]/.test(grain)))) {
        this.#grains.set(grain, { secret, letters, at });
      }
    }
  }

  *#findWhole(text: string): Iterable<FoundSecret> {
    for (const [form, { name }] of this.#short) {
      for (let from = text.indexOf(form); from !== -1; from = text.indexOf(form, from + form.length)) {
        yield { name, from, to: from + form.length };
      }
    }
  }

  *#findParts(text: string): Iterable<FoundSecret> {
    if (this.#grains.size === 0 || text.length < leastPart) return;
    const { letters, places } = toLetters(text);
    for (let at = 0; at + grainLength <= letters.length; at++) {
      const grain = this.#grains.get(letters.slice(at, at + grainLength));
      if (grain === undefined) continue;
      let start = at;
      let own = grain.at;
      for (; start > 0 && own > 0 && letters[start - 1] === grain.letters[own - 1]; start--) own--;
      let end = at + grainLength;
      own = grain.at + grainLength;
      for (; end < letters.length && own < grain.letters.length && letters[end] === grain.letters[own]; end++)
        own++;
      if (end - start < leastPart) continue;
      yield { name: grain.secret.name, from: places[start] ?? 0, to: (places[end - 1] ?? text.length) + 1 };
      at = end - 1;
    }
  }
}

/** The text with what was found struck out, a sign for each letter. */
export function strikeOut(text: string, found: readonly FoundSecret[]): string {
  let struck = "";
  let at = 0;
  for (const { from, to } of found) {
    struck += text.slice(at, from) + "*".repeat(to - from);
    at = to;
  }
  return struck + text.slice(at);
}

function join(found: readonly FoundSecret[]): readonly FoundSecret[] {
  const joined: FoundSecret[] = [];
  for (const next of found.toSorted((one, other) => one.from - other.from || other.to - one.to)) {
    const last = joined.at(-1);
    if (last === undefined || next.from >= last.to) joined.push(next);
    else if (next.to > last.to) joined[joined.length - 1] = { ...last, to: next.to };
  }
  return joined;
}

/** Letters and digits, small, and where each stands. */
function toLetters(text: string): { readonly letters: string; readonly places: Uint32Array } {
  const places = new Uint32Array(text.length);
  let letters = "";
  for (let at = 0; at < text.length; at++) {
    const code = toLetter(text.charCodeAt(at));
    if (code === 0) continue;
    places[letters.length] = at;
    letters += String.fromCharCode(code);
  }
  return { letters, places };
}

/** 0: none. Wide ones, as Chinese texts have them, count as the plain ones. */
export function toLetter(code: number): number {
  const plain = code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code;
  if (plain >= 0x30 && plain <= 0x39) return plain;
  if (plain >= 0x61 && plain <= 0x7a) return plain;
  return plain >= 0x41 && plain <= 0x5a ? plain + 0x20 : 0;
}

function toLetterForms(value: string): ReadonlySet<string> {
  const encoded = [...toForms(value), toBase32(value), value.replaceAll(/[a-z]/gi, toRot13)];
  const forms = encoded.map((form) => toLetters(form).letters);
  return new Set([...forms, ...forms.map((form) => Array.from(form).toReversed().join(""))]);
}

function toRot13(letter: string): string {
  const base = letter >= "a" ? 97 : 65;
  return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
}

function toBase32(value: string): string {
  const bits = Array.from(Buffer.from(value), (byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(five.padEnd(5, "0"), 2)] ?? "")
    .join("");
}
