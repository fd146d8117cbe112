import { expect, test } from "bun:test";
import { TerminalScreen } from "../../../test/fakes/terminal-screen.ts";
import { PromptScreen } from "./prompt-screen.ts";

function open(columns: number, rows = 20): { screen: PromptScreen; terminal: TerminalScreen } {
  return { screen: new PromptScreen(() => ({ columns, rows })), terminal: new TerminalScreen(columns) };
}

function toBottom(text: string): { label: string; text: string; cursor: number } {
  return { label: "you> ", text, cursor: text.length };
}

test("output streams above what is being written", () => {
  const { screen, terminal } = open(40);
  terminal.push(screen.setBottom(toBottom("half a thou")));
  for (const piece of ["The ans", "wer is", " 42.\nAnd", " more"]) terminal.push(screen.write(piece));
  expect(terminal.text).toBe("The answer is 42.\nAnd more\nyou> half a thou");
});

test("whatever the width and the pieces, no character is lost or doubled", () => {
  const answer = "Ein längerer Satz mit 日本語 und 👩‍👩‍👧 darin, der umbricht.\nZweite Zeile\t mit Tab.\n\nEnde";
  for (let columns = 20; columns < 30; columns++) {
    for (let size = 1; size < 9; size++) {
      const { screen, terminal } = open(columns);
      const plain = new TerminalScreen(columns);
      plain.push(answer.replaceAll("\n", "\r\n"));
      terminal.push(screen.setBottom(toBottom("draft")));
      const pieces = [...new Intl.Segmenter().segment(answer)].map(({ segment }) => segment);
      for (let place = 0; place < pieces.length; place += size) {
        terminal.push(screen.write(pieces.slice(place, place + size).join("")));
      }
      terminal.push(screen.setBottom(undefined));
      expect(terminal.text.trimEnd()).toBe(plain.text);
    }
  }
});

test("the cursor stands where the next character goes, also in a wrapped line", () => {
  const { screen, terminal } = open(20);
  const text = "abcdefghijklmnopqrstuvwxyz";
  terminal.push(screen.setBottom({ label: "you> ", text, cursor: 3 }));
  expect(terminal.cursor).toEqual([0, 8]);
  terminal.push(screen.setBottom({ label: "you> ", text, cursor: 15 }));
  expect(terminal.cursor).toEqual([1, 0]);
  terminal.push(screen.setBottom({ label: "you> ", text: text.slice(0, 15), cursor: 15 }));
  expect(terminal.cursor).toEqual([1, 0]);
});

test("a text higher than the terminal shows the part around the cursor", () => {
  const { screen, terminal } = open(40, 5);
  const text = Array.from({ length: 50 }, (_, line) => `line ${line}`).join("\n");
  terminal.push(screen.setBottom(toBottom(text)));
  expect(terminal.text).toBe("line 46\nline 47\nline 48\nline 49");
  terminal.push(screen.setBottom(undefined));
  expect(terminal.text.trim()).toBe("");
});

test("what was entered stays as output", () => {
  const { screen, terminal } = open(40);
  terminal.push(screen.write("unfinished"));
  terminal.push(screen.setBottom(toBottom("one\n\ttwo")));
  terminal.push(screen.commitBottom());
  expect(terminal.text).toBe("unfinished\nyou> one\n    two\n");
});

test("open rows stand above the prompt until others replace them", () => {
  const { screen, terminal } = open(40);
  terminal.push(screen.setBottom(toBottom("draft")));
  terminal.push(screen.write("done\n", ["open 1", "open 2"]));
  expect(terminal.text).toBe("done\nopen 1\nopen 2\nyou> draft");
  terminal.push(screen.setBottom(toBottom("drafts")));
  terminal.push(screen.write("open 1\n", ["open 2 and more"]));
  expect(terminal.text).toBe("done\nopen 1\nopen 2 and more\nyou> drafts");
  terminal.push(screen.write("open 2 and more.\n"));
  expect(terminal.text).toBe("done\nopen 1\nopen 2 and more.\nyou> drafts");
});

test("of more open rows than the terminal has, the last are seen, and none is left behind", () => {
  const terminal = new TerminalScreen(40, 5);
  const screen = new PromptScreen(() => ({ columns: 40, rows: 5 }));
  const rows = Array.from({ length: 30 }, (_, row) => `row ${row}`);
  terminal.push(screen.setBottom(toBottom("")));
  for (let count = 1; count <= 30; count++) terminal.push(screen.write("", rows.slice(0, count)));
  expect(terminal.text).toBe("row 27\nrow 28\nrow 29\nyou>");
  terminal.push(screen.write(`${rows.join("\n")}\n`));
  terminal.push(screen.setBottom(undefined));
  expect(terminal.text).toBe(`${rows.join("\n")}\n`);
});

test.each([
  [80, 20],
  [20, 80],
  [80, 33],
])("when %d columns become %d, what stood below the output leaves nothing behind", (before, after) => {
  let columns = before;
  const terminal = new TerminalScreen(before, 24);
  const screen = new PromptScreen(() => ({ columns, rows: 24 }));
  const words = "some words that fill a row of any width that a terminal may have at all".slice(0, before);
  terminal.push(screen.write("output\n"));
  terminal.push(screen.setBottom({ label: words, text: "", cursor: 0 }));
  terminal.push(screen.write("", [words, "", words]));
  columns = after;
  terminal.resize(after, 24);
  terminal.push(screen.write("more\n", ["open"]));
  terminal.push(screen.setBottom(toBottom("draft")));
  expect(terminal.text).toBe("output\nmore\nopen\nyou> draft");
});
