import { expect, test } from "bun:test";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Completion, PromptAids } from "./completion.ts";
import { noAids } from "./completion.ts";
import { loadHistory, PromptHistory } from "./history.ts";
import { KeyParser } from "./keys.ts";
import { LineEditor, type EditorOutcome } from "./line-editor.ts";

const controlR = "\u0012";
const controlG = "\u0007";
const controlC = "\u0003";
const shiftTab = "\u001b[Z";

function open(entries: readonly string[] = [], aids: PromptAids = noAids) {
  const changed = Promise.withResolvers<void>();
  const history = new PromptHistory("/dev/null/none", entries);
  const editor = new LineEditor({ history, aids, onChange: () => changed.resolve() });
  const parser = new KeyParser();
  const outcomes: EditorOutcome[] = [];
  function type(text: string): void {
    for (const event of parser.push(new TextEncoder().encode(text))) {
      const outcome = editor.receive(event);
      if (outcome !== undefined) outcomes.push(outcome);
    }
  }
  /** The text with a bar where the cursor is. */
  function shown(): string {
    const { text, cursor } = editor.view;
    return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
  }
  return { editor, history, outcomes, type, shown, changed: changed.promise };
}

const fruit: Completion = {
  from: 1,
  candidates: [{ text: "@apple" }, { text: "@apricot", says: "sweet" }, { text: "@avocado" }],
};

function offering(...completions: readonly (Completion | undefined)[]): PromptAids {
  const waiting = [...completions];
  return { ...noAids, hint: () => "a hint", complete: async () => waiting.shift() };
}

test("Ctrl-R finds the newest entry with the words, again the one before, and Enter enters it", () => {
  const { type, shown, outcomes, editor } = open(["git push", "make", "git pull", "ls"]);
  type(`draft${controlR}gi`);
  expect([shown(), editor.view.searching]).toEqual(["|git pull", { words: "gi", isLost: false }]);
  type(controlR);
  expect(shown()).toBe("|git push");
  type(controlR);
  expect(shown()).toBe("|git push");
  type("\r");
  expect(outcomes).toEqual([{ type: "entered", text: "git push" }]);
});

test("a search that finds nothing says so and shows what was being written", () => {
  const { type, shown, editor } = open(["make"]);
  type(`draft${controlR}maz`);
  expect([shown(), editor.view.searching]).toEqual(["draft|", { words: "maz", isLost: true }]);
  type("\u007f");
  expect(shown()).toBe("|make");
});

test.each([
  ["Ctrl-G", controlG],
  ["Ctrl-C", controlC],
])("%s leaves the search and brings the draft back, and does no more", (_name, key) => {
  const { type, shown, editor, outcomes } = open(["make"]);
  type(`draft\u001b[D${controlR}ma${key}`);
  expect([shown(), editor.view.searching, outcomes]).toEqual(["draf|t", undefined, []]);
});

test("any other key takes what was found and does what it does", () => {
  const { type, shown } = open(["make it so"]);
  type(`${controlR}it\u0005!`);
  expect(shown()).toBe("make it so!|");
});

test("small letters in a search mean large ones too, large ones only themselves", () => {
  const { type, shown } = open(["Größe", "größe"]);
  type(`${controlR}Gr`);
  expect(shown()).toBe("|Größe");
});

test("a paste becomes what the aids make of it, where the cursor stands", () => {
  const { type, shown } = open([], { ...noAids, paste: (text, before) => `<${before}|${text}>` });
  type("see it\u001b[D\u001b[D\u001b[200~x\u001b[201~");
  expect(shown()).toBe("see <see |x>|it");
});

test("a paste in the search is a part of the words", () => {
  const { type, shown } = open(["one two"]);
  type(`${controlR}\u001b[200~one\ntwo\u001b[201~`);
  expect(shown()).toBe("|one two");
});

