import { appendFile, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

const maxEntries = 1000;
/** A pasted book is no history: it is not written down. */
const maxEntryLength = 10_000;

export interface HistoryMatch {
  readonly place: number;
  readonly text: string;
  /** Where in it the words stand. */
  readonly at: number;
}

/**
 * What was typed before, oldest first; one JSON string a line in a file that only its owner reads. A history that
 * cannot be read or written is an empty one: it is never worth an error.
 */
export class PromptHistory {
  readonly #path: string;
  readonly #entries: string[];
  #place: number;
  #draft = "";
  #hasBook = false;
  #saving: Promise<void> = Promise.resolve();

  constructor(path: string, entries: readonly string[]) {
    this.#path = path;
    this.#entries = [...entries];
    this.#place = this.#entries.length;
  }

  /** Like a shell, it forgets a line that begins with a space, and a repetition. A pasted book stays until the next line. */
  add(text: string): void {
    if (this.#hasBook) this.#entries.pop();
    this.#hasBook = false;
    const isWanted = text.trim() !== "" && !text.startsWith(" ");
    if (isWanted && text !== this.#entries.at(-1)) {
      this.#entries.push(text);
      this.#hasBook = text.length > maxEntryLength;
      if (!this.#hasBook) this.#saving = this.#append(text, this.#saving);
    }
    this.leave();
  }

  /** Resolves when all of it is in the file. Never rejects. */
  async saved(): Promise<void> {
    await this.#saving;
  }

  /** The entry before the one shown; `shown` is kept for the way back. */
  older(shown: string): string | undefined {
    if (this.#place === 0) return undefined;
    if (this.#place === this.#entries.length) this.#draft = shown;
    this.#place -= 1;
    return this.#entries[this.#place];
  }

  /** The next way back begins at the newest again. */
  leave(): void {
    this.#place = this.#entries.length;
  }

  newer(): string | undefined {
    if (this.#place === this.#entries.length) return undefined;
    this.#place += 1;
    return this.#place === this.#entries.length ? this.#draft : this.#entries[this.#place];
  }

  /** The newest entry older than `before` (a place given earlier; the newest of all without) that holds `words`. */
  search(words: string, before: number = this.#entries.length): HistoryMatch | undefined {
    // Small letters mean large ones too, as people expect of a search.
    const fold = words === words.toLowerCase();
    for (let place = Math.min(before, this.#entries.length) - 1; place >= 0; place--) {
      const text = this.#entries[place] ?? "";
      const at = (fold ? text.toLowerCase() : text).indexOf(words);
      if (at !== -1) return { place, text, at: Math.min(at, text.length) };
    }
    return undefined;
  }

  /** The file keeps the order in which was typed. */
  async #append(text: string, before: Promise<void>): Promise<void> {
    await before;
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      await appendFile(this.#path, `${JSON.stringify(text)}\n`, { mode: 0o600 });
    } catch {
      // It stays in memory.
    }
  }
}

export async function loadHistory(path: string): Promise<PromptHistory> {
  let lines: string[];
  try {
    lines = (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");
  } catch {
    return new PromptHistory(path, []);
  }
  const kept = lines.slice(-maxEntries);
  if (lines.length > 2 * maxEntries) await rewrite(path, kept);
  return new PromptHistory(path, kept.flatMap(parseEntry));
}

async function rewrite(path: string, lines: readonly string[]): Promise<void> {
  const next = `${path}.${process.pid}.next`;
  try {
    await writeFile(next, `${lines.join("\n")}\n`, { mode: 0o600, flag: "wx" });
    await rename(next, path);
  } catch {
    // The long one stays.
  }
}

function parseEntry(line: string): string[] {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "string" ? [entry] : [];
  } catch {
    return [];
  }
}
