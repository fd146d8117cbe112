import { expect, test } from "bun:test";
import { createPairingText, hashPairingCode, hashPossibleCodes, parsePairingCode } from "./pairing-code.ts";

test("codes are eight letters of thirty-two that are not mistaken for each other, and none comes twice", () => {
  const codes = Array.from({ length: 5000 }, createPairingText);
  for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(new Set(codes).size).toBe(codes.length);
  const letters = new Set(codes.join("").replaceAll("-", ""));
  expect(letters.size).toBe(32);
});

test.each([
  "K7QM-3FT0",
  "k7qm3ft0",
  " K7QM 3FT0\n",
  "K7QM–3FTO",
  "k7qm\u200B-3fto",
  "Ｋ７ＱＭ－３ＦＴ０",
  "`K7QM-3FT0`",
  "“K7QM-3FT0”.",
  "/start K7QM-3FT0",
  "/start@andy_bot k7qm-3ft0",
])("%j is the code that was printed as K7QM-3FT0", (typed) => {
  expect(parsePairingCode(typed)).toEqual({ code: "K7QM3FT0", isDeliberate: true });
});

test.each([
  "",
  "/start",
  "K7QM-3FT",
  "K7QM-3FT0X",
  "K7QM-3FT0 K7QM-3FT0",
  "my code is K7QM-3FT0",
  "/startK7QM-3FT0",
  "/stop K7QM-3FT0",
  "K7QM-3FTU",
  "K7QM-3FT0".padStart(300),
])("%j is no code that stands alone", (typed) => {
  expect(parsePairingCode(typed)).toBeUndefined();
});

test("a word of eight letters or a date may be a code, but is not meant to be one", () => {
  expect(parsePairingCode("tomorrow")).toEqual({ code: "T0M0RR0W", isDeliberate: false });
  expect(parsePairingCode("2026 1126")?.isDeliberate).toBe(false);
  expect(parsePairingCode("/start tomorrow")?.isDeliberate).toBe(true);
});

test("a code is found wherever it hides in a text", () => {
  const hash = hashPairingCode("K7QM3FT0");
  for (const text of [
    "here you go: K7QM-3FT0!",
    "xxK7QM-3FT0xx",
    "K7QM\n3FT0",
    "k7qm · 3fto",
    "a b c K7QM—3FT0 d",
    "AAAAK7QM3FT0",
    "*K7QM-*3FT0",
  ]) {
    expect(hashPossibleCodes(text)).toContain(hash);
  }
  expect(hashPossibleCodes("K7QM and then 3FT0")).not.toContain(hash);
});
