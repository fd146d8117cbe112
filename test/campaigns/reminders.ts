import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { GatewayProgram } from "../fakes/gateway-program.ts";
import { quantile } from "../fakes/random.ts";

export const name = "reminders";

/** Seconds in each of which one reminder is due, by gateways one after the other; ten times as many tasks in one second, up to 1000. */
export const sizes = { smoke: 3, ci: 10, full: 180 };

export const isAlone = true;

const mostLateMs = 100;
/** Seconds that one gateway serves: the bench ends every program after a minute. */
const longestRound = 40;
/** A chat that is answered meanwhile waits no longer than a person notices. */
const mostChatMs = 500;
const stormGroups = 50;

/**
 * The whole program by a real clock: how late a lone reminder is when its turn begins and when it has been sent, and how
 * long a chat is answered in while a thousand tasks are due in the same second.
 */
export async function run(
  size: number,
  signal: AbortSignal,
  { progress }: CampaignTools,
): Promise<CampaignResult> {
  const lone = await measureLone(size, signal);
  progress(`${lone.count} reminders, p99 ${lone.startedP99} ms late`);
  const storm = await measureStorm(Math.min(1000, size * 10), signal);
  progress(`${storm.tasks} tasks in one second: a chat was answered in ${storm.chatP99} ms at p99`);
  const checks = [
    [lone.startedP99 <= mostLateMs, `a lone reminder began ${lone.startedP99} ms late`],
    [lone.count >= size, `only ${lone.count} of ${size} reminders came`],
    [storm.chatP99 <= mostChatMs, `a chat waited ${storm.chatP99} ms`],
    [storm.ran === storm.tasks, `${storm.ran} of ${storm.tasks} tasks ran`],
  ] as const;
  for (const [isFine, problem] of checks) if (!isFine) progress(`FAILED ${problem}`);
  const failed = checks.filter(([isFine]) => !isFine).length;
  const figures = {
    reminders: lone.count,
    "ms late when its turn begins, p50": lone.startedP50,
    "ms late when its turn begins, p99": lone.startedP99,
    "ms late when it is sent, p50": lone.sentP50,
    "ms late when it is sent, p99": lone.sentP99,
    "tasks in one second": storm.tasks,
    "of which ran": storm.ran,
    "ms for a chat before, p50": storm.calmP50,
    "ms for a chat meanwhile, p50": storm.chatP50,
    "ms for a chat meanwhile, p99": storm.chatP99,
    "chats answered meanwhile": storm.chats,
  };
  return { passed: checks.length - failed, failed, figures };
}

const config = { heartbeat: { enabled: false } };

async function measureLone(seconds: number, signal: AbortSignal) {
  const started: number[] = [];
  const sent: number[] = [];
  for (let left = seconds; left > 0; left -= longestRound) {
    for (const row of await runReminders(Math.min(left, longestRound), signal)) {
      started.push(Number(row["started"]));
      if (typeof row["sent"] === "number") sent.push(row["sent"]);
    }
  }
  return {
    count: started.length,
    startedP50: quantile(started, 0.5),
    startedP99: quantile(started, 0.99),
    sentP50: quantile(sent, 0.5),
    sentP99: quantile(sent, 0.99),
  };
}

/** How late each was, of one gateway. */
async function runReminders(seconds: number, signal: AbortSignal) {
  await using gateway = await GatewayProgram.open({ config, script: () => ({ text: "Now." }) });
  await gateway.start();
  await gateway.ask("hi");
  await gateway.bench.run(["cron", "add", "-m", "Say now.", "--every", "1"]);
  await waitFor(gateway, "SELECT count(*) AS n FROM task_runs WHERE state <> 'waiting'", seconds, signal);
  await gateway.bench.run(["cron", "pause", "1"]);
  return gateway.bench.query(
    `SELECT task_runs.started_at - due_at AS started, replies.ended_at - due_at AS sent FROM task_runs
     LEFT JOIN replies ON replies.turn_id = task_runs.turn_id WHERE task_runs.state = 'done'`,
  );
}

async function measureStorm(tasks: number, signal: AbortSignal) {
  await using gateway = await GatewayProgram.open({ config, script: () => ({ text: "Yes." }) });
  await gateway.bench.run(["cron", "list"]);
  gateway.bench.query(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${stormGroups})
     INSERT INTO groups (name, created_at) SELECT 'storm' || i, 0 FROM n`,
  );
  await gateway.start();
  await gateway.ask("hi");
  const calm = await measureChats(gateway, 20, async () => false);
  const dueAt = Math.ceil(Date.now() / 1000) * 1000 + 1500;
  await gateway.stop();
  gateway.bench.query(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${tasks})
     INSERT INTO tasks (group_id, name, prompt, kind, rule, anchor, context, missed, most_missed, overlap, is_delivered,
       may_make_tasks, state, next_at, creator_kind, is_made_by_agent, created_at, updated_at)
     SELECT 2 + i % ${stormGroups}, 'storm', 'Say yes.', 'once', '${dueAt}', 0, 'isolated', 'once', 1, 'forbid', 1, 0,
       'active', ${dueAt}, 'owner', 0, 0, 0 FROM n`,
  );
  await gateway.start();
  await Bun.sleep(Math.max(0, dueAt - Date.now()));
  const done = "SELECT count(*) AS n FROM task_runs WHERE state = 'done'";
  const count = (): number => Number(gateway.bench.query(done)[0]?.["n"]);
  const chats = await measureChats(gateway, 1000, async () => count() >= tasks);
  await waitFor(gateway, done, tasks, signal);
  return {
    tasks,
    ran: count(),
    calmP50: Math.round(quantile(calm, 0.5)),
    chatP50: Math.round(quantile(chats, 0.5)),
    chatP99: Math.round(quantile(chats, 0.99)),
    chats: chats.length,
  };
}

/** How long each of so many messages took to be answered, one after the other, until `isOver`. */
async function measureChats(
  gateway: GatewayProgram,
  most: number,
  isOver: () => Promise<boolean>,
): Promise<readonly number[]> {
  const times: number[] = [];
  while (times.length < most && !(times.length > 0 && (await isOver()))) {
    const began = performance.now();
    await gateway.ask("hello");
    times.push(performance.now() - began);
  }
  return times;
}

async function waitFor(
  gateway: GatewayProgram,
  sql: string,
  count: number,
  signal: AbortSignal,
): Promise<void> {
  while (Number(gateway.bench.query(sql)[0]?.["n"]) < count) {
    signal.throwIfAborted();
    await Bun.sleep(100);
  }
}
