type Random = (below: number) => number;

const words = [
  "word",
  "a",
  "longer-than-usual",
  "日本語のテキスト、です。",
  "👩‍👩‍👧‍👦",
  "e\u0301te\u0301",
  "❤️",
  "שלום",
  "snake_case_name",
  "2*3",
  "**bold**",
  "*it al*",
  "***both***",
  "**open",
  "close**",
  "_x_",
  "`code`",
  "`open",
  "``a`b``",
  "~~gone~~",
  "[text](https://example.com/a_b)",
  "[te xt](https://example.com/a 'title')",
  "[open",
  "](",
  "![image](https://example.com/i.png)",
  "https://example.com/some/long/path_that_goes_on?and=on",
  "<https://a.example>",
  "[https://bank.example](https://evil.example)",
  "&amp;",
  "\\*",
  "<br>",
  "x".repeat(90),
  "|",
  "!",
  "#",
];

const starts = [
  "",
  "",
  "",
  "",
  "# ",
  "### ",
  "- ",
  "* ",
  "  - ",
  "    - ",
  "1. ",
  "2) ",
  "10. ",
  "   ",
  "> ",
  "> > ",
  "> - ",
  "- > ",
  "- [x] ",
  "- [ ] ",
  "\t",
  "    ",
  "-",
  "---",
  "***",
  "===",
  "```",
  "```ts",
  "~~~",
  "| a | b |",
  "|---|:-:|",
  "| x",
  "a | b",
  "--|--",
];

/** Whatever a model may write, and worse. */
export function createMarkdown(random: Random): string {
  const lines = Array.from({ length: 1 + random(14) }, () => createLine(random));
  return lines.join("\n") + (random(2) === 0 ? "\n" : "");
}

function createLine(random: Random): string {
  const kind = random(12);
  if (kind === 0) return "";
  if (kind === 1) return createBlock(random);
  const count = kind === 2 ? 60 + random(160) : random(9);
  return pick(starts, random) + Array.from({ length: count }, () => pick(words, random)).join(" ");
}

function createBlock(random: Random): string {
  if (random(2) === 0) {
    const code = Array.from(
      { length: random(5) },
      () => `\tconst x = "${pick(words, random)}"; // ${random(9)}`,
    );
    return ["```ts", ...code, "/* open", "close */", "```"].join("\n");
  }
  const columns = 1 + random(5);
  const row = (): string =>
    `| ${Array.from({ length: columns }, () => pick(words, random).replaceAll("|", "/")).join(" | ")} |`;
  return [row(), `|${":--|".repeat(columns)}`, ...Array.from({ length: random(6) }, row)].join("\n");
}

function pick<T>(items: readonly [T, ...T[]] | readonly T[], random: Random): T {
  const item = items[random(items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}
