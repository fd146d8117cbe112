import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from "node:fs";
import { systemCode } from "../errors.ts";

/** A content that was kept. */
export interface KeptContent {
  readonly hash: string;
  readonly size: number;
}

/**
 * The bytes of files by their SHA-256, in a folder that no sandbox sees. A content stands there whole or not at all;
 * a death in the middle leaves at most what the next `sweep` takes away. Against a power cut every reader checks the hash.
 */
export class ContentStore {
  readonly #contents: string;
  readonly #incoming: string;
  readonly #mark: string;

  constructor(folder: string) {
    this.#contents = `${folder}/contents`;
    this.#incoming = `${folder}/incoming`;
    this.#mark = `${folder}/unfinished`;
  }

  /** Whether something was begun and not finished: there may be contents that no snapshot needs. */
  get isUnfinished(): boolean {
    return existsSync(this.#mark);
  }

  /** Before the first `keep`. */
  begin(): void {
    mkdirSync(this.#contents, { recursive: true, mode: 0o700 });
    mkdirSync(this.#incoming, { recursive: true, mode: 0o700 });
    closeSync(openSync(this.#mark, "w", 0o600));
  }

  /** When what was kept stands in the database, and what is not needed is gone. */
  finish(): void {
    rmSync(this.#mark, { force: true });
  }

  /** Bytes that the disk has left for us. */
  freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.#contents);
    return bavail * bsize;
  }

  /** Keeps what `pieces` gives, if that are `size` bytes; what comes short is not kept. */
  async keep(pieces: AsyncIterable<Uint8Array>, size: number): Promise<KeptContent | undefined> {
    const draft = `${this.#incoming}/${crypto.randomUUID()}`;
    const hasher = new Bun.CryptoHasher("sha256");
    let written = 0;
    const descriptor = openSync(draft, "wx", 0o600);
    try {
      for await (const piece of pieces) {
        hasher.update(piece);
        for (let at = 0; at < piece.length;) at += writeSync(descriptor, piece, at);
        written += piece.length;
      }
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    } finally {
      closeSync(descriptor);
    }
    if (written !== size) {
      rmSync(draft, { force: true });
      return undefined;
    }
    const hash = hasher.digest("hex");
    this.#adopt(draft, hash, size);
    return { hash, size };
  }

  async keepBytes(bytes: Uint8Array): Promise<KeptContent> {
    const hash = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
    if (this.#sizeOf(hash) === bytes.length) return { hash, size: bytes.length };
    this.begin();
    async function* whole(): AsyncGenerator<Uint8Array> {
      yield bytes;
    }
    return (await this.keep(whole(), bytes.length)) ?? { hash, size: bytes.length };
  }

  /** The bytes, checked; nothing when they are not there or not what they were. */
  async readBytes(hash: string): Promise<Uint8Array | undefined> {
    const file = Bun.file(this.#pathOf(hash));
    if (!(await file.exists())) return undefined;
    const bytes = await file.bytes();
    return new Bun.CryptoHasher("sha256").update(bytes).digest("hex") === hash ? bytes : undefined;
  }

  /** Whether the content is there and still what it was. */
  async isIntact({ hash, size }: KeptContent): Promise<boolean> {
    if (this.#sizeOf(hash) !== size) return false;
    const hasher = new Bun.CryptoHasher("sha256");
    for await (const piece of this.stream(hash)) hasher.update(piece);
    return hasher.digest("hex") === hash;
  }

  /** Piece by piece, unchecked: `isIntact` was asked before. */
  stream(hash: string): AsyncIterable<Uint8Array> {
    return createReadStream(this.#pathOf(hash));
  }

  remove(hashes: Iterable<string>): void {
    for (const hash of hashes) rmSync(this.#pathOf(hash), { force: true });
  }

  /** Removes everything but `needed`. */
  sweep(needed: ReadonlySet<string>): void {
    rmSync(this.#incoming, { recursive: true, force: true });
    for (const shelf of list(this.#contents)) {
      const unneeded = list(`${this.#contents}/${shelf}`).filter((name) => !needed.has(name));
      this.remove(unneeded);
    }
  }

  #adopt(draft: string, hash: string, size: number): void {
    if (this.#sizeOf(hash) === size) return rmSync(draft, { force: true });
    const path = this.#pathOf(hash);
    mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    renameSync(draft, path);
  }

  #sizeOf(hash: string): number | undefined {
    return statSync(this.#pathOf(hash), { throwIfNoEntry: false })?.size;
  }

  #pathOf(hash: string): string {
    return `${this.#contents}/${hash.slice(0, 2)}/${hash}`;
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}
