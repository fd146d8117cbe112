import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import { userTexts } from "../../fakes/llm-transcript.ts";
import type { LlmRequest } from "../../fakes/llm-server.ts";
import { shell } from "../../fakes/program-bench.ts";

const words = (request: LlmRequest) => ({
  text: userTexts(request)
    .filter((text) => /^\w+$/.test(text))
    .join("+"),
});

test("what is written with a slash is answered by the program itself, and /new begins anew", async () => {
  await using gateway = await GatewayProgram.open({ script: words });
  await gateway.start();
  expect(await gateway.ask("one")).toBe("one");
  expect(await gateway.ask("/help")).toContain("/new: start a new conversation");
  expect(await gateway.ask("/whoami")).toContain("you are: the owner");
  const status = await gateway.ask("/status");
  for (const part of ["group: main", "now: nothing is running", "model: fake-model (Anthropic)"]) {
    expect(status).toContain(part);
  }
  expect(await gateway.ask("/usage")).toMatch(/^last turn: \d+ in, \d+ out/);
  expect(await gateway.ask("/tasks")).toBe("No tasks yet.");
  expect(await gateway.ask("/staus")).toContain("Did you mean /status?");
  expect(await gateway.ask("two")).toBe("one+two");
  expect(await gateway.ask("/new")).toBe("A new conversation.");
  expect(await gateway.ask("three")).toBe("three");
  expect(gateway.bench.requests).toHaveLength(3);
  const { out } = await gateway.bench.run(["why", "2"]);
  expect(out).toContain("answered (a command)");
});

test("a model that is chosen in a chat answers there from then on, also after a restart", async () => {
  await using gateway = await GatewayProgram.open({ script: words });
  await gateway.start();
  await gateway.ask("one");
  expect(await gateway.ask("/model anthropic/other-model")).toBe("The model is other-model.");
  await gateway.ask("two");
  expect(gateway.bench.requests.at(-1)?.body["model"]).toBe("other-model");
  await gateway.stop();
  await gateway.start();
  await gateway.ask("three");
  expect(gateway.bench.requests.at(-1)?.body["model"]).toBe("other-model");
  expect(await gateway.ask("/model default")).toBe("The model is fake-model.");
  await gateway.ask("four");
  expect(gateway.bench.requests.at(-1)?.body["model"]).toBe("fake-model");
  expect(await gateway.ask("/model nowhere/model")).toContain("nowhere");
});

test("what the assistant did to its files is undone from a chat", async () => {
  let turn = 0;
  await using gateway = await GatewayProgram.open({
    script: () =>
      [
        { calls: [shell("echo first > notes.md")] },
        { text: "Written." },
        { calls: [shell("echo second > notes.md")] },
        { text: "Written again." },
      ][turn++] ?? { text: "?" },
  });
  await gateway.start();
  await gateway.ask("write");
  await gateway.ask("write again");
  const notes = join(gateway.bench.state, "groups/main/workspace/notes.md");
  expect(await readFile(notes, "utf8")).toBe("second\n");
  const plan = await gateway.ask("/undo");
  expect(plan).toContain("notes.md");
  expect(await readFile(notes, "utf8")).toBe("second\n");
  const line = /\/undo yes \d+/.exec(plan)?.[0] ?? "";
  expect(await gateway.ask(line)).toContain("Undone: 1 file changed");
  expect(await readFile(notes, "utf8")).toBe("first\n");
});

test("in Chinese, where the owner's locale says so", async () => {
  await using gateway = await GatewayProgram.open({ script: words });
  await gateway.start({ env: { NANOCLAW_LANG: "zh" } });
  expect(await gateway.ask("/status")).toContain("群组: main\n现在: 没有正在进行的任务");
  expect(await gateway.ask("/帮助")).toContain("我不认识 /帮助。");
});
