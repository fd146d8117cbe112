import { expect, test } from "bun:test";
import jsQR from "jsqr";
import { drawQrCode } from "./draw-qr.ts";

/** What a camera sees of the terminal's lines, eight pixels a module, and what it reads. */
function scan(drawn: string, isInverted: boolean): string | undefined {
  // oxlint-disable-next-line no-control-regex -- colours begin with one
  const lines = drawn
    .replace(/\u001b\[[0-9;]*m/g, "")
    .split("\n")
    .slice(0, -1);
  const rows = lines.flatMap((line) => {
    const characters = Array.from(line);
    return [
      characters.map((character) => "█▀".includes(character)),
      characters.map((character) => "█▄".includes(character)),
    ];
  });
  const scale = 8;
  const width = (rows[0]?.length ?? 0) * scale;
  const height = rows.length * scale;
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isInk = rows[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true;
      pixels.fill(isInk === isInverted ? 255 : 0, (y * width + x) * 4, (y * width + x) * 4 + 3);
      pixels[(y * width + x) * 4 + 3] = 255;
    }
  }
  return jsQR(pixels, width, height, { inversionAttempts: "dontInvert" })?.data;
}

test("a camera reads what was drawn, at every size, with colour and without", () => {
  for (const length of [1, 17, 18, 40, 60, 100, 130, 150, 190, 230, 231, 271, 272, 321, 322, 367, 368, 425]) {
    const text = `https://t.me/bot?start=${"aB3-_".repeat(90)}`.slice(0, length);
    expect(scan(drawQrCode(text, { columns: 200, hasColor: true }) ?? "", false)).toBe(text);
    expect(scan(drawQrCode(text, { columns: 200, hasColor: false }) ?? "", true)).toBe(text);
  }
  const words = "Grüße 你好 🙂";
  expect(scan(drawQrCode(words, { columns: 80, hasColor: true }) ?? "", false)).toBe(words);
});

test("what does not fit is not drawn", () => {
  expect(drawQrCode("https://t.me/bot", { columns: 20, hasColor: true })).toBeUndefined();
  expect(drawQrCode("x".repeat(426), { columns: 500, hasColor: true })).toBeUndefined();
});
