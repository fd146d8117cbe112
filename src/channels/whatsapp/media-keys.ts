import type { MediaKind } from "./read-files.ts";

export interface MediaKeys {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly cipher: CryptoKey;
  readonly mac: CryptoKey;
}

export const macBytes = 10;

/** A file has one key; from it come those that it is encrypted and sealed with. */
export async function toMediaKeys(key: Uint8Array<ArrayBuffer>, kind: MediaKind): Promise<MediaKeys> {
  const base = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode(`WhatsApp ${kind} Keys`);
  const bits = await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info },
    base,
    112 * 8,
  );
  const bytes = new Uint8Array(bits);
  return {
    iv: bytes.slice(0, 16),
    cipher: await crypto.subtle.importKey("raw", bytes.slice(16, 48), "AES-CBC", false, [
      "encrypt",
      "decrypt",
    ]),
    mac: await crypto.subtle.importKey("raw", bytes.slice(48, 80), { name: "HMAC", hash: "SHA-256" }, false, [
      "sign",
    ]),
  };
}

/** What stands behind the encrypted bytes, so that nobody changes them. */
export async function toMediaMac({ iv, mac }: MediaKeys, encrypted: Uint8Array): Promise<Uint8Array> {
  const whole = Uint8Array.from(Buffer.concat([iv, encrypted]));
  return new Uint8Array(await crypto.subtle.sign("HMAC", mac, whole)).slice(0, macBytes);
}
