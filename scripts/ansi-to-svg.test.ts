import { expect, test } from "bun:test";
import { toSvg } from "./ansi-to-svg.ts";

/** Class, column's x and text of each stretch. */
function read(screen: string): (string | undefined)[][] {
  const svg = toSvg(screen, { columns: 40, title: "t" });
  return [
    ...svg.matchAll(
      /<text x="([\d.]+)" y="[\d.]+"(?: class="([^"]*)")? textLength="[\d.]+"[^>]*>([^<]*)<\/text>/g,
    ),
  ].map(([, x, look, text]) => [x, look, text]);
}

test("each look is a stretch of its own, at its column", () => {
  expect(read("plain \u001b[1mbold\u001b[0m \u001b[2;36mdim cyan\u001b[39m dim\u001b[22m end")).toEqual([
    ["18.0", undefined, "plain"],
    ["68.4", "bold", "bold"],
    ["110.4", "cyan dim", "dim cyan"],
    ["186.0", "dim", "dim"],
    ["219.6", undefined, "end"],
  ]);
});

test("a look goes on over the end of a row; wide characters take two columns", () => {
  expect(read("\u001b[31mred\nstill\u001b[0m 小明 x")).toEqual([
    ["18.0", "red", "red"],
    ["18.0", "red", "still"],
    ["68.4", undefined, "小明 x"],
  ]);
});

test("links, other sequences and markup are drawn as nothing but their text", () => {
  expect(read("\u001b]8;;https://example.com\u0007a <b> & c\u001b]8;;\u0007\u001b[?25l")).toEqual([
    ["18.0", undefined, "a &lt;b&gt; &amp; c"],
  ]);
});
