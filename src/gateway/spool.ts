import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { systemCode } from "../errors.ts";

/**
 * What is on its way out, as it was when it was sent off: nothing inside a sandbox can change it any more. A folder of ours
 * alone (0700); each file has its name from the key of the reply that it belongs to.
 */
export class Spool {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** On disk when it resolves; the same key again is the same file. */
  async write(key: string, bytes: Uint8Array): Promise<string> {
    const name = new Bun.CryptoHasher("sha256").update(key).digest("hex").slice(0, 40);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const draft = `${this.#folder}/${name}.${crypto.randomUUID()}.tmp`;
    await using file = await open(draft, "wx", 0o600);
    await file.writeFile(bytes);
    await file.sync();
    await rename(draft, `${this.#folder}/${name}`);
    return name;
  }

  /** Undefined: it is gone. */
  async read(name: string): Promise<Uint8Array | undefined> {
    if (!isSpoolName(name)) return undefined;
    try {
      return await Bun.file(`${this.#folder}/${name}`).bytes();
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    if (isSpoolName(name)) await rm(`${this.#folder}/${name}`, { force: true });
  }

  /** What nobody needs and is older than `before`: left by a process that died between a file and its row, or its end. */
  async sweep(needed: ReadonlySet<string>, before: number): Promise<void> {
    for (const name of await readdir(this.#folder).catch((): string[] => [])) {
      if (needed.has(name)) continue;
      const path = `${this.#folder}/${name}`;
      const file = await stat(path).catch(() => undefined);
      if (file !== undefined && file.mtimeMs < before) await rm(path, { force: true });
    }
  }
}

function isSpoolName(name: string): boolean {
  return /^[0-9a-f]{40}$/.test(name);
}
