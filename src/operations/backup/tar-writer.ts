import type { FileHandle } from "node:fs/promises";

const block = 512;
const shortName = 100;

/** One file in an archive: what to call it, and who may do what with it. */
export interface Member {
  readonly path: string;
  readonly mode: number;
}

/**
 * Writes a tar archive into an open file, member by member; each may be as long as it turns out to be, since its header
 * is put in place behind it. Any tar reads the result.
 */
export class TarWriter {
  readonly #file: FileHandle;
  readonly #seconds: number;
  #at = 0;

  constructor(file: FileHandle, now: number) {
    this.#file = file;
    this.#seconds = Math.floor(now / 1000);
  }

  /** Resolves with the SHA-256 of what `pieces` gave. */
  async add(member: Member, pieces: AsyncIterable<Uint8Array>): Promise<string> {
    const name = Buffer.from(member.path);
    if (name.length >= shortName) await this.#write(this.#toLongName(name));
    const headerAt = this.#at;
    await this.#write(Buffer.alloc(block));
    const hasher = new Bun.CryptoHasher("sha256");
    let size = 0;
    for await (const piece of pieces) {
      hasher.update(piece);
      size += piece.length;
      await this.#write(piece);
    }
    await this.#write(new Uint8Array(toPadding(size)));
    const header = this.#toHeader({ name, type: "0", size, mode: member.mode });
    await this.#file.write(header, 0, block, headerAt);
    return hasher.digest("hex");
  }

  async finish(): Promise<void> {
    await this.#write(Buffer.alloc(2 * block));
    await this.#file.sync();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length;) {
      const { bytesWritten } = await this.#file.write(bytes, from, bytes.length - from, this.#at);
      from += bytesWritten;
      this.#at += bytesWritten;
    }
  }

  #toLongName(name: Buffer): Uint8Array {
    const text = Buffer.concat([name, Buffer.alloc(1)]);
    const link = Buffer.from("././@LongLink");
    const header = this.#toHeader({ name: link, type: "L", size: text.length, mode: 0o600 });
    return Buffer.concat([header, text, Buffer.alloc(toPadding(text.length))]);
  }

  #toHeader({ name, type, size, mode }: Header): Buffer {
    const header = Buffer.alloc(block);
    name.copy(header, 0, 0, shortName);
    header.write(toOctal(mode, 7), 100);
    header.write(toOctal(0, 7), 108);
    header.write(toOctal(0, 7), 116);
    putSize(header, size);
    header.write(toOctal(this.#seconds, 11), 136);
    header.write(" ".repeat(8), 148);
    header.write(type, 156);
    header.write("ustar  \0", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${toOctal(sum, 6)}\0 `, 148);
    return header;
  }
}

interface Header {
  readonly name: Buffer;
  readonly type: string;
  readonly size: number;
  readonly mode: number;
}

const sizeAt = 124;
const largestOctal = 8 ** 11 - 1;

/** Octal digits, as everybody reads them; from 8 GB on GNU's way. */
function putSize(header: Buffer, size: number): void {
  if (size <= largestOctal) {
    header.write(toOctal(size, 11), sizeAt);
    return;
  }
  header[sizeAt] = 0x80;
  header.writeBigUInt64BE(BigInt(size), sizeAt + 4);
}

function toPadding(size: number): number {
  return (block - (size % block)) % block;
}

function toOctal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
