import type { Secret } from "../../secret.ts";

const head = "3EB0";
const nameBytes = 10;
const proofBytes = 6;

/**
 * The id of a message of ours, made from its reply's key: sent twice it is the same message, which a telephone shows once. Its end
 * proves that it is ours, for whoever has the key.
 */
export function toOwnId(reply: string, key: Secret): string {
  const name = head + hash(`${key.open()} ${reply}`, nameBytes);
  return name + proof(name, key);
}

export function isOwnId(id: string, key: Secret): boolean {
  const name = id.slice(0, head.length + nameBytes * 2);
  return name.length === head.length + nameBytes * 2 && id === name + proof(name, key);
}

function proof(name: string, key: Secret): string {
  return hash(`${name} ${key.open()}`, proofBytes);
}

function hash(text: string, bytes: number): string {
  return new Bun.CryptoHasher("sha256")
    .update(text)
    .digest("hex")
    .slice(0, bytes * 2)
    .toUpperCase();
}
