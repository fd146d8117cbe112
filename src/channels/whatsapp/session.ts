import { AppError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import { whatsappWords } from "../../words/english/whatsapp.ts";
import type { ChannelMemory } from "../channel.ts";

/** Before the name of each thing that is kept of a link; then comes which link it is. */
const anyHead = "session ";
const nonceBytes = 12;

/**
 * What the library remembers of the link with a telephone, sealed under a key that stands with the other secrets: who has a copy of
 * the database alone can speak for nobody.
 */
export class Session {
  readonly #memory: ChannelMemory;
  readonly #key: Promise<CryptoKey>;
  /** A link has a key of its own: what the one before still writes gets in nobody's way. */
  readonly #head: string;

  constructor(memory: ChannelMemory, key: Secret) {
    this.#memory = memory;
    this.#key = importKey(key);
    this.#head = `${anyHead}${new Bun.CryptoHasher("sha256").update(`name ${key.open()}`).digest("hex").slice(0, 16)} `;
  }

  /** Throws `AppError("config")`: it was sealed with another key, or changed. */
  async read(): Promise<Readonly<Record<string, string>>> {
    const rows = await this.#memory.readAll(this.#head);
    const state: Record<string, string> = {};
    for (const [name, sealed] of rows) state[name.slice(this.#head.length)] = await this.#open(name, sealed);
    return state;
  }

  /** All of it or nothing. Resolves when it is on disk. */
  async change(values: Readonly<Record<string, string | null>>): Promise<void> {
    const sealed = Object.entries(values).map(async ([name, value]) => {
      const row = this.#head + name;
      return [row, value === null ? undefined : await this.#close(row, value)] as const;
    });
    await this.#memory.change(new Map(await Promise.all(sealed)));
  }

  async wipe(): Promise<void> {
    await this.#forget((await this.#memory.readAll(this.#head)).keys());
  }

  /** What is kept of links that were before this one. */
  async wipeOthers(): Promise<void> {
    const names = [...(await this.#memory.readAll(anyHead)).keys()];
    await this.#forget(names.filter((name) => !name.startsWith(this.#head)));
  }

  async #forget(names: Iterable<string>): Promise<void> {
    await this.#memory.change(new Map([...names].map((name) => [name, undefined])));
  }

  async #close(name: string, text: string): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(nonceBytes));
    const method = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) };
    const sealed = await crypto.subtle.encrypt(method, await this.#key, new TextEncoder().encode(text));
    return Buffer.concat([iv, new Uint8Array(sealed)]).toString("base64");
  }

  async #open(name: string, sealed: string): Promise<string> {
    const bytes = Buffer.from(sealed, "base64");
    const iv = bytes.subarray(0, nonceBytes);
    const method = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) };
    try {
      return new TextDecoder().decode(
        await crypto.subtle.decrypt(method, await this.#key, bytes.subarray(nonceBytes)),
      );
    } catch {
      throw new AppError("config", whatsappWords.sessionUnreadable());
    }
  }
}

/** Whatever was configured as the key: as long as it has enough in it, it is one. */
async function importKey(key: Secret): Promise<CryptoKey> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key.open()));
  return await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}
