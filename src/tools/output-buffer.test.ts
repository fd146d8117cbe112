import { expect, test } from "bun:test";
import { OutputBuffer } from "./output-buffer.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("what fits comes back whole, however it arrived", () => {
  const text = "grüße 漢字 👍\n".repeat(20);
  for (const size of [1, 2, 3, 7, 1000]) {
    const buffer = new OutputBuffer(200, 400);
    const all = bytes(text);
    for (let from = 0; from < all.length; from += size) buffer.add(all.subarray(from, from + size));
    expect(buffer.text()).toBe(text);
    expect(buffer.dropped).toBe(0);
  }
});

test("beyond its limits it keeps the head and the tail and counts the rest", () => {
  for (const size of [1, 3, 10, 64, 5000]) {
    const buffer = new OutputBuffer(10, 20);
    const all = bytes(Array.from({ length: 1000 }, (_, index) => String(index % 10)).join(""));
    for (let from = 0; from < all.length; from += size) buffer.add(all.subarray(from, from + size));
    expect(buffer.total).toBe(1000);
    expect(buffer.dropped).toBe(970);
    expect(buffer.text()).toBe("0123456789\n[970 bytes of output dropped here]\n01234567890123456789");
  }
});

test("without a tail it keeps the head alone", () => {
  const buffer = new OutputBuffer(4, 0);
  buffer.add(bytes("abcdef"));
  buffer.add(bytes("gh"));
  expect(new TextDecoder().decode(buffer.head())).toBe("abcd");
  expect(buffer.dropped).toBe(4);
});
