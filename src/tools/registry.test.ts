import { expect, test } from "bun:test";
import type { Authority, Decision } from "../authority/decision.ts";
import { createAgentActor, createTerminalOwner } from "../authority/actor.ts";
import { clean } from "../authority/taint.ts";
import { AppError } from "../errors.ts";
import { createLog, silentLog } from "../log.ts";
import { createToolRunner } from "./registry.ts";
import { defineTool } from "./schema.ts";
import type { Tool, ToolContext, ToolResult } from "./tool.ts";

const actor = createAgentActor(createTerminalOwner(1000), "family");

function createTool(execute: (context: ToolContext) => Promise<ToolResult>): Tool {
  return defineTool({
    name: "touch_it",
    description: "Touch a thing for the test.",
    input: { type: "object", properties: { thing: { type: "string" } }, required: ["thing"] },
    effect: "write",
    action: "files.write",
    title: ({ thing }) => `touch ${String(thing)}`,
    execute: (_input, context) => execute(context),
  });
}

interface Setup {
  readonly authority?: Pick<Authority, "decide">;
  readonly lines?: string[];
}

function createRunner(
  execute: (context: ToolContext) => Promise<ToolResult>,
  { authority, lines }: Setup = {},
) {
  const log =
    lines === undefined
      ? silentLog
      : createLog({ level: "debug", now: () => 0, write: (line) => void lines.push(line) });
  return createToolRunner({
    tools: [createTool(execute)],
    authority: authority ?? { decide: async () => ({ verdict: "allow", rule: "test" }) },
    actor,
    group: "family",
    taint: () => clean,
    sandbox: async () => {
      throw new AppError("sandbox-unavailable", "There is no sandbox here.", { hint: "Install bubblewrap." });
    },
    log,
  });
}

const call = { type: "tool-call", id: "call_7", name: "touch_it", arguments: '{"thing":"lamp"}' } as const;
const never = new AbortController().signal;

test("the authority is asked before the tool runs, with who, what and the taint of now", async () => {
  const order: unknown[] = [];
  const authority: Pick<Authority, "decide"> = {
    async decide(...question) {
      order.push(question);
      return { verdict: "allow", rule: "test" };
    },
  };
  const runner = createRunner(
    async () => {
      order.push("ran");
      return { content: "done" };
    },
    { authority },
  );
  expect(await runner.run(call, () => {}, never)).toEqual({ content: "done", isError: false, details: {} });
  expect(order).toEqual([[actor, "files.write", { group: "family", name: "touch lamp" }, clean], "ran"]);
});

const refusals: readonly [Decision, string][] = [
  [
    { verdict: "deny", rule: "r", reason: "strangers write nothing." },
    "Error: Refused: strangers write nothing.",
  ],
  [{ verdict: "ask", rule: "r", reason: "it leaves the house." }, "needs the owner's approval"],
];

test.each(refusals)("the decision %j is a result and the tool never runs", async (decision, words) => {
  let runs = 0;
  const runner = createRunner(
    async () => {
      runs += 1;
      return { content: "" };
    },
    { authority: { decide: async () => decision } },
  );
  const outcome = await runner.run(call, () => {}, never);
  expect(outcome.content).toContain(words);
  expect(outcome.isError).toBe(true);
  expect(runs).toBe(0);
});

test("an authority that fails is a no", async () => {
  let runs = 0;
  const runner = createRunner(
    async () => {
      runs += 1;
      return { content: "" };
    },
    {
      authority: { decide: () => Promise.reject(new AppError("store", "The audit log cannot be written.")) },
    },
  );
  expect((await runner.run(call, () => {}, never)).content).toBe("Error: The audit log cannot be written.");
  expect(runs).toBe(0);
});

test("wrong arguments never reach the authority", async () => {
  const runner = createRunner(async () => ({ content: "" }), {
    authority: { decide: () => Promise.reject(new Error("asked")) },
  });
  const outcome = await runner.run({ ...call, arguments: "{}" }, () => {}, never);
  expect(outcome.content).toBe("Error: Invalid arguments for touch_it: missing required thing.");
});

test("an unknown tool is answered with the nearest and the known ones", async () => {
  const runner = createRunner(async () => ({ content: "" }));
  const outcome = await runner.run({ ...call, name: "TouchIt" }, () => {}, never);
  expect(outcome.content).toBe('Error: There is no tool "TouchIt". Did you mean touch_it? Known: touch_it.');
  const far = await runner.run({ ...call, name: "send_rocket\u001b" }, () => {}, never);
  expect(far.content).toBe('Error: There is no tool "send_rocket␛". Known: touch_it.');
});

test("a foreseen failure gives its message and hint", async () => {
  const runner = createRunner(async ({ sandbox }) => {
    await sandbox();
    return { content: "" };
  });
  const outcome = await runner.run(call, () => {}, never);
  expect(outcome).toEqual({
    content: "Error: There is no sandbox here. Install bubblewrap.",
    isError: true,
    details: {},
  });
});

test("a bug gives a bland sentence to the model and its details to the log", async () => {
  const lines: string[] = [];
  const runner = createRunner(() => Promise.reject(new TypeError("password is hunter2")), { lines });
  const outcome = await runner.run(call, () => {}, never);
  expect(outcome.content).toContain("this is a bug in NanoClaw");
  expect(outcome.content).not.toContain("hunter2");
  expect(lines.join("")).toContain("hunter2");
  expect(lines.join("")).toContain('"level":"error"');
});

test("a tool that ignores its signal does not hold up the turn, which gets the signal's reason", async () => {
  const lines: string[] = [];
  const stop = new AbortController();
  const began = Promise.withResolvers<void>();
  const runner = createRunner(
    () => {
      began.resolve();
      return Promise.withResolvers<never>().promise;
    },
    { lines },
  );
  const running = runner.run(call, () => {}, stop.signal);
  await began.promise;
  const reason = new Error("stopped by the test");
  stop.abort(reason);
  expect(await running.catch((error: unknown) => error)).toBe(reason);
  expect(lines).toEqual([]);
});

test("a long result is clipped, and without a sandbox the note says that it could not be saved", async () => {
  const runner = createRunner(async () => ({ content: "x".repeat(50_000), details: { n: 1 } }));
  const { content, details } = await runner.run(call, () => {}, never);
  expect(content.length).toBeLessThan(10_200);
  expect(content).toContain("[40000 characters (0 lines) are left out here. All of it could not be saved]");
  expect(details).toEqual({ n: 1, omittedCharacters: 40_000 });
});

test("two tools of one name are a bug that shows at once", () => {
  const tool = createTool(async () => ({ content: "" }));
  const options = {
    tools: [tool, tool],
    authority: { decide: async () => ({ verdict: "allow", rule: "test" }) as const },
    actor,
    group: "family",
    taint: () => clean,
    sandbox: () => Promise.reject(new Error("unused")),
    log: silentLog,
  };
  expect(() => createToolRunner(options)).toThrow("same name");
});
