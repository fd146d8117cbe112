import { expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import type { LlmRequest } from "../../fakes/llm-server.ts";
import { userTexts } from "../../fakes/llm-transcript.ts";

const quietHeart = { heartbeat: { enabled: false } };

function task(input: Readonly<Record<string, unknown>>) {
  return { calls: [{ name: "task", arguments: input }] };
}

/** What is asked of the model, without the context. */
const asked = (request: LlmRequest): string =>
  userTexts(request).findLast((text) => !text.startsWith("<context>")) ?? "";

test("remind me in two seconds: it is set by words, comes to that chat once, and stands in the log", async () => {
  await using gateway = await GatewayProgram.open({
    config: quietHeart,
    script: (request, n) =>
      n === 0
        ? task({ action: "add", in: "2s", prompt: "Say: drink water." })
        : { text: asked(request).includes("drink water") ? "Drink water!" : "I will." },
  });
  await gateway.start();
  expect(await gateway.ask("remind me in two seconds")).toBe("I will.");
  await waitForReplies(gateway, 2);
  expect((await gateway.replies()).map(({ text }) => text)).toEqual(["I will.", "Drink water!"]);
  const { out } = await gateway.bench.run(["cron", "log", "--json"]);
  const [run] = JSON.parse(out) as { state: string; dueAt: string; startedAt: string; tokens: number }[];
  expect(run).toMatchObject({ state: "done", tokens: expect.any(Number) });
  expect(Date.parse(run?.startedAt ?? "") - Date.parse(run?.dueAt ?? "")).toBeLessThan(1000);
  expect((await gateway.bench.run(["cron", "list"])).out).toContain("No tasks yet");
}, 20_000);

test("what the owner adds at the terminal a running gateway sees at once, without one it waits and says so", async () => {
  await using gateway = await GatewayProgram.open({
    config: quietHeart,
    script: (request) => ({ text: asked(request).includes("is due") ? "Due!" : "Hello." }),
  });
  const before = await gateway.bench.run(["cron", "add", "-m", "early", "--in", "1s", "--json"]);
  expect(JSON.parse(before.out)).toMatchObject({ isServed: false, state: "active" });
  await gateway.start();
  await gateway.ask("hi");
  const { out } = await gateway.bench.run(["cron", "add", "-m", "late", "--every", "1", "--quiet"]);
  expect(out).toContain("✓ Added");
  expect(out).not.toContain("No gateway runs");
  expect((await gateway.bench.run(["tasks", "pause", "2"])).out).toContain("Next: never");
  const ran = await gateway.bench.run(["cron", "run", "2", "-f"]);
  expect(ran.out).toContain("It runs now.");
  const log = await waitForLog(gateway, (states) => states.includes("done"));
  expect(log.length).toBeGreaterThan(0);
}, 20_000);

test("a reminder arrives exactly once whenever around its second the gateway is killed", async () => {
  await using gateway = await GatewayProgram.open({
    config: quietHeart,
    script: (request) => {
      const number = /Say: n(\d+)\./.exec(userTexts(request).join("\n"))?.[1];
      return { text: number === undefined ? "Hello." : `reminder ${number}` };
    },
  });
  await gateway.start();
  await gateway.ask("hi");
  const kills = [990, 1002, 1010, 1030];
  for (const [index, afterMs] of kills.entries()) {
    const { out } = await gateway.bench.run(["cron", "add", "-m", `Say: n${index}.`, "--in", "1s", "--json"]);
    const { nextAt } = JSON.parse(out) as { nextAt: number };
    await Bun.sleep(Math.max(0, nextAt - 1000 + afterMs - Date.now()));
    gateway.running.kill("SIGKILL");
    await gateway.running.ended;
    await gateway.start();
  }
  await waitForReplies(gateway, 1 + kills.length);
  const said = (await gateway.replies()).map(({ text }) => text).toSorted();
  expect(said).toEqual(["Hello.", ...kills.map((_, index) => `reminder ${index}`)]);
}, 30_000);

test("the heartbeat reads the owner's file and the assistant's own, and an empty one asks no model", async () => {
  await using gateway = await GatewayProgram.open({
    config: { heartbeat: { intervalS: 1 } },
    script: (request) => ({ text: asked(request).includes("heartbeat") ? "The train is cheap." : "Hello." }),
  });
  await gateway.start();
  await gateway.ask("hi");
  await waitForLog(gateway, (states) => states.includes("quiet"));
  expect(gateway.bench.requests).toHaveLength(1);
  await writeFile(
    join(gateway.bench.state, "groups/main/HEARTBEAT.md"),
    "- Tell me when the train is cheap\n",
  );
  await waitForReplies(gateway, 2);
  expect((await gateway.replies())[1]?.text).toBe("The train is cheap.");
  expect(asked(gateway.bench.requests[1] as LlmRequest)).toContain("- Tell me when the train is cheap");
}, 20_000);

async function waitForReplies(gateway: GatewayProgram, count: number): Promise<void> {
  while ((await gateway.replies()).length < count) await Bun.sleep(20);
}

/** The states of all runs, the last one first. */
async function waitForLog(
  gateway: GatewayProgram,
  isSo: (states: readonly string[]) => boolean,
): Promise<readonly string[]> {
  for (;;) {
    const states = gateway.bench
      .query("SELECT state FROM task_runs ORDER BY id DESC")
      .map(({ state }) => String(state));
    if (isSo(states)) return states;
    await Bun.sleep(20);
  }
}
