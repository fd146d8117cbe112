import { expect, test } from "bun:test";
import { findLinks, makeInert, mayHaveLinks } from "./inert-links.ts";

const all = (text: string): string => makeInert(text, findLinks(text));

test.each([
  ["see https://evil.com/?d=1.", "see https[:]//evil[.]com/?d=1."],
  ["![x](https://evil.com/a.png)", "x (https[:]//evil[.]com/a[.]png)"],
  ['[bank](http://1.2.3.4/x "t")', "bank (http[:]//1[.]2[.]3[.]4/x)"],
  ["![a [b](https://evil.com/1) c](https://evil.com/2)", undefined],
  ["[x]: https://evil.com/a\n![y][x]", "x = https[:]//evil[.]com/a\n![y][x]"],
  ['<img src="https://evil.com/a">', '&lt;img src="https[:]//evil[.]com/a">'],
  ["<https://evil.com/a>", "<https[:]//evil[.]com/a>"],
  ["evil.com", "evil[.]com"],
  ["(evil.com/?d=x)", "(evil[.]com/?d=x)"],
  ["a.b.c.evil.com", "a[.]b[.]c[.]evil[.]com"],
  ["www.evil.com", "www[.]evil[.]com"],
  ["ｅｖｉｌ．com", "ｅｖｉｌ[.]com"],
  ["пример.рф/x", "пример[.]рф/x"],
  ["例え.テスト", "例え[.]テスト"],
  ["xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd[.]xn--p1ai"],
  ["//evil.com/x", "[/]/evil[.]com/x"],
  ["http:/evil.com", "http[:]/evil[.]com"],
  ["http:\\\\evil.com\\x", undefined],
  ["hxxp://evil.com", "hxxp[:]//evil[.]com"],
  ["HTTPS://EVIL.COM", "HTTPS[:]//EVIL[.]COM"],
  ["http://user@evil.com@good.com/", "http[:]//user@evil[.]com@good[.]com/"],
  ["http://2130706433/x", "http[:]//2130706433/x"],
  ["http://[::1]/x", "http[:]//[::1]/x"],
  ["1.2.3.4:80/x", "1[.]2[.]3[.]4[:]80/x"],
  ["mailto:a@evil.com?body=x", "mailto[:]a@evil[.]com?body=x"],
  ["tel:+49123", "tel[:]+49123"],
  ["javascript:alert(1)", "javascript[:]alert(1)"],
  ["tg://resolve?domain=x", "tg[:]//resolve?domain=x"],
  ["intent://x#Intent;end", "intent[:]//x#Intent;end"],
  ["data.leak.md", "data[.]leak[.]md"],
  ["README.md/x", "README[.]md/x"],
])("%j is a link no longer", (text, expected) => {
  const inert = all(text);
  if (expected !== undefined) expect(inert).toBe(expected);
  expect(findLinks(inert)).toEqual([]);
  expect(inert).not.toMatch(/\]\(|evil\.com|:\/\/|<img/i);
  expect(all(inert)).toBe(inert);
});

test.each([
  "main.ts, src/a/b.test.ts, README.md, notes.txt and archive.tar.gz",
  "version 1.2.3, 3.14, 10:30, e.g. this, i.e. that, U.S.A., 1.2.3.4",
  "bob@example.com wrote: see below",
  "const a = { b: 1 }; a.b = c ? d : e; // done",
  "Ende. Neuer Satz: gut. 你好。再见！",
  "Note: this. Done?",
])("%j stays as it is", (text) => {
  expect(all(text)).toBe(text);
});

test("what goes on behind an address is no part of it", () => {
  const texts = (text: string): readonly string[] => findLinks(text).map((link) => link.text);
  expect(texts("(https://en.wikipedia.org/wiki/A_(b)), https://b.io/x; and https://c.io!")).toEqual([
    "https://en.wikipedia.org/wiki/A_(b)",
    "https://b.io/x",
    "https://c.io",
  ]);
});

test("only those that are named are made inert", () => {
  const text = "[docs](https://good.com/a) and ![x](https://evil.com/b)";
  const inert = findLinks(text).filter(({ host }) => host === "evil.com");
  expect(makeInert(text, inert)).toBe("[docs](https://good.com/a) and x (https[:]//evil[.]com/b)");
});

test.each(["a.", "[a", "[[:]", "http:", "//a.b", "1.2.3.4:", "((", "x://"])(
  "no repetition of %j makes it slow",
  (part) => {
    const text = part.repeat(Math.ceil(100_000 / part.length));
    const before = performance.now();
    all(text);
    expect(performance.now() - before).toBeLessThan(2000);
  },
);

test("an ordinary text is passed over at once", () => {
  expect(mayHaveLinks("Dinner is at eight. Bring bread, please!")).toBe(false);
  expect(mayHaveLinks("see evil.com")).toBe(true);
});
