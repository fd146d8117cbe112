import { expect, test } from "bun:test";
import { MarkdownStyler } from "./markdown-styler.ts";

const sample =
  "# Title\n\nSome **bold** and `code **not bold**` words, 2*3, a ** b.\n\n```ts\nconst a = `x`; // **no**\n```\nafter `` ` ``\n## End";

function styleInChunks(text: string, size: number): string {
  const styler = new MarkdownStyler();
  let styled = "";
  for (let place = 0; place < text.length; place += size)
    styled += styler.push(text.slice(place, place + size));
  return styled + styler.end();
}

test("every character stays, however it streams", () => {
  for (let size = 1; size < 40; size++) expect(Bun.stripANSI(styleInChunks(sample, size))).toBe(sample);
});

test("no piece leaves a style on behind it", () => {
  const styler = new MarkdownStyler();
  for (const chunk of ["# Ti", "tle\n", "**bo", "ld**", "\n```\nco", "de\n"]) {
    const styled = styler.push(chunk);
    if (styled.includes("\u001b["))
      expect(styled.lastIndexOf("\u001b[0m")).toBe(styled.lastIndexOf("\u001b["));
  }
});

test("headings and bold text are bold, code is coloured", () => {
  expect(styleInChunks("# Hi\n", 99)).toContain("\u001b[1m# Hi");
  expect(styleInChunks("a **b** c", 99)).toBe("a \u001b[1m**b**\u001b[0m c");
  expect(styleInChunks("a `b` c", 99)).toBe("a \u001b[36m`b`\u001b[0m c");
});

test("a stray mark colours its own line at most", () => {
  expect(styleInChunks("a `b\nc", 99)).toEndWith("\u001b[0m\nc");
});

test("inside a fence nothing is marked", () => {
  expect(styleInChunks("```\n# no **no**\n```\nx", 99)).not.toContain("\u001b[1m");
});
