import { expect, test } from "bun:test";
import { TerminalScreen } from "../../test/fakes/terminal-screen.ts";
import type { AgentEvent } from "../agent/events.ts";
import { PromptScreen } from "../channels/terminal/prompt-screen.ts";
import type { TerminalLook } from "../channels/terminal/render/turn-screen.ts";
import { systemClock } from "../clock.ts";
import { noUsage } from "../providers/provider.ts";
import { TurnView } from "./turn-view.ts";

const live: TerminalLook = { isLive: true, hasColor: true, hasLinks: true };

interface Opened {
  readonly view: TurnView;
  readonly terminal: TerminalScreen;
  readonly bytes: { readonly written: string; readonly writes: number };
  show(...events: readonly AgentEvent[]): Promise<void>;
  /** Goes on so long; nothing waits. */
  advance(ms: number): Promise<void>;
}

function open(look = live, columns = 60): Opened {
  const terminal = new TerminalScreen(columns, 24);
  const screen = new PromptScreen(() => ({ columns, rows: 24 }));
  const bytes = { written: "", writes: 0 };
  let now = 0;
  let wake = (): void => {};
  const put = async (text: string): Promise<void> => {
    bytes.written += text;
    bytes.writes += 1;
    terminal.push(text);
  };
  const view = new TurnView(
    {
      text: (text, rows) => put(screen.write(text, rows)),
      endLine: () => put(screen.endLine()),
      aside: (text) => put(screen.write(text)),
      status: (text) => put(screen.setBottom(text === "" ? undefined : { label: text, text: "", cursor: 0 })),
      columns: () => columns,
    },
    {
      look,
      hasMarkdown: true,
      canUnfold: true,
      clock: {
        ...systemClock,
        monotonic: () => now,
        sleep: (_ms, signal) =>
          new Promise((resolve, reject) => {
            wake = resolve;
            signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          }),
      },
    },
  );
  return {
    view,
    terminal,
    bytes,
    async show(...events) {
      for (const event of events) await view.show(event);
    },
    async advance(ms) {
      now += ms;
      wake();
      // The tick paints, and only then sleeps again.
      const slept = wake;
      for (let turn = 0; wake === slept && turn < 100; turn++)
        await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const start: AgentEvent = { type: "turn-start", turn: "t", group: "main", session: "s", model: "m" };
const end: AgentEvent = { type: "turn-end", reason: "done", text: "", usage: noUsage };

function say(text: string): AgentEvent {
  return { type: "text-delta", text };
}

function endMessage(wasCut = false): AgentEvent {
  return { type: "message-end", message: { role: "assistant", content: [] }, usage: noUsage, wasCut };
}

function startCall(callId: string, title: string): AgentEvent {
  return { type: "tool-start", callId, name: "shell", title, arguments: "{}" };
}

function endCall(callId: string, title: string, content: string, exitCode: number): AgentEvent {
  return {
    type: "tool-end",
    message: { role: "tool", callId, name: "shell", content, isError: exitCode !== 0 },
    title,
    durationMs: 12_400,
    details: { exitCode },
  };
}

test("thoughts are one line, that moves while they last and stays folded behind them", async () => {
  const { terminal, show, advance } = open();
  await show(start, { type: "thinking-delta", text: "**Plan**\nLook at the tests first, " });
  await advance(3000);
  expect(terminal.text).toContain("Thinking… · 3 s · ~9 tokens · Look at the tests first,");
  await show(say("Done."), endMessage(), end);
  expect(terminal.text).toBe("  Thought for 3.0 s: Plan Look at the tests first,\nDone.\n");
});

test("calls at once have their line each as they end, a failed one with the ends of what it said", async () => {
  const { view, terminal, show, advance } = open();
  const output = Array.from({ length: 40 }, (_, line) => `line ${line}`).join("\n");
  await show(start, say("I look."), endMessage(), startCall("a", "$ npm test"), startCall("b", "read x"));
  await advance(2000);
  expect(terminal.text).toContain("2 at once: $ npm test, read x · 2 s");
  await show(endCall("b", "read x", "fine", 0), { type: "tool-progress", callId: "a", text: "37 of 40" });
  await advance(1000);
  expect(terminal.text).toContain("$ npm test · 3 s · 37 of 40");
  await show(endCall("a", "$ npm test", output, 1), end);
  expect(terminal.text).toBe(
    [
      "I look.",
      "  read x · 12.4 s",
      "  $ npm test · 12.4 s · exit 1",
      "    line 0",
      "    line 1",
      "    … 33 more lines (/show 2)",
      ...[35, 36, 37, 38, 39].map((line) => `    line ${line}`),
      "",
    ].join("\n"),
  );
  expect(view.unfold("")).toBe(`2: $ npm test\n${output}\n`);
  expect(view.unfold(" 1 ")).toBe("1: read x\nfine\n");
});

test("another try, a notice and a cut answer are quiet lines", async () => {
  const { terminal, show, advance } = open();
  await show(start, { type: "retry", attempt: 2, waitMs: 4000, reason: "overloaded" });
  await advance(1000);
  expect(terminal.text).toContain("Trying again in 3 s · overloaded");
  await show({ type: "notice", text: "Careful." }, say("half an"), endMessage(true), end);
  expect(terminal.text).toBe(
    "  Trying again (2): overloaded\n  Careful.\nhalf an\n  The answer was cut off here.\n",
  );
});

test("when the model falls silent in the middle, the status line comes back", async () => {
  const { terminal, show, advance } = open();
  await show(start, say("Some text"));
  await advance(500);
  expect(terminal.text.trimEnd()).toBe("Some text");
  await advance(1000);
  expect(terminal.text).toContain("Some text\n⠴ Thinking… · 1 s");
  await show(say(" goes on"), endMessage(), end);
  expect(terminal.text).toBe("Some text goes on\n");
});

test("however fast the text comes, frames come no faster than they are seen", async () => {
  const { terminal, bytes, show, advance } = open();
  await show(start);
  for (let token = 0; token < 3000; token++) {
    await show(say("word "));
    if (token % 100 === 99) await advance(50);
  }
  expect(bytes.writes).toBeLessThan(100);
  await show(endMessage(), end);
  expect(terminal.text.match(/word/g)).toHaveLength(3000);
});

test("a turn that ends without saying so leaves nothing that moves", async () => {
  const { view, terminal, show, advance, bytes } = open();
  await show(start, say("half a **sentence"));
  await view.stop();
  const { writes } = bytes;
  await advance(5000);
  expect(bytes.writes).toBe(writes);
  expect(terminal.text).toBe("half a **sentence\n");
});

test("a terminal that is gone is told to who shows a turn on it, each time", async () => {
  const view = new TurnView(
    {
      text: () => Promise.reject(new Error("EIO")),
      endLine: async () => {},
      aside: async () => {},
      status: async () => {},
      columns: () => 80,
    },
    { look: live, hasMarkdown: true, canUnfold: false, clock: systemClock },
  );
  await view.show(start);
  expect(view.show(say("text"))).rejects.toThrow("EIO");
  expect(view.show(say("more"))).rejects.toThrow("EIO");
});

/** All that we ever write: colours, links that were checked, movements, and three modes. */
const ours =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /\u001b\[[0-9;]*m|\u001b\]8;(?:id=\w+;(?:https?|mailto):[!-~]*|;)\u001b\\|\u001b\[\d*[ABCJK]|\u001b\[\?(?:7|2026)[hl]|\r\n|\r|\n/g;

const hostile = [
  "\u001b[2J\u001b]0;title\u0007\u009b31m",
  "[a](https://x.com/\u001b]8;;\u0007) <https://x.com/\u001b\\> https://x.com/\u0007",
  "```\u001b[31m\n\u001b]52;c;aGk=\u0007\n```",
  "| \u001b[1A | b |\n|---|---|\n| \u009d | \u202e |\n",
  "&#27;[2J &#x9b; # \u0000 \u007f \u2028",
  "\ud800 half, \udfff half",
].join("\n\n");

test.each([live, { ...live, hasColor: false }, { isLive: false, hasColor: false, hasLinks: false }])(
  "whatever the model and its tools write, no sequence but ours reaches the terminal: %j",
  async (look) => {
    const { terminal, bytes, show, advance } = open(look);
    await show(start, { type: "thinking-delta", text: hostile });
    await advance(100);
    for (let place = 0; place < hostile.length; place += 3) {
      await show(say(hostile.slice(place, place + 3)));
      await advance(50);
    }
    await show(endMessage(), startCall("a", hostile), { type: "tool-progress", callId: "a", text: hostile });
    await advance(100);
    await show(endCall("a", hostile, hostile, 1), { type: "notice", text: hostile }, end);
    // oxlint-disable-next-line no-control-regex -- they are what must not be there
    expect(bytes.written.replaceAll(ours, "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
    expect(bytes.written.isWellFormed()).toBe(true);
    expect(terminal.isAtRest).toBe(true);
  },
);

test("ten megabytes in one piece are shown in small ones", async () => {
  let largest = 0;
  let total = 0;
  const view = new TurnView(
    {
      text: async (text, rows) => {
        largest = Math.max(largest, text.length + rows.join("").length);
        total += text.length;
      },
      endLine: async () => {},
      aside: async () => {},
      status: async () => {},
      columns: () => 200,
    },
    { look: live, hasMarkdown: true, canUnfold: false, clock: systemClock },
  );
  for (const event of [start, say("x".repeat(10_000_000)), end]) await view.show(event);
  expect(total).toBeGreaterThan(10_000_000);
  expect(largest).toBeLessThan(100_000);
}, 60_000);
