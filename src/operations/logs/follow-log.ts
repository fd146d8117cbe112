import { watch } from "node:fs";
import { mkdir, open, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { systemCode } from "../../errors.ts";

const pieceBytes = 64 * 1024;

/** The system may tell once of all that is written within a moment, and at its beginning: so we look again, twice, after each word of it. */
const settlingMs: readonly number[] = [20, 200];

/**
 * The lines that are added to the log from byte `from` on, also across its rotation: the system says when something was
 * written, nothing is asked in between. Ends only with `signal`, whose reason it throws.
 */
export async function* followLog(path: string, from: number, signal: AbortSignal): AsyncGenerator<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  let news = Promise.withResolvers<void>();
  const watcher = watch(dirname(path), (_, name) => {
    if (name === null || name.startsWith(basename(path))) news.resolve();
  });
  const wake = (): void => news.resolve();
  watcher.on("error", wake);
  signal.addEventListener("abort", wake, { once: true });
  let tail: Tail | undefined;
  // Where there is no log yet, what has been put aside by then is old; what is put aside later is not.
  let old: ReadonlySet<number> | undefined;
  let looks = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      news = Promise.withResolvers<void>();
      if (signal.aborted) continue;
      if (tail === undefined && old === undefined) {
        old = new Set((await listFiles(path)).map(({ inode }) => inode));
        tail = await openTail(path, from);
      } else if (tail === undefined) {
        const first = (await listFiles(path)).findLast(({ inode }) => old?.has(inode) !== true);
        tail = await openFile(first);
        // It was put aside between the look and the opening.
        if (first !== undefined && tail === undefined) continue;
      }
      if (tail !== undefined) {
        const before = tail.read;
        yield* tail.readLines();
        if (tail.read !== before) looks = 0;
        const next = await findNext(path, tail);
        if (next !== undefined) {
          // What was written between the last read and the rotation.
          yield* tail.readLines();
          const opened = await openFile(next);
          if (opened === undefined) continue;
          await tail.close();
          tail = opened;
          continue;
        }
      }
      looks = (await isNews(news.promise, settlingMs[looks])) ? 0 : looks + 1;
    }
  } finally {
    signal.removeEventListener("abort", wake);
    watcher.close();
    await tail?.close();
  }
}

/** False: `ms` are over. Without them it waits as long as it takes. */
async function isNews(news: Promise<void>, ms: number | undefined): Promise<boolean> {
  if (ms === undefined) return await news.then(() => true);
  const over = Promise.withResolvers<false>();
  const timer = setTimeout(() => over.resolve(false), ms);
  try {
    return await Promise.race([news.then(() => true), over.promise]);
  } finally {
    clearTimeout(timer);
  }
}

interface LogFile {
  readonly path: string;
  readonly inode: number;
}

/** The file that came after this one, if it was put aside; the oldest there is if it is gone. */
async function findNext(path: string, tail: Tail): Promise<LogFile | undefined> {
  const files = await listFiles(path);
  const own = files.findIndex(({ inode }) => inode === tail.inode);
  return own === -1 ? files.at(-1) : files[own - 1];
}

/** The newest first. Between two names of a rotation the current file is missing for an instant; its making wakes us. */
async function listFiles(path: string): Promise<readonly LogFile[]> {
  const files: LogFile[] = [];
  for (let age = 0; ; age++) {
    const candidate = age === 0 ? path : `${path}.${age}`;
    const inode = await findInode(candidate);
    if (inode === undefined && age > 0) return files;
    if (inode !== undefined && files.every((file) => file.inode !== inode))
      files.push({ path: candidate, inode });
  }
}

/** Nothing when another file has that name by now. */
async function openFile(file: LogFile | undefined): Promise<Tail | undefined> {
  const tail = file === undefined ? undefined : await openTail(file.path, 0);
  if (tail === undefined || tail.inode === file?.inode) return tail;
  await tail.close();
  return undefined;
}

async function findInode(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).ino;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function openTail(path: string, from: number): Promise<Tail | undefined> {
  try {
    const handle = await open(path, "r");
    return new Tail(handle, (await handle.stat()).ino, from);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** A file that grows. */
class Tail {
  readonly inode: number;
  readonly #handle: FileHandle;
  #at: number;
  #rest: Buffer = Buffer.alloc(0);

  constructor(handle: FileHandle, inode: number, at: number) {
    this.#handle = handle;
    this.inode = inode;
    this.#at = at;
  }

  /** How far it was read. */
  get read(): number {
    return this.#at;
  }

  /** The whole lines that it holds now and that were not read yet. */
  async *readLines(): AsyncGenerator<string> {
    // Somebody emptied it.
    if ((await this.#handle.stat()).size < this.#at) this.#at = 0;
    const piece = Buffer.alloc(pieceBytes);
    for (;;) {
      const { bytesRead } = await this.#handle.read(piece, 0, pieceBytes, this.#at);
      if (bytesRead === 0) return;
      this.#at += bytesRead;
      const bytes = Buffer.concat([this.#rest, piece.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf(0x0a) + 1;
      this.#rest = bytes.subarray(end);
      yield* bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
