import { expect, test } from "bun:test";

import { checkImports } from "./check-imports.ts";
import { plantProject } from "./plant-project.ts";

async function problemsOf(files: Readonly<Record<string, string>>): Promise<string> {
  await using project = await plantProject(files);
  return (await checkImports(project.root)).join("\n");
}

test("imports that point down pass, whatever their kind", async () => {
  const problems = await problemsOf({
    "src/main.ts": 'export const run = () => import("./commands/agent.ts");\n',
    "src/commands/agent.ts": 'import { turn } from "../gateway/turn.ts";\nexport const go = turn;\n',
    "src/turns/turn.ts":
      'import type { Tool } from "../tools/tool.ts";\nexport const turn = (tool: Tool) => tool;\n',
    "src/tools/tool.ts":
      'import type { Action } from "../authority/actions.ts";\nexport type Tool = Action;\n',
    "src/authority/actions.ts": 'import { AppError } from "../errors.ts";\nexport type Action = AppError;\n',
    "src/errors.ts": "export class AppError extends Error {}\n",
  });
  expect(problems).toBe("");
});

test("an import that points up is refused, and so is one of a type", async () => {
  const problems = await problemsOf({
    "src/store/database.ts": 'import { send } from "../gateway/outbox.ts";\nexport const x = send;\n',
    "src/providers/provider.ts": 'import type { Loop } from "../agent/loop.ts";\nexport type X = Loop;\n',
    "src/gateway/outbox.ts": "export const send = 1;\n",
    "src/agent/loop.ts": "export type Loop = 1;\n",
  });
  expect(problems).toContain(
    "src/store/database.ts: imports src/gateway/outbox.ts: store may not import gateway",
  );
  expect(problems).toContain(
    "src/providers/provider.ts: imports src/agent/loop.ts: providers may not import agent",
  );
});

test("a lazy import that points up is refused", async () => {
  const problems = await problemsOf({
    "src/log.ts": 'export const open = () => import("./store/logs.ts");\n',
    "src/store/logs.ts": "export const logs = 1;\n",
  });
  expect(problems).toContain("src/log.ts: imports src/store/logs.ts: log may not import store");
});

test("an import to the side is refused unless the table lists it", async () => {
  const problems = await problemsOf({
    "src/agent/loop.ts": 'import { tick } from "../scheduler/scheduler.ts";\nexport const x = tick;\n',
    "src/scheduler/scheduler.ts": "export const tick = 1;\n",
    "src/tools/memory.ts": 'import { find } from "../memory/search.ts";\nexport const y = find;\n',
    "src/memory/search.ts": "export const find = 1;\n",
  });
  expect(problems).toBe(
    "src/agent/loop.ts: imports src/scheduler/scheduler.ts: agent may not import scheduler, imports point down (scripts/layers.ts)",
  );
});

test("a part without a level is named", async () => {
  expect(await problemsOf({ "src/plumbing/pipe.ts": "export const pipe = 1;\n" })).toContain(
    'src/plumbing/pipe.ts: "plumbing" has no level',
  );
});

test("the program does not import its tests, and nothing imports src/main.ts", async () => {
  const problems = await problemsOf({
    "src/clock.ts": 'import { fake } from "../test/fakes/clock.ts";\nexport const x = fake;\n',
    "src/commands/agent.ts": 'import { main } from "../main.ts";\nexport const y = main;\n',
    "src/main.ts": "export const main = 1;\n",
    "test/fakes/clock.ts": "export const fake = 1;\n",
  });
  expect(problems).toContain("src/clock.ts: imports test/fakes/clock.ts");
  expect(problems).toContain("src/commands/agent.ts: imports src/main.ts: nothing stands above it");
});

test("an implementation does not import its sibling, and only the registry reaches it, lazily", async () => {
  const files = {
    "src/channels/channel.ts": "export type Channel = 1;\n",
    "src/channels/telegram/channel.ts":
      'import type { Channel } from "../channel.ts";\nexport type T = Channel;\n',
    "src/channels/registry.ts": 'export const telegram = () => import("./telegram/channel.ts");\n',
  };
  expect(await problemsOf(files)).toBe("");
  const problems = await problemsOf({
    ...files,
    "src/channels/slack/channel.ts": 'import type { T } from "../telegram/channel.ts";\nexport type S = T;\n',
    "src/channels/registry.ts": 'import { T } from "./telegram/channel.ts";\nexport const telegram = T;\n',
  });
  expect(problems).toContain(
    "src/channels/slack/channel.ts: imports src/channels/telegram/channel.ts: only registry.ts",
  );
  expect(problems).toContain(
    "src/channels/registry.ts: imports src/channels/telegram/channel.ts: only registry.ts",
  );
});

test("a cycle is shown as the chain that closes it", async () => {
  const problems = await problemsOf({
    "src/agent/a.ts": 'import { b } from "./b.ts";\nexport const a = b;\n',
    "src/agent/b.ts": 'import type { C } from "./c.ts";\nexport const b: C = 1;\n',
    "src/agent/c.ts": 'export { a } from "./a.ts";\nexport type C = number;\n',
  });
  expect(problems).toBe("cycle: src/agent/a.ts → src/agent/b.ts → src/agent/c.ts → src/agent/a.ts");
});

test("the start path reaches nothing heavy by static imports; lazily it may", async () => {
  const files = {
    "src/main.ts": 'import { run } from "./run.ts";\nexport const main = run;\n',
    "src/run.ts": 'export const run = () => import("node:http");\n',
  };
  expect(await problemsOf(files)).toBe("");
  expect(
    await problemsOf({
      ...files,
      "src/run.ts": 'import { get } from "node:http";\nexport const run = get;\n',
    }),
  ).toBe("src/main.ts: loads node:http at start-up: src/main.ts → src/run.ts → node:http");
  expect(
    await problemsOf({
      ...files,
      "src/run.ts": 'import {\n  type A,\n  b,\n} from "@slack/web-api";\nexport const run = b;\n',
    }),
  ).toContain("loads @slack/web-api at start-up");
});

test("types that are erased do not count as loaded", async () => {
  const problems = await problemsOf({
    "src/main.ts": 'import type { Server } from "node:http";\nexport type Main = Server;\n',
  });
  expect(problems).toBe("");
});

test("tests beside the code may import anything", async () => {
  const problems = await problemsOf({
    "src/log.ts": "export const log = 1;\n",
    "src/log.test.ts": 'import { run } from "./commands/agent.ts";\nimport "node:http";\nrun();\n',
    "src/commands/agent.ts": "export const run = () => 1;\n",
  });
  expect(problems).toBe("");
});
