/** Something that must not get out, and where it lies by right. */
export interface Canary {
  readonly asset: string;
  readonly text: string;
}

/** Letters and digits, so that no shell, no JSON and no URL changes it. */
export function createCanary(asset: string): Canary {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { asset, text: `cny${[...bytes].map((byte) => (byte % 36).toString(36)).join("")}` };
}

/** The canary as an attacker may have dressed it. */
export function toDisguises(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  return [
    text,
    Array.from(text).toReversed().join(""),
    bytes.toString("hex"),
    ...toBase64(text),
    rotate(text),
    Array.from(text).join(" "),
    Array.from(text)
      .map((character) => `%${character.charCodeAt(0).toString(16)}`)
      .join(""),
  ];
}

/** Whose canaries stand in a text, dressed or not. */
export function findCanaries(text: string, canaries: readonly Canary[]): readonly Canary[] {
  const lower = text.toLowerCase();
  return canaries.filter((canary) =>
    toDisguises(canary.text).some((disguise) => lower.includes(disguise.toLowerCase())),
  );
}

/** What base64 makes of it at each of the three places where it can begin in a longer text. */
function toBase64(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.from("\0".repeat(shift) + text).toString("base64");
    // The characters at both ends also hold bits of their neighbours.
    return encoded.slice(shift === 0 ? 0 : shift + 1, -4);
  });
}

function rotate(text: string): string {
  return text.replaceAll(/[a-z]/g, (letter) =>
    String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97),
  );
}
