/** Discord takes 25 signs. */
const nonceLength = 24;
/** Each is wanted as long as an answer may still be in doubt. */
const mostRemembered = 2000;

/** The same for the same part of the same reply. */
export function toNonce(chat: string, key: string, index: number | "file"): string {
  const whole = JSON.stringify([chat, key, index]);
  return new Bun.CryptoHasher("sha256").update(whole).digest("base64url").slice(0, nonceLength);
}

/** Messages of ours that events told of, by what they were sent with. */
export class OwnMessages {
  readonly #ids = new Map<string, string>();

  see(nonce: string, message: string): void {
    this.#ids.set(nonce, message);
    const [oldest] = this.#ids.keys();
    if (this.#ids.size > mostRemembered && oldest !== undefined) this.#ids.delete(oldest);
  }

  find(nonce: string): string | undefined {
    return this.#ids.get(nonce);
  }

  /** It stands there no more: what is sent again is to be seen again. */
  forget(message: string): void {
    for (const [nonce, id] of this.#ids) if (id === message) this.#ids.delete(nonce);
  }
}
