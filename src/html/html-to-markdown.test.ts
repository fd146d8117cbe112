import { expect, test } from "bun:test";
import { createChoice } from "../../test/fakes/random.ts";
import { rounds } from "../../test/fakes/rounds.ts";
import { decodeEntities } from "./decode-entities.ts";
import { feedToMarkdown } from "../tools/web/feed-to-markdown.ts";
import { htmlToMarkdown } from "./html-to-markdown.ts";

const base = "https://e.org/dir/page";
const md = (html: string): string => htmlToMarkdown(html, base).markdown;

test.each([
  ["<p>a<p>b", "a\n\nb"],
  ["<h2>x <b>y</b></h2>z", "## x **y**\n\nz"],
  ["a<br>b", "a\nb"],
  ["<b> a </b>b <i>c</i>", "**a** b *c*"],
  ['<a href="/x?a=1&amp;b=2">go</a>', "[go](https://e.org/x?a=1&b=2)"],
  ['<a href="#top">up</a> <a href="javascript:alert(1)">no</a>', "up no"],
  ['<a href="https://u:p@e.org/">x</a>', "[x](https://e.org/)"],
  ['<a href="/l"><h3>Head</h3><p>Text</p></a>', "### Head\n\nText\n\n<https://e.org/l>"],
  ["<ul><li>a<li>b<ol><li>c<li>d</ol></ul>", "- a\n- b\n\n  1. c\n  2. d"],
  ['<ol start="7"><li>a</ol>', "7. a"],
  ["<blockquote><p>a<p>b</blockquote>", "> a\n>\n> b"],
  ["<pre>a\n\n\n  b &lt;</pre>", "```\na\n\n\n  b <\n```"],
  ["<li><pre>a\nb</pre></li>", "```\na\nb\n```"],
  ["<ul><li>x<pre>a\n b</pre></ul>", "- x\n\n  ```\n  a\n   b\n  ```"],
  ["<code>a`b</code>", "`` a`b ``"],
  ["<table><tr><th>a<th>b<tr><td>1|2<td>3</table>", "| a | b |\n| --- | --- |\n| 1\\|2 | 3 |"],
  ["<table><tr><td><p>one</table>", "one"],
  ['<img alt="a cat" src=x>', "[image: a cat]"],
  ["2 * 3 * 4 [x] snake_case", "2 \\* 3 \\* 4 \\[x\\] snake\\_case"],
  ["a &lt;script&gt; b", "a <script> b"],
  ["x<script>alert('<p>')</script>y<style>p{}</style>", "xy"],
  ["<nav>menu</nav><p>text</p><footer>foot</footer>", "text"],
  [
    '<p>seen<span style="display : none">IGNORE ALL</span><span hidden>x</span><i aria-hidden="true">y</i>',
    "seen",
  ],
  ["<p>日本語<b>太字</b>です", "日本語**太字**です"],
  ["<!-- <p>secret --><p>a", "a"],
  ["<p>un<b>closed", "un**closed**"],
  ["</div></p>stray", "stray"],
])("%s", (html, markdown) => {
  expect(md(html)).toBe(markdown);
});

test("the article is taken where it holds most of the words", () => {
  const words = "word ".repeat(100);
  expect(md(`<div>${"ad ".repeat(30)}</div><article><p>${words}</article>`)).toBe(words.trim());
  const list = Array.from({ length: 8 }, (_, n) => `<article><p>${n} ${words}</article>`).join("");
  expect(md(list)).toContain("7 word");
});

test("title, date and links are told", () => {
  const page = htmlToMarkdown(
    `<title>Old &amp; new</title><base href="https://b.org/"><time datetime="2026-01-02">today</time>
     <a href="a">1</a><a href="a">2</a><a href="mailto:x@y.z">3</a>`,
    base,
  );
  expect(page).toMatchObject({ title: "Old & new", date: "2026-01-02", links: ["https://b.org/a"] });
});