test("the only candidate is put there with a space, a folder without one", async () => {
  const first = open([], offering({ from: 0, candidates: [{ text: "/status" }] }));
  first.type("/sta\t");
  await first.changed;
  expect(first.shown()).toBe("/status |");
  const second = open([], offering({ from: 0, candidates: [{ text: "@sub/", isOpen: true }] }));
  second.type("@s\t");
  await second.changed;
  expect(second.shown()).toBe("@sub/|");
});

test("what all candidates share comes first, then Tab goes through them and back round", async () => {
  const { type, shown, changed, editor } = open(
    [],
    offering({ from: 1, candidates: fruit.candidates.slice(0, 2) }),
  );
  type("(@a)\u001b[D\t");
  await changed;
  expect(shown()).toBe("(@ap|)");
  const seen: string[] = [];
  for (const key of ["\t", "\t", "\t", shiftTab, shiftTab]) {
    type(key);
    seen.push(shown());
  }
  expect(seen).toEqual(["(@apple|)", "(@apricot|)", "(@apple|)", "(@apricot|)", "(@apple|)"]);
  expect(editor.view.choice?.chosen).toBe(0);
});

test("Escape brings back what was typed; typing goes on behind what was chosen", async () => {
  const first = open([], offering(fruit));
  first.type(" @a\t");
  await first.changed;
  expect(first.shown()).toBe(" @apple|");
  first.type("\u0007");
  expect([first.shown(), first.editor.view.choice]).toEqual([" @a|", undefined]);
  const second = open([], offering(fruit));
  second.type(" @a\t");
  await second.changed;
  second.type(" and\r");
  expect(second.outcomes).toEqual([{ type: "entered", text: " @apple and" }]);
});

test("a completion that comes too late changes nothing", async () => {
  const late = Promise.withResolvers<Completion>();
  const aids: PromptAids = { ...noAids, complete: () => late.promise };
  const { type, shown } = open([], aids);
  type(" @a\tb");
  late.resolve(fruit);
  await late.promise;
  await Promise.resolve();
  expect(shown()).toBe(" @ab|");
});

test("Ctrl-C while a completion is looked for throws the line away", async () => {
  const late = Promise.withResolvers<Completion>();
  const signals: AbortSignal[] = [];
  const aids: PromptAids = {
    ...noAids,
    complete: async (_text, _cursor, signal) => {
      signals.push(signal);
      return await late.promise;
    },
  };
  const { type, outcomes, editor } = open([], aids);
  type("@a\t\u0003");
  expect([outcomes, editor.text, signals[0]?.aborted]).toEqual([
    [{ type: "interrupt", hadText: true }],
    "",
    true,
  ]);
  late.resolve(fruit);
});

test("cuts that follow one another come back as one, where the cursor is", () => {
  const { type, shown } = open();
  type("one two three\u0017\u0017\u0001\u0019");
  expect(shown()).toBe("two three|one ");
  type("\u0005\u0015");
  expect(shown()).toBe("|");
  type("\u0019\u0019");
  expect(shown()).toBe("two threeone two threeone |");
});

test("the last message comes back with up, also one too long to be kept for later", async () => {
  const folder = await mkdtemp(join(tmpdir(), "editor-"));
  const history = await loadHistory(join(folder, "history"));
  const editor = new LineEditor({ history, aids: noAids, onChange: () => {} });
  const book = "x".repeat(50_000);
  history.add("before");
  history.add(book);
  editor.receive({ type: "key", name: "up" });
  expect(editor.text).toBe(book);
  history.add("after");
  editor.receive({ type: "key", name: "interrupt" });
  const seen = ["up", "up"].map((name) => {
    editor.receive({ type: "key", name: name as "up" });
    return editor.text;
  });
  expect(seen).toEqual(["after", "before"]);
  await history.saved();
  expect(await Bun.file(join(folder, "history")).text()).toBe('"before"\n"after"\n');
});

test("text to be changed stands before what was typed already", () => {
  const { type, editor, shown } = open();
  type("typed");
  editor.prefill("old ");
  expect(shown()).toBe("old typed|");
});
