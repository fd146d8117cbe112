import { expect, test } from "bun:test";
import { createRandom } from "../../test/fakes/random.ts";
import { Scrubber } from "./scrub.ts";

const secret = 'ghp/canary+0123?89=é"';
const bytes = Buffer.from(secret);

/** In pieces of up to `most` bytes. */
async function scrub(
  body: Buffer,
  most: number,
  random: () => number,
  scrubber = new Scrubber(secret),
): Promise<Buffer> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < body.length;) {
        const length = 1 + Math.floor(random() * most);
        controller.enqueue(body.subarray(at, at + length));
        at += length;
      }
      controller.close();
    },
  });
  return Buffer.from(await new Response(stream.pipeThrough(scrubber.stream())).arrayBuffer());
}

const forms: readonly (readonly [string, string])[] = [
  ["as it is", secret],
  ["in a URL", encodeURIComponent(secret)],
  [
    "in a URL with small digits",
    encodeURIComponent(secret).replaceAll(/%../g, (digits) => digits.toLowerCase()),
  ],
  ["in JSON", JSON.stringify(secret).slice(1, -1)],
  ["in JSON of PHP", JSON.stringify(secret).slice(1, -1).replaceAll("/", "\\/")],
  ["in HTML", secret.replaceAll('"', "&quot;")],
  ["in Base64", bytes.toString("base64")],
  ["in Base64 for URLs", bytes.toString("base64url")],
  ["in Base64 behind one byte", Buffer.from(`:${secret}`).toString("base64").slice(4, -4)],
  ["in Base64 amid others", Buffer.from(`user:${secret}:and more`).toString("base64")],
  ["in hexadecimal", bytes.toString("hex")],
  ["in HEXADECIMAL", bytes.toString("hex").toUpperCase()],
];

test.each(forms)(
  "%s it does not come through, wherever the pieces are cut, and the length stays",
  async (_, form) => {
    const random = createRandom(7);
    const body = Buffer.from(`before ${form} between ${form}${form} after`);
    for (let round = 0; round < 200; round++) {
      const clean = await scrub(body, 1 + (round % 40), random);
      expect(clean.includes(form)).toBe(false);
      expect(clean.length).toBe(body.length);
      // Of Base64, what depends on its neighbours may stay: some characters at its ends.
      const left = clean.toString().replaceAll("*", "").length - "before  between  after".length;
      expect(left).toBeLessThanOrEqual(3 * 24);
    }
    // Without the net it would.
    const other = await scrub(body, 9, random, new Scrubber("another-secret-entirely"));
    expect(other.equals(body)).toBe(true);
  },
);

test("what is no secret comes through byte for byte, also its beginning", async () => {
  const random = createRandom(11);
  for (let round = 0; round < 300; round++) {
    const body = Buffer.from(
      Array.from({ length: 300 }, () =>
        random() < 0.2
          ? secret.slice(0, Math.floor(random() * (secret.length - 1)))
          : String.fromCharCode(random() * 256),
      ).join(""),
    );
    if (body.includes(secret)) continue;
    expect((await scrub(body, 13, random)).equals(body)).toBe(true);
  }
});

test("letters above ASCII do not come through as single bytes either", async () => {
  const clean = await scrub(Buffer.from(`you are ${secret}!`, "latin1"), 5, createRandom(3));
  expect(clean.toString("latin1")).toBe(`you are ${"*".repeat(secret.length)}!`);
});

test("a line that is whole goes on at once, and what is not whole waits for what follows", async () => {
  const { readable, writable } = new Scrubber(secret).stream();
  const [writer, reader] = [writable.getWriter(), readable.getReader()];
  void writer.write(Buffer.from("data: one\n\n"));
  expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe("data: one\n\n");
  void writer.write(Buffer.from("data: gh"));
  void writer.write(Buffer.from("ost\n\n"));
  expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe("data: ghost\n\n");
  await writer.close();
});

test("what is held back says nothing about the secret: a right guess waits as long as a wrong one", async () => {
  async function cut(text: string): Promise<readonly number[]> {
    const { readable, writable } = new Scrubber(secret).stream();
    const writer = writable.getWriter();
    void writer.write(Buffer.from(text)).then(() => writer.close());
    const lengths: number[] = [];
    for await (const part of readable) lengths.push(part.length);
    return lengths;
  }
  for (const before of ["", "you said: ", `${"x".repeat(200)} `]) {
    for (const length of [1, 5, 12]) {
      const right = secret.slice(0, length);
      expect(await cut(before + right)).toEqual(await cut(before + "#".repeat(length)));
    }
  }
});