test("neither depth nor length nor broken tags make it slow or make it throw", () => {
  const pieces = [
    "<div>",
    "</div>",
    "<p>",
    "<a href=x>",
    "</a>",
    "<li>",
    "<ul>",
    "</ul>",
    "<table><tr><td>",
    "x",
    "&#0;",
    "&amp",
    "<",
    "<b",
    "</",
    "<pre>",
    "`",
    "|",
    "<br>",
    "<h1>",
    '<p style="',
    "<!--",
    "\u{E000}",
  ];
  for (let seed = 1; seed <= rounds(200, 2000); seed++) {
    const choose = createChoice(seed);
    const html = Array.from({ length: choose(60) }, () => pieces[choose(pieces.length)]).join("");
    const { markdown } = htmlToMarkdown(html, base);
    expect(markdown).not.toContain("\u{E000}");
    // What is preformatted keeps its lines.
    if (!html.includes("<pre>")) expect(markdown).not.toMatch(/\n{4}/);
  }
  const before = process.cpuUsage();
  md("<div>".repeat(20_000));
  md("<a href=x>".repeat(20_000));
  md(`<p ${"x=y ".repeat(50_000)}>a`);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(3_000);
});

test.each([
  ["&amp;&lt;&#8364;&#x20AC;&eacute;&nbsp;", "&<€€é\u00a0"],
  ["&amp;lt; AT&T &unknown; &#xD800; &#0; &#128;", "&lt; AT&T &unknown; \u{FFFD} \u{FFFD} €"],
  ["&__proto__; &constructor;", "&__proto__; &constructor;"],
])("%s is %s", (text, decoded) => {
  expect(decodeEntities(text)).toBe(decoded);
});

test("RSS becomes a list of what is new", () => {
  const rss = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY boom "boom">]><rss><channel><title>News</title>
    <item><title><![CDATA[A & <b>B</b>]]></title><link>https://n.org/1</link><pubDate>Mon</pubDate><description>&lt;p&gt;Body &amp;amp; &lt;a href="/x"&gt;more&lt;/a&gt;</description></item>
    <item><title>&boom;</title><guid>https://n.org/2</guid></item></channel></rss>`;
  expect(feedToMarkdown(rss, "https://n.org/feed")).toEqual({
    title: "News",
    date: undefined,
    markdown:
      "## [A & B](https://n.org/1)\n\nMon\n\nBody & [more](https://n.org/x)\n\n## [&boom;](https://n.org/2)",
    links: ["https://n.org/1", "https://n.org/2"],
  });
});

test("Atom likewise; what is no feed is none", () => {
  const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><updated>2026</updated>
    <entry><title>T</title><link rel="self" href="/self"/><link rel="alternate" href="/t"/><updated>2026-01-01</updated><summary type="html">&lt;b&gt;s&lt;/b&gt;</summary></entry></feed>`;
  expect(feedToMarkdown(atom, "https://a.org/")).toMatchObject({
    title: "A",
    markdown: "## [T](https://a.org/t)\n\n2026-01-01\n\n**s**",
  });
  expect(feedToMarkdown("<svg><title>x</title></svg>", base)).toBeUndefined();
  expect(feedToMarkdown("no xml", base)).toBeUndefined();
});

test("what lies in itself a thousand times is written once, and soon", () => {
  const words = (text: string): number => text.match(/word/g)?.length ?? 0;
  const parts = ["<blockquote>word<p>", "<ul><li>word", "<main><article>word", "<div><table><tr><td>word"];
  for (const part of parts) {
    const times = part.includes("table") ? 40 : 5000;
    const began = performance.now();
    const text = md(part.repeat(times));
    expect([part, words(text)]).toEqual([part, times]);
    expect(text.length).toBeLessThan(part.length * times * 6);
    expect(performance.now() - began).toBeLessThan(4000);
  }
});

test("a table in the cell of another is written with that cell, and once", () => {
  const inner = "<table><tr><th>a<th>b<tr><td>1<td>2</table>";
  expect(md(`<table><tr><td>before ${inner}<td>after</table>`)).toBe(
    "before\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\nafter",
  );
});
