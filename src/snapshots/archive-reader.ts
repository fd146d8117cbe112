/** One file of a tar archive. `body` must be read, or left, before the next is asked for. */
export interface ArchivedFile {
  /** The bytes of the name, one character for each. */
  readonly path: string;
  readonly size: number;
  readonly mode: number;
  readonly body: AsyncGenerator<Uint8Array>;
}

const block = 512;
/** Longer than any path that the kernel takes. */
const longestName = 8192;

/**
 * The regular files of a tar archive in GNU's format, as they arrive. Anything else in it is passed over. Ends early
 * with the stream: a file that was cut short ends with an incomplete `body`; and at a header whose own sum is wrong.
 */
export async function* readArchive(stream: ReadableStream<Uint8Array>): AsyncGenerator<ArchivedFile> {
  await using bytes = new ByteReader(stream);
  let longName: string | undefined;
  for (;;) {
    const header = await bytes.take(block);
    if (header === undefined || header[0] === 0 || !isWhole(header)) return;
    const size = readNumber(header.subarray(124, 136));
    const type = String.fromCharCode(header[156] ?? 0);
    const padding = (block - (size % block)) % block;
    if (type === "L" && size <= longestName) {
      longName = toName((await bytes.take(size)) ?? header.subarray(0, 0));
      await bytes.skip(padding);
      continue;
    }
    if (type === "0" || type === "\0") {
      const body = bytes.pieces(size);
      const mode = readNumber(header.subarray(100, 108)) & 0o777;
      yield { path: longName ?? toName(header.subarray(0, 100)), size, mode, body };
      for await (const _rest of body);
      await bytes.skip(padding);
    } else {
      await bytes.skip(size + padding);
    }
    if (type !== "K") longName = undefined;
  }
}

/** The sum of a header counts its own place as blanks. */
function isWhole(header: Uint8Array): boolean {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  return readNumber(header.subarray(148, 156)) === sum;
}

function toName(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString("latin1");
}

/** Octal digits, or in base 256 when the highest bit says so. */
function readNumber(field: Uint8Array): number {
  const [first = 0] = field;
  if ((first & 0x80) === 0) return Number.parseInt(toName(field).trim() || "0", 8);
  return field.subarray(1).reduce((value, byte) => value * 256 + byte, first & 0x7f);
}

/** A stream in portions of any length. */
class ByteReader implements AsyncDisposable {
  readonly #reader;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** Exactly `count` bytes, or nothing when the stream ends before. */
  async take(count: number): Promise<Uint8Array | undefined> {
    const pieces: Uint8Array[] = [];
    let missing = count;
    for await (const piece of this.pieces(count)) {
      pieces.push(piece);
      missing -= piece.length;
    }
    if (missing > 0) return undefined;
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }

  async skip(count: number): Promise<void> {
    for await (const _piece of this.pieces(count));
  }

  /** The next `count` bytes as they come; fewer when the stream ends. What the reader leaves is still to come. */
  async *pieces(count: number): AsyncGenerator<Uint8Array> {
    for (let missing = count; missing > 0;) {
      if (this.#chunk.length === 0) {
        const { done, value } = await this.#reader.read();
        if (done) return;
        this.#chunk = value;
        continue;
      }
      const piece = this.#chunk.subarray(0, missing);
      this.#chunk = this.#chunk.subarray(piece.length);
      missing -= piece.length;
      yield piece;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
  }
}
