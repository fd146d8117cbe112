import { AppError } from "../../errors.ts";
import { readArchive } from "../../snapshots/archive-reader.ts";
import { backupWords } from "../../words/english/backup.ts";
import { headName, isSafeName, parseHead, sumsName, type BackupHead } from "./layout.ts";

export interface BackupReader {
  /** Each member but the first and the last, in the order of the file; takes all of `pieces`. */
  readonly take: (path: string, pieces: AsyncIterable<Uint8Array>, mode: number) => Promise<void>;
  readonly isSafe?: (path: string) => boolean;
}

/**
 * Reads a backup once, from its first byte to its last. What was taken counts only when this returns: before that
 * nobody knows whether the rest is there. Throws `AppError("config")` for what is no backup or is not whole.
 */
export async function readBackup(
  path: string,
  { take, isSafe = isSafeName }: BackupReader,
  signal: AbortSignal,
): Promise<BackupHead> {
  const sums = new Map<string, string>();
  let head: BackupHead | undefined;
  let wanted: string | undefined;
  for await (const member of readArchive(Bun.file(path).stream())) {
    signal.throwIfAborted();
    const name = Buffer.from(member.path, "latin1").toString("utf8");
    const body = new CheckedBody(member.body, member.size);
    if (head === undefined) {
      if (name !== headName || member.size > longestHead)
        throw new AppError("config", backupWords.notOne({ path }));
      head = parseHead(await body.text(), path);
    } else if (name === sumsName) {
      wanted = await body.text();
      break;
    } else if (!isSafe(name) || sums.has(name)) {
      throw new AppError("config", backupWords.unsafe({ path, name }));
    } else {
      await take(name, body.pieces(), member.mode);
    }
    if (!body.isWhole) throw new AppError("config", backupWords.damaged({ path }));
    sums.set(name, body.sum());
  }
  if (head === undefined) throw new AppError("config", backupWords.notOne({ path }));
  const found = [...sums].map(([name, sum]) => `${sum}  ${name}\n`).join("");
  if (wanted !== found) throw new AppError("config", backupWords.damaged({ path }));
  return head;
}

const longestHead = 64 * 1024;

/** Knows of a content whether it came whole, and its hash. */
class CheckedBody {
  readonly #pieces: AsyncIterable<Uint8Array>;
  readonly #hasher = new Bun.CryptoHasher("sha256");
  #missing: number;

  constructor(pieces: AsyncIterable<Uint8Array>, size: number) {
    this.#pieces = pieces;
    this.#missing = size;
  }

  get isWhole(): boolean {
    return this.#missing === 0;
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    for await (const piece of this.#pieces) {
      this.#hasher.update(piece);
      this.#missing -= piece.length;
      yield piece;
    }
  }

  async text(): Promise<string> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.pieces()) pieces.push(piece);
    return Buffer.concat(pieces).toString("utf8");
  }

  sum(): string {
    return this.#hasher.digest("hex");
  }
}
