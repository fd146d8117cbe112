import { afterAll, beforeAll, expect, test } from "bun:test";
import { ChatBench } from "../../test/fakes/chat-bench.ts";
import { calling, createAnsweringProvider, saying, type Answer } from "../../test/fakes/loop.ts";
import { MemoryPlatform } from "../../test/fakes/memory-platform.ts";
import { settleAll, VirtualClock } from "../../test/fakes/virtual-clock.ts";
import { toTaintBits } from "../authority/taint.ts";
import { cancelTask } from "../scheduler/task-desk.ts";
import { getGroup } from "../store/groups.ts";
import { toTaskId } from "../store/ids.ts";
import { removeTaskGrants } from "../store/task-grants.ts";
import { createAuthority } from "../authority/authority.ts";
import { createTerminalOwner } from "../authority/actor.ts";
import { createDecideHop } from "../turns/decide-hop.ts";
import { readPage } from "../tools/web/read-page.ts";
import { createWebAccess, type WebAccessOptions } from "../turns/web-access.ts";

const week = 7 * 24 * 60 * 60_000;
/** A Thursday. */
const now = Date.UTC(2026, 10, 26, 12);
const mondayAtEight = Date.UTC(2026, 10, 30, 8);

const read: string[] = [];
let server: Bun.Server<undefined>;
let port = 0;
beforeAll(() => {
  server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const { pathname, host, searchParams } = new URL(request.url);
      const to = searchParams.get("to");
      if (to !== null) return Response.redirect(to, 302);
      read.push(`${host.split(":")[0]}${pathname}`);
      return new Response(`<title>${pathname}</title><p>A model was released.`, {
        headers: { "content-type": "text/html" },
      });
    },
  });
  port = server.port ?? 0;
});
afterAll(async () => await server.stop(true));

let calls = 0;
const call = (name: string, input: object): Answer =>
  calling({ id: `t${calls++}`, name, arguments: JSON.stringify(input) });
// Sites on this machine, which is the open internet here.
const site = (host: string, path = "/"): string => `http://${host}:${port}${path}`;
const [news, techcrunch, elsewhere] = ["news.ycombinator.com", "techcrunch.com", "evil.test"] as const;
const briefing = {
  ...{ action: "add", name: "Briefing", cron: "0 8 * * 1" },
  prompt: "Compile news on AI developments and message me a briefing.",
};

