import { expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { SecretFinder } from "../egress/secret-finder.ts";
import { findInFile } from "./scan-file.ts";

const key = "sk-ant-api03-Zx9Q7vLm2Rk4Tn8Wp1Yc6Hd3Jf5Gb0Sa";
const finder = new SecretFinder([
  { name: "KEY", value: key },
  { name: "SHORT", value: "tür-7788" },
]);
const find = async (bytes: string | Uint8Array): Promise<readonly string[]> =>
  await findInFile(typeof bytes === "string" ? Buffer.from(bytes) : bytes, finder);

test.each([
  ["as it is", Buffer.from(key)],
  ["in Base64", Buffer.from(Buffer.from(`x ${key}`).toString("base64"))],
  ["in hexadecimal", Buffer.from(Buffer.from(key).toString("hex"))],
  ["in letters of two bytes", Buffer.from(key, "utf16le")],
  ["backwards", Buffer.from(Array.from(key).toReversed().join(""))],
  ["with blanks between", Buffer.from(Array.from(key).join(" "))],
  ["as a part", Buffer.from(`<${key.slice(13, 34)}>`)],
])(
  "a secret %s is found at the beginning, in the middle, across windows and at the end of a file",
  async (_, form) => {
    const size = 600_000;
    for (const at of [0, 1000, 256 * 1024 - 20, 512 * 1024 - 1, size - form.length]) {
      const file = Buffer.alloc(size, 0x2e);
      form.copy(file, at);
      expect(await find(file)).toEqual(["KEY"]);
    }
  },
);

test("a short one is found whole, in either way of writing, and no part of it is", async () => {
  expect(await find("a tür-7788 b")).toEqual(["SHORT"]);
  expect(await find(Buffer.from("a tür-7788 b", "utf16le"))).toEqual(["SHORT"]);
  expect(await find("a tür-778 b")).toEqual([]);
});

test("noise, words and what is packed hold none", async () => {
  const noise = crypto.getRandomValues(new Uint8Array(65_536));
  for (const file of [
    noise,
    Buffer.from("The quick brown fox. ".repeat(5000)),
    new Uint8Array(),
    gzipSync(key),
  ])
    expect(await find(file)).toEqual([]);
});

test("others get their turn while a large file is looked through", async () => {
  let turns = 0;
  const turn = (): void => {
    turns++;
    again = setImmediate(turn);
  };
  let again = setImmediate(turn);
  await find(new Uint8Array(2_000_000));
  clearImmediate(again);
  expect(turns).toBeGreaterThan(5);
});
