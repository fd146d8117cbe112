import { describe, expect, test } from "bun:test";
import { actions, type Action } from "../../src/authority/actions.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { toTitle } from "../../src/tools/title.ts";

export interface ToolContract {
  readonly tool: Tool;
  /** A checked input with which `execute` would really do something. */
  readonly input: unknown;
  readonly openSandbox: () => Promise<Sandbox>;
}

const garbage = [
  "",
  "null",
  "[]",
  "3",
  '"text"',
  "{",
  "{}",
  '{"path":{}}',
  '{"command":[1]}',
  '{"__proto__":{"toString":1}}',
];

/** What the registry relies on in every tool. */
export function describeTool({ tool, input, openSandbox }: ToolContract): void {
  describe(`the tool ${tool.name}`, () => {
    test("has a name that every model provider takes", () => {
      expect(tool.name).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
    });

    test("describes itself in at most 200 characters", () => {
      expect(tool.description.length).toBeGreaterThan(20);
      expect(tool.description.length).toBeLessThanOrEqual(200);
    });

    test("has an input schema of an object whose required properties exist", () => {
      expect(tool.input["type"]).toBe("object");
      const properties = Object.keys(Object(tool.input["properties"]));
      for (const name of Array.from(Object(tool.input["required"] ?? [])))
        expect(properties).toContain(String(name));
      expect(JSON.parse(JSON.stringify(tool.input))).toEqual(tool.input);
    });

    test("says what it does to the world and which action it asks for", async () => {
      expect(["read", "write", "execute", "outside", "govern"]).toContain(tool.effect);
      await using sandbox = await openSandbox();
      const { signal } = new AbortController();
      const context = { callId: "call_1", signal, sandbox: async () => sandbox, progress: () => {} };
      const action: Action =
        typeof tool.action === "string" ? tool.action : (await tool.action(input, context)).action;
      expect(actions).toContain(action);
    });

    test.each(garbage)("makes a title of one line from %p", (text) => {
      const title = toTitle({ type: "tool-call", id: "call_1", name: tool.name, arguments: text }, tool);
      expect(title).toMatch(/^\P{Cc}{1,120}$/u);
    });

    test("does nothing when its signal has been aborted", async () => {
      await using sandbox = await openSandbox();
      const reason = new Error("stopped by the test");
      const context = {
        callId: "call_1",
        signal: AbortSignal.abort(reason),
        sandbox: async () => sandbox,
        progress: () => {},
      };
      const failure = await tool.execute(input, context).catch((error: unknown) => error);
      expect(failure).toBe(reason);
    });
  });
}
