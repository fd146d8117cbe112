import type { Failures } from "../../../src/words/english/failures.ts";
import { createZone } from "../../../src/scheduler/zone.ts";
import { parseSchedule } from "../../../src/scheduler/parse-schedule.ts";
import { explain } from "../../../src/errors.ts";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import { newResults } from "../../fakes/llm-transcript.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";

/** What the last of these commands says. */
function say(...lines: readonly (readonly string[])[]): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open();
    let said = "";
    for (const argv of lines) said = (await bench.run(argv)).err;
    return said;
  };
}

const add = (...more: readonly string[]): readonly string[] => ["cron", "add", "-m", "look", ...more];

/** What a model is told that calls the tool so, in a database that was prepared. */
function call(input: Readonly<Record<string, unknown>>, ...sql: readonly string[]): () => Promise<string> {
  return async () => {
    await using gateway = await GatewayProgram.open({
      config: { heartbeat: { enabled: false } },
      script: [{ calls: [{ name: "task", arguments: input }] }, { text: "ok" }],
    });
    await gateway.bench.run(add("--every", "1h"));
    for (const each of sql) gateway.bench.query(each);
    await gateway.start();
    await gateway.ask("go");
    return lastResult(gateway);
  };
}

/** What the model was told by the tool. */
function lastResult({ bench }: GatewayProgram): string {
  const request = bench.requests.at(-1);
  return request === undefined
    ? ""
    : newResults(request)
        .map(({ text }) => text)
        .join("\n");
}

