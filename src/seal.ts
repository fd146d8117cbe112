import { AppError } from "./errors.ts";
import { readPrivateFile } from "./private-file.ts";
import { homeWords } from "./words/english/home.ts";

/** What stands before a sealed text: the kind of seal, so that another can follow it. */
const mark = "sealed:1:";
const nonceBytes = 12;

export function isSealed(text: string): boolean {
  return text.startsWith(mark);
}

/**
 * Seals texts with AES-256-GCM under a key in a file of its own, 0600, made at the first use. It keeps a copy of the sealed file
 * alone from giving anything away (a backup, a synchronised folder); who reads both files, as the owner's own programs can, opens it.
 */
export class Seal {
  readonly #keyPath: string;
  /** Read once: a seal lives as long as one look at the file. */
  #known: Promise<CryptoKey | undefined> | undefined;

  constructor(keyPath: string) {
    this.#keyPath = keyPath;
  }

  /**
   * `name` is bound to it: under another name it does not open. A key that is gone is made anew only when nothing waits for the
   * old one to come back.
   */
  async close(name: string, text: string, { mayMakeKey }: { readonly mayMakeKey: boolean }): Promise<string> {
    const known = await this.#readKey();
    if (known === undefined && !mayMakeKey) throw this.#broken(name, "no-key");
    const key = known ?? (await this.#makeKey());
    const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
    const sealed = await crypto.subtle.encrypt(toMethod(nonce, name), key, new TextEncoder().encode(text));
    return mark + Buffer.concat([nonce, new Uint8Array(sealed)]).toString("base64");
  }

  /** Throws `AppError("config")` for what was changed, cut, or sealed with another key; never with a part of it. */
  async open(name: string, sealed: string): Promise<string> {
    const key = await this.#readKey();
    if (key === undefined) throw this.#broken(name, "no-key");
    const bytes = Buffer.from(sealed.slice(mark.length), "base64");
    const nonce = bytes.subarray(0, nonceBytes);
    try {
      const text = await crypto.subtle.decrypt(toMethod(nonce, name), key, bytes.subarray(nonceBytes));
      return new TextDecoder("utf-8", { fatal: true }).decode(text);
    } catch {
      throw this.#broken(name, "changed");
    }
  }

  #broken(name: string, fault: "no-key" | "changed"): AppError {
    return new AppError("config", homeWords.secretSealed({ name, fault, key: this.#keyPath }));
  }

  #readKey(): Promise<CryptoKey | undefined> {
    this.#known ??= this.#loadKey();
    return this.#known;
  }

  async #loadKey(): Promise<CryptoKey | undefined> {
    const text = await readPrivateFile(this.#keyPath, { mayOthersRead: false });
    if (text === undefined) return undefined;
    const bytes = Buffer.from(text, "base64");
    if (bytes.length !== 32) throw new AppError("config", homeWords.sealKeyBroken({ key: this.#keyPath }));
    return await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  /** Two that begin at once end with the same key. */
  async #makeKey(): Promise<CryptoKey> {
    const { makePrivateFile } = await import("./write-private-file.ts");
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    makePrivateFile(this.#keyPath, `${Buffer.from(bytes).toString("base64")}\n`);
    this.#known = undefined;
    const key = await this.#readKey();
    if (key === undefined) throw new AppError("config", homeWords.sealKeyBroken({ key: this.#keyPath }));
    return key;
  }
}

function toMethod(iv: Uint8Array<ArrayBuffer>, name: string) {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(`nanoclaw ${name}`) } as const;
}
