import { createParser } from "eventsource-parser";
import { expect, test } from "bun:test";
import { EventStream } from "./event-stream.ts";

const bytes = new TextEncoder();

test.each([
  ["plain events", "data: a\n\ndata: b\n\n", ["a", "b"]],
  ["carriage returns", "data: a\r\n\r\ndata: b\r\rdata: c\n\n", ["a", "b", "c"]],
  ["comments, names and ids", ": hi\nevent: x\nid: 1\nretry: 5\ndata: a\n\n: bye\n\n", ["a"]],
  ["several lines of data", "data: a\ndata: b\n\n", ["a\nb"]],
  ["no space behind the colon", "data:a\n\ndata:  b\n\n", ["a", " b"]],
  ["data without a value", "data\n\n", [""]],
  ["other fields that begin with data", "database: x\n\n", []],
  ["a last event without its blank line", "data: a\n\ndata: b", ["a", "b"]],
  ["a byte order mark and letters of several bytes", "\ufeffdata: Zürich 🌧 – 東京\n\n", ["Zürich 🌧 – 東京"]],
])("it reads %s, however the bytes are cut", (_, text, events) => {
  const all = bytes.encode(text);
  for (let cut = 0; cut <= all.length; cut++) {
    const stream = new EventStream();
    const read = [...stream.push(all.subarray(0, cut)), ...stream.push(all.subarray(cut)), ...stream.end()];
    expect(read).toEqual(events);
  }
  const stream = new EventStream();
  const read = Array.from(all).flatMap((byte) => stream.push(Uint8Array.of(byte)));
  expect([...read, ...stream.end()]).toEqual(events);
});

test("it agrees with the reference parser on streams of random pieces", () => {
  const pieces = [
    "data: x",
    "data:y",
    "data",
    ": c",
    "event: e",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "é🙂",
    "id: 3",
    " ",
  ];
  let seed = 1;
  for (let round = 0; round < 3000; round++) {
    let text = "";
    for (let n = 0; n < 12; n++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      text += pieces[seed % pieces.length];
    }
    // The standard drops an event without its blank line; both get one.
    text += "\n\n";
    const expected: string[] = [];
    const parser = createParser({ onEvent: (event) => expected.push(event.data) });
    parser.feed(text);
    const stream = new EventStream();
    expect([...stream.push(bytes.encode(text)), ...stream.end()]).toEqual(expected);
  }
});

test("an event beyond reason is refused before it fills the memory", () => {
  const stream = new EventStream();
  const piece = bytes.encode(`data: ${"x".repeat(1024 * 1024)}`);
  expect(() => {
    for (let n = 0; n < 64; n++) stream.push(piece);
  }).toThrow(RangeError);
});