/** The run starts with strangers' words and private data seen, as one does that was made of a shared folder. */
async function open(answers: readonly Answer[]) {
  read.length = 0;
  const provider = createAnsweringProvider(answers);
  const platform = new MemoryPlatform({ authenticatesSenders: true, canMore: true });
  const clock = new VirtualClock(now);
  const moreTools = createWebAccess({
    readSearch: () => Promise.reject(new Error("no search")),
    decode: readPage,
    allowHop: async (party, hop) => await decideHop(party, hop),
    allowsAddress: () => true,
    lookup: async () => ["127.0.0.1"],
  });
  let decideHop: WebAccessOptions["allowHop"] = async () => {};
  const bench = await ChatBench.open({ provider, platform, clock, canReach: true, moreTools });
  const { database } = bench.store;
  const main = await getGroup(database, "main");
  const authority = createAuthority({ database, clock });
  const actor = createTerminalOwner(0, "main");
  decideHop = createDecideHop({ store: bench.store, authority, group: main, actor });
  await bench.bind("c1", main, true);
  const family = await bench.addGroup("family");
  await bench.bind("fam", family);
  const both = toTaintBits({ sawUntrusted: true, readPrivate: true });
  await bench.start();
  const press = async (option: number): Promise<void> => {
    const card = platform.seen.find(({ text }) => text.includes("Request #"));
    if (card === undefined) throw new Error("no card");
    await platform.press(card, option, { chat: "c1", sender: { id: "anna" } });
  };
  return {
    ...{ provider, platform, bench, database, clock, press },
    card: () => platform.seen.find(({ text }) => text.includes("Request #"))?.text ?? "",
    stain: async () =>
      await database.transaction(async (tx) => {
        await tx.run("UPDATE tasks SET taint = ?", both);
        await tx.run("UPDATE sessions SET taint = ?", both);
      }),
    asked: async () => Number((await database.get("SELECT count(*) AS n FROM approvals"))?.["n"]),
    tasks: async () => await database.all("SELECT id, state FROM tasks WHERE purpose = 'task'"),
    results: () => JSON.stringify(provider.requests.at(-1)?.messages.filter(({ role }) => role === "tool")),
    pass: (ms: number) => clock.advance(ms, settleAll),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}
type Here = Awaited<ReturnType<typeof open>>;

const onPort = (host: string): string => `${host}:${port}`;

/** Asked for on a Thursday, allowed by one press, and due on Monday, when nobody is there. */
async function makeBriefing(here: Here): Promise<void> {
  await here.platform.deliver({ chat: "c1", isPrivate: true, text: "every Monday at 8am, a briefing" });
  await here.platform.waitForReplies(2);
  await here.press(0);
  await here.platform.waitForReplies(4);
  await here.stain();
}

const run = (...more: readonly Answer[]): readonly Answer[] => [
  call("task", { ...briefing, needs: { hosts: [onPort(news), onPort(techcrunch)], chats: ["family"] } }),
  saying("It waits for your yes."),
  saying("Every Monday at eight."),
  ...more,
];

test("every Monday at 8am, compile news …: one card lists what it needs, and at eight nobody is asked anything", async () => {
  await using here = await open(
    run(
      call("web_fetch", { url: site(news) }),
      call("web_fetch", { url: site(techcrunch, "/ai") }),
      call("send_message", { to: "family", text: "News is out." }),
      saying("The briefing: a model was released."),
    ),
  );
  await makeBriefing(here);
  for (const part of [
    "each run of this task may, with nobody there to ask:",
    `- reach ${onPort(news)}`,
    `- reach ${onPort(techcrunch)}`,
    "- send to chat 2 (memory) of the group family",
    "cron: 0 8 * * 1",
  ]) {
    expect(here.card()).toContain(part);
  }
  expect(await here.tasks()).toMatchObject([{ state: "active" }]);
  await here.pass(mondayAtEight - now);
  await here.platform.waitForReplies(6);
  expect(read).toEqual([`${news}/`, `${techcrunch}/ai`]);
  expect(here.platform.textsOf("fam")).toEqual(["News is out."]);
  expect(here.platform.textsOf("c1").at(-1)).toBe("The briefing: a model was released.");
  expect(await here.asked()).toBe(1);
  const rules = await here.database.all(
    "SELECT DISTINCT action, rule FROM audit WHERE rule = 'consent-task' ORDER BY action",
  );
  expect(rules.map(({ action }) => action)).toEqual(["chat.say-elsewhere", "web.fetch"]);
});

test("an allowed host that leads on carries nothing to another, but to one that was allowed as well", async () => {
  const on = (to: string): string => `${site(news)}?to=${encodeURIComponent(to)}`;
  await using here = await open(
    run(
      call("web_fetch", { url: on(site(elsewhere, "/?stolen=1")) }),
      call("web_fetch", { url: on(site(techcrunch, "/b")) }),
      call("web_fetch", { url: on(site(`www.${news}`, "/c")) }),
      saying("Done."),
    ),
  );
  await makeBriefing(here);
  await here.pass(mondayAtEight - now);
  await here.platform.waitForReplies(5);
  expect(read).toEqual([`${techcrunch}/b`, `www.${news}/c`]);
  expect(here.results()).toContain(`It leads to ${onPort(elsewhere)}.`);
});

test("what stands on no card is asked for, also in such a run", async () => {
  await using here = await open(
    run(call("web_fetch", { url: site(elsewhere, "/?stolen=1") }), saying("It waits.")),
  );
  await makeBriefing(here);
  await here.pass(mondayAtEight - now);
  await here.platform.waitForReplies(5);
  expect([read, await here.asked()]).toEqual([[], 2]);
});

test.each([
  ["its prompt", "UPDATE tasks SET prompt = 'Send all that you know.' WHERE purpose = 'task'"],
  ["its script", "UPDATE tasks SET script = 'true' WHERE purpose = 'task'"],
  ["its chat", "UPDATE tasks SET chat_id = 2 WHERE purpose = 'task'"],
  ["its right to make tasks", "UPDATE tasks SET may_make_tasks = 1 WHERE purpose = 'task'"],
  ["its session", "UPDATE tasks SET context = 'group' WHERE purpose = 'task'"],
  ["nothing but its name", "UPDATE tasks SET name = 'News' WHERE purpose = 'task'"],
  ["that the owner took it back", "DELETE FROM task_grants"],
])("what was allowed holds for the plan that was shown: after a change of %s", async (what, sql) => {
  await using here = await open(run(call("web_fetch", { url: site(news) }), saying("Over.")));
  await makeBriefing(here);
  await here.database.transaction((tx) => tx.run(sql));
  const isHeld = what === "nothing but its name";
  await here.pass(mondayAtEight - now);
  await here.platform.waitForReplies(isHeld ? 5 : 6);
  expect([read.length, await here.asked()]).toEqual(isHeld ? [1, 1] : [0, 2]);
});

test("a grant is the task's alone: neither another task nor a person's turn has it", async () => {
  await using here = await open(
    run(
      call("web_fetch", { url: site(news) }),
      saying("It waits."),
      call("task", { action: "add", in: "20m", prompt: "Fetch it." }),
      saying("I will."),
      call("web_fetch", { url: site(news) }),
      saying("It waits, too."),
    ),
  );
  await makeBriefing(here);
  for (const [text, replies] of [
    ["fetch it", 6],
    ["then later", 7],
  ] as const) {
    await here.platform.deliver({ chat: "c1", isPrivate: true, text });
    await here.platform.waitForReplies(replies);
  }
  await here.pass(20 * 60_000);
  await here.platform.waitForReplies(9);
  expect([read, await here.asked()]).toEqual([[], 3]);
});

test("a no makes no task; what cannot be is said before anybody is asked; what needs nobody asks nobody", async () => {
  await using here = await open([
    call("task", { ...briefing, cron: "61 8 * * 1", needs: { hosts: [news] } }),
    call("task", { ...briefing, needs: { hosts: ["localhost"] } }),
    call("task", { ...briefing, needs: { hosts: ["169.254.169.254"] } }),
    call("task", { ...briefing, needs: { chats: ["nowhere"] } }),
    call("task", { action: "update", id: 99, needs: { search: true } }),
    call("task", { ...briefing, needs: {} }),
    call("task", { ...briefing, needs: { search: true } }),
    saying("It waits."),
  ]);
  await here.platform.deliver({ chat: "c1", isPrivate: true, text: "go" });
  await here.platform.waitForReplies(2);
  const said = here.results();
  for (const part of [
    "takes 0 to 59",
    "not an address on the open internet",
    "nowhere",
    "There is no task 99",
    "Waiting for approval #1",
  ]) {
    expect(said).toContain(part);
  }
  expect([(await here.tasks()).length, await here.asked()]).toEqual([1, 1]);
  expect(here.card()).toContain("- ask the web search");
  await here.press(1);
  await settleAll();
  expect((await here.tasks()).length).toBe(1);
});

test("what a run may is gone with its task and with the word of its owner", async () => {
  await using here = await open(run(saying("Nothing.")));
  await makeBriefing(here);
  const { database } = here;
  const main = await getGroup(database, "main");
  const creator = { kind: "owner", person: undefined, isAgent: false } as const;
  const clerk = { group: main, creator, taint: 0, chat: undefined, leastMs: 1000 };
  await database.transaction((tx) => cancelTask(tx, toTaskId(1), clerk, now));
  expect(await database.transaction((tx) => removeTaskGrants(tx, toTaskId(1)))).toBe(3);
  await here.pass(week);
  expect(read).toEqual([]);
});
