import { expect, test } from "bun:test";
import { createChoice } from "../../../../test/fakes/random.ts";
import { highlightLine, startOfCode } from "./highlight.ts";

const looks = { magenta: "word", green: "text", cyan: "number", red: "red" };

function show(language: string, code: string): string {
  let state = startOfCode;
  return code
    .split("\n")
    .map((line) => {
      const highlighted = highlightLine(line, language, state);
      ({ state } = highlighted);
      return highlighted.spans
        .map(({ text, ink }) => {
          const look = ink.dim === true ? "comment" : ink.color === undefined ? undefined : looks[ink.color];
          return look === undefined ? text : `<${look}:${text}>`;
        })
        .join("");
    })
    .join("\n");
}

test.each([
  ["ts", "const a = 'x'; // b", "<word:const> a = <text:'x'>; <comment:// b>"],
  ["ts", "f(`a\nb`) + 0x1F", "f(<text:`a>\n<text:b`>) + <number:0x1F>"],
  ["js", "/* a\nb */ return", "<comment:/* a>\n<comment:b */> <word:return>"],
  ["python", 'def f(): # no\n  """a\n  b"""', '<word:def> f(): <comment:# no>\n  <text:"""a>\n<text:  b""">'],
  ["sh", 'echo "a $b" | grep -n 1 # c', '<word:echo> <text:"a $b"> | grep -n <number:1> <comment:# c>'],
  ["sh", "curl https://x.com/#a", "curl https://x.com/#a"],
  ["sql", "SELECT 'a' -- b", "<word:SELECT> <text:'a'> <comment:-- b>"],
  ["json", '{"a": [1.5e3, true]}', '{<text:"a">: [<number:1.5e3>, <word:true>]}'],
  ["rust", "fn f<'a>(x: &'a str)", "<word:fn> f<'a>(x: &'a <word:str>)"],
  ["diff", "+a\n-b\n c", "<text:+a>\n<red:-b>\n c"],
  ["html", "<!-- a\nb --><p>", "<comment:<!-- a>\n<comment:b -->><p>"],
  ["nothing-known", "const a = 1", "const a = 1"],
])("%s: %j", (language, code, expected) => {
  expect(show(language, code)).toBe(expected);
});

test("no character is lost, whatever the language and the code", () => {
  const pieces = [
    "const",
    " ",
    "'",
    '"',
    "`",
    "/*",
    "*/",
    "//",
    "#",
    "\\",
    "1.5",
    "é",
    "👩‍👩‍👧",
    "<!--",
    "-->",
    '"""',
    "--",
    "x",
    "(",
  ];
  const languages = [
    "ts",
    "c",
    "java",
    "go",
    "rust",
    "swift",
    "php",
    "py",
    "rb",
    "sh",
    "sql",
    "yaml",
    "json",
    "css",
    "html",
    "lua",
    "docker",
    "diff",
  ];
  const choose = createChoice(1);
  for (let round = 0; round < 2000; round++) {
    const line = Array.from({ length: choose(12) }, () => pieces[choose(pieces.length)]).join("");
    const { spans } = highlightLine(line, languages[choose(languages.length)] ?? "", startOfCode);
    expect(spans.map(({ text }) => text).join("")).toBe(line);
  }
});
