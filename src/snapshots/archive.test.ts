import { expect, test } from "bun:test";
import { createRandom } from "../../test/fakes/random.ts";
import { readArchive } from "./archive-reader.ts";
import { archiveEnd, toHeader, toPadding } from "./archive-writer.ts";
import type { FileEntry } from "./tree.ts";

function toFile(path: string, size: number): FileEntry {
  const facts = { path, mode: 0o644, modified: "1700000000.000000001", inode: "1", changed: "0", links: 1 };
  return { type: "file", ...facts, size, content: { type: "kept", hash: "" } };
}

function toArchive(files: readonly (readonly [path: string, content: Uint8Array])[]): Uint8Array {
  return Buffer.concat([
    ...files.flatMap(([path, content]) => [
      toHeader(toFile(path, content.length)),
      content,
      toPadding(content.length),
    ]),
    archiveEnd,
  ]);
}

async function readAll(bytes: Uint8Array, chunkSize: () => number) {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length;) {
        const size = chunkSize();
        controller.enqueue(bytes.subarray(at, at + size));
        at += size;
      }
      controller.close();
    },
  });
  const files: (readonly [path: string, content: Uint8Array])[] = [];
  for await (const { path, body } of readArchive(stream)) {
    const pieces: Uint8Array[] = [];
    for await (const piece of body) pieces.push(piece);
    files.push([path, new Uint8Array(Buffer.concat(pieces))]);
  }
  return files;
}

const contents = [0, 1, 511, 512, 513, 70_000].map((size) => new Uint8Array(size).fill(size % 251));
const archive = toArchive(
  contents.map((content, index) => [`${"é/".repeat(index * 40)}f${index}\n`, content]),
);

test("what is written is read back, however the bytes come", async () => {
  const random = createRandom(7);
  for (const size of [() => 1_000_000, () => 1, () => 1 + Math.floor(random() * 2000)]) {
    const files = await readAll(archive, size);
    expect(files.map(([, content]) => content)).toEqual(contents);
    expect(files.map(([path]) => path)).toEqual(
      contents.map((_, index) => `./${"é/".repeat(index * 40)}f${index}\n`),
    );
  }
});

test("an archive that was cut anywhere ends early and never with bytes that were not there", async () => {
  const whole = await readAll(archive, () => 4096);
  for (let end = 0; end < archive.length; end += 97) {
    const files = await readAll(archive.subarray(0, end), () => 4096);
    for (const [index, [path, content]] of files.entries()) {
      expect(path).toBe(whole[index]?.[0] ?? "");
      expect(Buffer.compare(content, (whole[index]?.[1] ?? content).subarray(0, content.length))).toBe(0);
    }
  }
});

test("noise is no archive, and harms nothing", async () => {
  const random = createRandom(11);
  for (let run = 0; run < 50; run++) {
    const noise = Uint8Array.from({ length: 5000 }, () => Math.floor(random() * 256));
    await readAll(noise, () => 1000);
  }
});

test("a file that its reader leaves is passed over", async () => {
  const stream = new Response(archive).body;
  const paths: string[] = [];
  if (stream !== null) for await (const { path } of readArchive(stream)) paths.push(path);
  expect(paths).toHaveLength(contents.length);
});
