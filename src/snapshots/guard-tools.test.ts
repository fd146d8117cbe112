import { expect, test } from "bun:test";
import type { Effect, Tool } from "../tools/tool.ts";
import { guardTools } from "./guard-tools.ts";

const log: string[] = [];

function tool(name: string, effect: Effect): Tool {
  return {
    name,
    effect,
    description: "",
    input: {},
    action: "files.read",
    async execute() {
      log.push(name);
      return { content: name };
    },
  };
}

function context(signal = new AbortController().signal) {
  const sandbox = (): Promise<never> => Promise.reject(new Error("not asked for"));
  return { callId: "1", signal, sandbox, progress: () => {} };
}

const tools = [tool("read", "read"), tool("write", "write"), tool("run", "execute")];

test("what can write waits until the files are kept, once for the turn; what reads does not wait", async () => {
  log.length = 0;
  const kept = Promise.withResolvers<void>();
  const guarded = guardTools(tools, async () => {
    log.push("keep");
    await kept.promise;
    log.push("kept");
  });
  const calls = guarded.map((each) => each.execute({}, context()));
  await calls[0];
  kept.resolve();
  await Promise.all(calls);
  await guarded[1]?.execute({}, context());
  expect(log).toEqual(["read", "keep", "kept", "write", "run", "write"]);
});

test("nothing is written when the files could not be kept", async () => {
  log.length = 0;
  const guarded = guardTools(tools, () => Promise.reject(new Error("gone")));
  await expect(guarded[1]?.execute({}, context())).rejects.toThrow("gone");
  await expect(guarded[2]?.execute({}, context())).rejects.toThrow("gone");
  expect(log).toEqual([]);
});

test("nothing is written when the turn was stopped meanwhile", async () => {
  log.length = 0;
  const stop = new AbortController();
  const guarded = guardTools(tools, async () => stop.abort(new Error("stopped")));
  await expect(guarded[1]?.execute({}, context(stop.signal))).rejects.toThrow("stopped");
  expect(log).toEqual([]);
});
