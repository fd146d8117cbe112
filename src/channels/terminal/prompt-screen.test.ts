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