const fill = (
  count: number,
  columns: string,
): string => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
  INSERT INTO tasks (group_id, name, prompt, kind, rule, anchor, context, missed, most_missed, overlap, is_delivered,
    may_make_tasks, state, creator_kind, is_made_by_agent, created_at, updated_at)
  SELECT 1, 'x', 'x', 'once', '1', 0, 'isolated', 'once', 1, 'forbid', 1, 0, ${columns}, unixepoch() * 1000, 0 FROM n`;

testProvocations("task", {
  noSchedule: { names: ["not said when", "--in 20m"], provoke: say(add()) },
  twoSchedules: {
    names: ["cron and every", "one schedule"],
    provoke: say(add("--cron", "@daily", "--every", "1h")),
  },
  badCron: {
    names: ['"60 * * * *"', "takes 0 to 59", "0 9 * * 1-5"],
    provoke: say(add("--cron", "60 * * * *")),
  },
  badTime: { names: ['"tomorrow" is no time', "2027-03-01T09:00"], provoke: say(add("--at", "tomorrow")) },
  badDuration: { names: ['"soon"', "1h30m"], provoke: say(add("--in", "soon")) },
  past: {
    names: ["Wed 2020-01-01 10:00 is over", "--in 20m"],
    provoke: say(add("--at", "2020-01-01T10:00")),
  },
  tooFar: { names: ["9999", "hundred years", "nearer"], provoke: say(add("--at", "9999-01-01T00:00")) },
  tooOften: {
    names: ["more often than every 1m", "at least 1m apart"],
    provoke: call({ action: "add", prompt: "x", cron: "* * * * * *" }),
  },
  unknownZone: {
    names: ['no time zone "Europe/Berlni"', "Did you mean Europe/Berlin?"],
    provoke: say(["cron", "zone", "Europe/Berlni"]),
  },
  noPrompt: {
    names: ["not said what", "nanoclaw cron add -m"],
    provoke: say(["cron", "add", "--in", "20m"]),
  },
  tooLong: {
    names: ["prompt is longer than 8000", "shorter"],
    provoke: say(["cron", "add", "--in", "20m", "-m", "x".repeat(8001)]),
  },
  badChoice: {
    names: ['--overlap is "never"', "forbid, queue, allow"],
    provoke: say(add("--in", "20m", "--overlap", "never")),
  },
  noTask: { names: ["no task 99", "nanoclaw cron list"], provoke: say(["cron", "show", "99"]) },
  isOver: {
    names: ["Task 1 is cancelled", "nanoclaw cron update"],
    provoke: say(add("--in", "20m"), ["cron", "remove", "1"], ["cron", "pause", "1"]),
  },
  tooMany: {
    names: ["has 50 tasks", "nanoclaw cron list"],
    provoke: call({ action: "add", prompt: "x", in: "20m" }, fill(50, "'active', 'owner', 0")),
  },
  tooManyToday: {
    names: ["made 40 tasks", "nanoclaw cron add"],
    provoke: call({ action: "add", prompt: "x", in: "20m" }, fill(40, "'done', 'owner', 1")),
  },
  byTask: {
    names: ["a task's own run", "--may-make-tasks"],
    provoke: async () => {
      await using gateway = await GatewayProgram.open({
        config: { heartbeat: { enabled: false } },
        script: [
          { calls: [{ name: "task", arguments: { action: "add", prompt: "x", in: "1h" } }] },
          { text: "ok" },
        ],
      });
      await gateway.start();
      await gateway.bench.run(add("--every", "1h"));
      await gateway.bench.run(["cron", "run", "1"]);
      while (gateway.bench.requests.length < 2) await Bun.sleep(20);
      return lastResult(gateway);
    },
  },
  tooManyNeeds: {
    names: ["at most 20 hosts and chats"],
    provoke: call({
      action: "add",
      prompt: "x",
      in: "1h",
      needs: { hosts: Array(21).fill("a.example.org") },
    }),
  },
  noGrants: {
    names: ["Task 1 has nothing", "cron show 1"],
    provoke: say(add("--every", "1h"), ["cron", "revoke", "1"]),
  },
  ofOwner: {
    names: ["Task 1 was made by the owner", "Ask the owner"],
    provoke: async () => {
      await using gateway = await GatewayProgram.open({
        config: { heartbeat: { enabled: false } },
        script: [
          { text: "hello" },
          { calls: [{ name: "task", arguments: { action: "update", id: 1, prompt: "mine" } }] },
          { text: "ok" },
        ],
      });
      await gateway.bench.run(["groups", "add", "family"]);
      await gateway.bench.run(add("--every", "1h", "--group", "family"));
      gateway.bench.query(
        "INSERT INTO people (channel, account, sender, is_owner, created_at) VALUES ('http', 'default', 'for:ben', 0, 0)",
      );
      gateway.bench.query(
        "INSERT INTO members (group_id, person_id, added_at) SELECT 2, max(id), 0 FROM people",
      );
      await gateway.start();
      await gateway.ask("hi", { group: "family", chat: "f" });
      await gateway.ask("@Andy go", { chat: "f", from: { id: "ben" } });
      return lastResult(gateway);
    },
  },
  heartbeat: {
    names: ["Task 1 is the heartbeat", "nanoclaw config set heartbeat.enabled"],
    provoke: async () => {
      await using gateway = await GatewayProgram.open();
      await gateway.start();
      return (await gateway.bench.run(["cron", "remove", "1"])).err;
    },
  },
  halfAChat: { names: ["--channel and --to", "last active"], provoke: say(add("--in", "20m", "--to", "42")) },
  unknownChannel: {
    names: ['no channel "telegrm"', "Did you mean telegram?"],
    provoke: say(add("--in", "20m", "--channel", "telegrm", "--to", "42")),
  },
  chatElsewhere: {
    names: ["http 42 does not belong", '"family"'],
    provoke: say(
      ["groups", "add", "family"],
      add("--in", "20m", "--channel", "http", "--to", "42"),
      add("--in", "20m", "--channel", "http", "--to", "42", "--group", "family"),
    ),
  },
  clockUnset: {
    names: ["it is 1970", "Set the clock"],
    whyNot: "a test does not set this machine's clock",
    provoke: () => {
      try {
        parseSchedule({ in: "20m" }, { now: 0, zone: createZone("UTC"), leastMs: 1000 });
        return "";
      } catch (error) {
        return toSaid(explain(error));
      }
    },
  },
} satisfies Record<keyof Failures["task"], Provocation>);
