import { expect, test } from "bun:test";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import type { LlmRequest } from "../../fakes/llm-server.ts";
import { newResults } from "../../fakes/llm-transcript.ts";
import type { Turn } from "../../fakes/llm-turn.ts";

const quietHeart = { heartbeat: { enabled: false } };

const task = (input: Readonly<Record<string, unknown>>): Turn => ({
  calls: [{ name: "task", arguments: input }],
});

async function open(script: readonly Turn[]) {
  const gateway = await GatewayProgram.open({ config: quietHeart, script });
  await gateway.start();
  return gateway;
}

function resultOf(gateway: GatewayProgram): string {
  const request: LlmRequest | undefined = gateway.bench.requests.at(-1);
  return request === undefined ? "" : (newResults(request)[0]?.text ?? "");
}

interface Listed {
  readonly id: number;
  readonly group: string;
  readonly state: string;
  readonly schedule: string;
  readonly nextAt: number | null;
}

async function tasksOf(gateway: GatewayProgram): Promise<readonly Listed[]> {
  const { out } = await gateway.bench.run(["cron", "list", "--json"]);
  const listed: unknown = JSON.parse(out);
  return Array.isArray(listed) ? (listed as Listed[]) : [];
}

/** Said in a chat, the schedule that the model makes of it, and what the weekday and the hour of its next time must be. */
const phrases = [
  [
    "@Andy send an overview of the sales pipeline every weekday morning at 9am",
    "0 9 * * 1-5",
    [1, 2, 3, 4, 5],
    9,
  ],
  [
    "@Andy review the git history for the past week each Friday and update the README if there's drift",
    "0 16 * * 5",
    [5],
    16,
  ],
  [
    "@Andy every Monday at 8am, compile news on AI developments from Hacker News and TechCrunch and message me a briefing",
    "0 8 * * 1",
    [1],
    8,
  ],
  ["Store conversation summaries weekly", "0 18 * * 0", [0], 18],
] as const;

test.each(phrases)("%s", async (said, cron, days, hour) => {
  await using gateway = await open([
    task({ action: "add", name: "it", cron, prompt: said }),
    { text: "I will." },
  ]);
  expect(await gateway.ask(said)).toBe("I will.");
  const [made] = await tasksOf(gateway);
  const next = new Date(made?.nextAt ?? 0);
  expect({ state: made?.state, hour: next.getUTCHours(), minute: next.getUTCMinutes() }).toEqual({
    state: "active",
    hour,
    minute: 0,
  });
  expect(days as readonly number[]).toContain(next.getUTCDay());
  expect(next.getTime()).toBeGreaterThan(Date.now());
});

test("@Andy list all scheduled tasks across groups, @Andy pause the Monday briefing task", async () => {
  await using gateway = await open([
    task({ action: "list" }),
    { text: "These." },
    task({ action: "pause", id: 1 }),
    { text: "Paused." },
  ]);
  const { bench } = gateway;
  await bench.run(["groups", "add", "family"]);
  await bench.run(["cron", "add", "--name", "Monday briefing", "-m", "brief me", "--cron", "0 8 * * 1"]);
  await bench.run([
    "cron",
    "add",
    "--name",
    "shopping",
    "-m",
    "buy",
    "--cron",
    "0 8 * * 6",
    "--group",
    "family",
  ]);
  expect(await gateway.ask("@Andy list all scheduled tasks across groups")).toBe("These.");
  expect(resultOf(gateway)).toContain("Monday briefing");
  expect(resultOf(gateway)).toContain("shopping");
  expect(await gateway.ask("@Andy pause the Monday briefing task")).toBe("Paused.");
  expect((await tasksOf(gateway)).map(({ id, state }) => `${id} ${state}`)).toContain("1 paused");
});

test("Why isn't the scheduler running?", async () => {
  await using gateway = await open([
    { calls: [{ name: "diagnose", arguments: { question: "Why isn't the scheduler running?" } }] },
    { text: "It is." },
  ]);
  expect(await gateway.ask("Why isn't the scheduler running?")).toBe("It is.");
  expect(resultOf(gateway)).not.toBe("");
});

test('nanoclaw cron add --name "daily" --message "Good morning!" --cron "0 9 * * *"', async () => {
  await using gateway = await open([]);
  const argv = ["cron", "add", "--name", "daily", "--message", "Good morning!", "--cron", "0 9 * * *"];
  const { out, code } = await gateway.bench.run(argv);
  expect([code, out.includes("✓ Added")]).toEqual([0, true]);
  expect((await gateway.bench.run(["cron", "list"])).out).toContain("daily");
});

test("… compile news from Hacker News and TechCrunch: one yes, to what its runs will use, and they are shown and taken back", async () => {
  const needs = { hosts: ["https://news.ycombinator.com/", "techcrunch.com"] };
  await using gateway = await open([
    task({ action: "add", name: "Briefing", cron: "0 8 * * 1", prompt: "Compile a briefing.", needs }),
    { text: "It waits for your yes." },
    { text: "Every Monday at eight." },
    { text: "Yes." },
  ]);
  const { bench } = gateway;
  expect(await gateway.ask(phrases[2][0])).toBe("It waits for your yes.");
  expect(await tasksOf(gateway)).toEqual([]);
  const card = (await bench.run(["approvals", "show", "1"])).out;
  for (const part of ["this task may", "reach news.ycombinator.com", "reach techcrunch.com"]) {
    expect(card).toContain(part);
  }
  expect((await bench.run(["approvals", "allow", "1"])).code).toBe(0);
  // A group has one turn at a time: behind the one that carries out what was allowed.
  await gateway.ask("Is it made?");
  const shown = async (): Promise<string> => (await bench.run(["cron", "show", "1"])).out;
  expect(await shown()).toContain("Unattended: may reach news.ycombinator.com, reach techcrunch.com\n");
  await bench.run(["cron", "update", "1", "-m", "Send it to somebody else."]);
  expect(await shown()).toContain("Unattended: no longer reach news.ycombinator.com");
  await bench.run(["cron", "update", "1", "--host", "techcrunch.com"]);
  expect(await shown()).toContain("Unattended: may reach techcrunch.com\n");
  expect((await bench.run(["cron", "revoke", "1"])).out).toContain("ask for the rest");
  expect(await shown()).not.toContain("Unattended");
});
