import { describe, expect, test } from "bun:test";
import { createChannelMemory } from "../fakes/channel-memory.ts";
import { actions, type Action } from "../../src/authority/actions.ts";
import { createAgentActor, createTerminalOwner } from "../../src/authority/actor.ts";
import { clean } from "../../src/authority/taint.ts";
import { AppError } from "../../src/errors.ts";
import { AttachedSession, listControlCalls } from "../../src/control/attached-session.ts";
import { createGroupMemoryTools } from "../../src/turns/memory-tools.ts";
import { createWebAccess } from "../../src/turns/web-access.ts";
import { TurnTaint } from "../../src/turns/turn-taint.ts";
import { createHttpChannel } from "../../src/channels/http/channel.ts";
import { systemClock } from "../../src/clock.ts";
import { silentLog } from "../../src/log.ts";
import { slashCommands } from "../../src/prompt/slash-commands.ts";
import type { SlashContext } from "../../src/prompt/slash-command.ts";
import { Secret } from "../../src/secret.ts";
import { slashTable } from "../../src/slash/table.ts";
import { getGroup } from "../../src/store/groups.ts";
import { createToolRunner } from "../../src/tools/registry.ts";
import { createChatTools } from "../../src/tools/chat/chat-tools.ts";
import { createDiagnose } from "../../src/tools/groups/diagnose.ts";
import { createGroupTool } from "../../src/tools/groups/group.ts";
import { createSetGroup } from "../../src/tools/groups/set-group.ts";
import { JobTable } from "../../src/tools/shell/job-table.ts";
import { createStandardTools } from "../../src/tools/standard-tools.ts";
import { WebServer } from "../../src/web/server.ts";
import { phrases } from "../../src/words/english/phrases.ts";
import { ChatBench } from "../fakes/chat-bench.ts";
import { EgressBench } from "../fakes/egress-bench.ts";
import { openGatewayBench, type GatewayBench } from "../fakes/gateway.ts";
import { createAnsweringProvider, saying } from "../fakes/loop.ts";
import { MemoryPlatform } from "../fakes/memory-platform.ts";
import { openTemporaryStore } from "../fakes/temporary-store.ts";
import { VirtualClock } from "../fakes/virtual-clock.ts";
import type { Store } from "../../src/store/store.ts";

const never = new AbortController().signal;

/** The actions that were decided while `work` ran. */
async function decisionsOf({ database }: Store, work: () => Promise<unknown>): Promise<readonly string[]> {
  const [last] = await database.all("SELECT coalesce(max(id), 0) AS id FROM audit");
  await work();
  const rows = await database.all("SELECT DISTINCT action FROM audit WHERE id > ?", Number(last?.["id"]));
  return rows.map(({ action }) => String(action));
}

/** Valid arguments of each tool, and what must be asked. One without a line here fails. */
const toolCalls: Readonly<Record<string, { readonly input: object; readonly asks: Action }>> = {
  shell: { input: { command: "true" }, asks: "command.run" },
  job: { input: { action: "list" }, asks: "job.control" },
  read_file: { input: { path: "a" }, asks: "files.read" },
  write_file: { input: { path: "a", content: "" }, asks: "files.write" },
  edit_file: { input: { path: "a", old: "a", new: "b" }, asks: "files.write" },
  list_files: { input: {}, asks: "files.read" },
  search_files: { input: { pattern: "a" }, asks: "files.read" },
  web_search: { input: { query: "a" }, asks: "web.search" },
  web_fetch: { input: { url: "https://example.org" }, asks: "web.fetch" },
  remember: { input: { text: "a" }, asks: "memory.write" },
  recall: { input: { query: "a" }, asks: "memory.read" },
  forget: { input: { note: 1 }, asks: "memory.forget" },
  send_message: { input: { text: "a" }, asks: "chat.say" },
  send_file: { input: { path: "a" }, asks: "chat.say" },
  ask_user: { input: { question: "a", options: ["b", "c"] }, asks: "chat.say" },
  react: { input: { emoji: "👍" }, asks: "chat.say" },
  edit_message: { input: { text: "a" }, asks: "chat.say" },
  group: { input: { action: "list" }, asks: "groups.list" },
  set_group: { input: { style: "short" }, asks: "group.instruct" },
  instruct_all: { input: { new: "short" }, asks: "instructions.everywhere" },
  diagnose: { input: { question: "why?" }, asks: "diagnosis.read" },
};

/** Hands that do nothing: what is asked is asked before. */
const chatHands = {
  find: async () => ({ isOrigin: true, group: "main" }),
  largestFile: async () => 1,
} as never;

test("every tool asks for its action, and does nothing when the answer is no", async () => {
  await using store = await openTemporaryStore();
  const group = await getGroup(store.database, "main");
  const party = { taint: new TurnTaint(), notice: () => {} };
  const tools = [
    ...createStandardTools({ jobs: new JobTable() }),
    ...createGroupMemoryTools(store, group, systemClock)(() => party),
    ...createWebAccess({} as never)(() => party),
    ...createChatTools(chatHands),
    createGroupTool({} as never, "main"),
    createSetGroup({} as never, "main"),
    createDiagnose({} as never, "main"),
  ];
  expect(tools.map(({ name }) => name).toSorted()).toEqual(Object.keys(toolCalls).toSorted());
  for (const tool of tools) {
    const asked: Action[] = [];
    let hasRun = false;
    const runner = createToolRunner({
      tools: [{ ...tool, execute: async () => ((hasRun = true), { content: "done" }) }],
      authority: {
        decide: async (_, action) => {
          asked.push(action);
          return { verdict: "deny", rule: "test", reason: "No." };
        },
      },
      actor: createAgentActor(createTerminalOwner(0), "main"),
      group: "main",
      taint: () => clean,
      sandbox: async () => ({}) as never,
      log: silentLog,
    });
    const { input, asks } = toolCalls[tool.name] ?? { input: {}, asks: "files.read" };
    const call = { type: "tool-call", id: "a", name: tool.name, arguments: JSON.stringify(input) } as const;
    const { content } = await runner.run(call, () => {}, never);
    expect([tool.name, asked, hasRun, content]).toEqual([tool.name, [asks], false, "Error: Refused: No."]);
    expect(actions).toContain(asks);
  }
});

/** What each command of the prompt must ask; nothing where it does no more than the terminal could do without us. */
const slashAsks: Readonly<Record<string, readonly Action[]>> = {
  new: ["session.new"],
  retry: ["session.read"],
  edit: ["session.read"],
  sessions: ["session.list"],
  undo: ["files.read"],
  compact: ["session.compact"],
  export: ["session.read"],
  status: ["status.read"],
  usage: ["usage.read"],
  show: [],
  tools: ["tools.list"],
  model: ["status.read"],
  approvals: ["approval.read"],
  approve: ["approval.read"],
  deny: ["approval.decide"],
  // `Services.logIn` asks: test/e2e/first-screen.test.ts.
  login: ["model.choose"],
  stop: [],
  help: [],
  quit: [],
};

function toContext(conversation: SlashContext["conversation"], folder: string): SlashContext {
  const nothing = async (): Promise<void> => {};
  return {
    ...{ conversation, folder, home: folder, phrases, models: async () => [], columns: () => 80 },
    ...{ say: nothing, tell: nothing, show: nothing, showBusy: nothing, send: nothing, carryOut: nothing },
    ...{ unfold: () => "", ask: async () => "", edit: () => true, leave: () => {}, logIn: async () => "" },
    stop: async () => false,
  };
}

/** A conversation in which something waits for a yes. */
async function converse(bench: GatewayBench) {
  const conversation = await bench.converse(createAnsweringProvider([saying("hello")]));
  await conversation.send("hi", () => {}, never);
  await bench.store.database.transaction(async (tx) => {
    await tx.run(
      `INSERT INTO approvals (group_id, session_id, kind, actor, chats, action, object_group, title, tool, arguments, hash,
         rule, reason, words, taint, created_at, expires_at)
       SELECT group_id, id, 'call', '{}', '[]', 'command.run', 'main', 't', 'shell', '{}', 'h', 'r', 'r', '', 0, 0, ?
       FROM sessions`,
      Date.now() + 60_000,
    );
  });
  return conversation;
}

test("every command of the prompt asks for what it does", async () => {
  const names: readonly string[] = slashCommands.map(({ name }) => name);
  expect(names.toSorted()).toEqual(Object.keys(slashAsks).toSorted());
  const words: Readonly<Record<string, string>> = { deny: "1", approve: "1", export: "x.md", model: "" };
  for (const { name, run } of slashCommands) {
    await using bench = await openGatewayBench();
    const conversation = await converse(bench);
    const asked = await decisionsOf(bench.store, async () => {
      await run(toContext(conversation, bench.folder), words[name] ?? "", never).catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error;
      });
    });
    expect([name, asked]).toEqual([name, expect.arrayContaining([...(slashAsks[name] ?? [])])]);
  }
});

test("every request over the control socket is asked for at its one door, and none gets through a no", async () => {
  await using bench = await openGatewayBench();
  const touched: string[] = [];
  const asked: string[] = [];
  const session = new AttachedSession({
    store: bench.store,
    queue: { run: async () => void touched.push("queue") } as never,
    wake: () => touched.push("wake"),
    regroup: async () => void touched.push("regroup"),
    openConversation: async () => (touched.push("open"), await converse(bench)),
    allow: async (call) => {
      asked.push(call);
      throw new AppError("denied", "No.");
    },
  });
  const calls = [...listControlCalls(), "no-such-call", "__proto__"];
  for (const name of calls) {
    const context = { emit: () => {}, ask: async () => [], tell: () => {}, signal: never };
    const args = [{ currentFolder: "/", folders: [], sawUntrusted: false, canMore: false }];
    expect(await session.call(name, args, context).catch((error: Error) => error.message)).toBe("No.");
  }
  expect([asked, touched]).toEqual([calls, []]);
  expect(calls.length).toBeGreaterThan(15);
});

test("every route of the web server asks for its action before it is served", async () => {
  const asked: string[] = [];
  await using server = new WebServer({
    host: "127.0.0.1",
    port: 0,
    token: new Secret("t"),
    allow: async (action, name) => (asked.push(`${action} ${name}`), false),
    log: silentLog,
  });
  const routes: string[] = [];
  let served = 0;
  const stop = new AbortController();
  const channel = createHttpChannel({
    config: {} as never,
    clock: systemClock,
    log: silentLog,
    addRoute: ({ method, path, purpose }) => {
      routes.push(`${method} ${path}`);
      const action = purpose === "read" ? "chat.read" : "chat.write";
      server.add({ method, path, action, handle: async () => (served++, new Response("ok")) });
    },
    readReplies: async () => [],
    readAnswers: async () => [],
    memory: createChannelMemory(),
    program: { command: [], plugins: "" },
    menu: [],
    readFile: async () => undefined,
  });
  const over = channel.start(
    { receive: () => Promise.reject(new Error("no")), connected: () => {} },
    stop.signal,
  );
  for (const route of routes) {
    const [method = "", path = ""] = route.split(" ");
    const init = { method, headers: { authorization: "Bearer t" } };
    expect((await fetch(`http://127.0.0.1:${server.port}${path}`, init)).status).toBe(403);
  }
  stop.abort();
  await over;
  expect(routes.length).toBeGreaterThan(2);
  expect([asked.map((each) => each.split(" ").slice(1).join(" ")), served]).toEqual([routes, 0]);
});

describe("whatever arrives in a chat of a group", () => {
  const arrivals = {
    message: {},
    edit: { editOf: "m" },
    reaction: { reactionTo: "m", text: "👍" },
    "press on nothing of ours": { press: { reply: "x", option: 0 } },
    "press on a card": { press: { reply: "a1c1", option: 0 } },
    command: { text: "/stop" },
    answer: { text: "/approve 1" },
    "message of a program": { isFromBot: true },
    "message with a file": { files: [{ reference: "f", kind: "document" as const }] },
  } as const;

  test.each(Object.entries(arrivals))("as a %s is decided for whoever sent it", async (_, arrival) => {
    const platform = new MemoryPlatform({ authenticatesSenders: true, canMore: true });
    const provider = createAnsweringProvider([saying("ok")]);
    await using bench = await ChatBench.open({ provider, platform, clock: new VirtualClock() });
    const family = await bench.addGroup("family");
    await bench.bind("fam", family);
    await bench.know("ben", "member", "family");
    await bench.start();
    for (const id of ["anna", "ben", "mallory"]) {
      const message = { chat: "fam", isPrivate: false, sender: { id }, text: "hi", ...arrival };
      const asked = await decisionsOf(bench.store, () => platform.deliver(message));
      expect([id, asked]).toEqual([
        id,
        expect.arrayContaining([expect.stringMatching(/^(?:message\.write|turn\.stop)$/)]),
      ]);
    }
    const mallory = await bench.store.database.all(
      "SELECT verdict FROM audit WHERE actor_id = 'mallory' AND action IN ('message.write', 'turn.stop')",
    );
    expect(mallory).toEqual([{ verdict: "deny" }]);
  });
});

test.each(slashTable.filter((row) => "action" in row).map(({ name, action }) => [name, action] as const))(
  "the command /%s in a chat asks for %s, whoever writes it, and a member gets no more than it says",
  async (name, action) => {
    const platform = new MemoryPlatform({ authenticatesSenders: true });
    const provider = createAnsweringProvider([saying("ok")]);
    await using bench = await ChatBench.open({ provider, platform, clock: new VirtualClock() });
    await bench.bind("fam", await bench.addGroup("family"));
    await bench.know("ben", "member", "family");
    await bench.start();
    for (const [index, id] of ["anna", "ben"].entries()) {
      const asked = await decisionsOf(bench.store, async () => {
        await platform.deliver({ chat: "fam", isPrivate: false, sender: { id }, text: `@Andy /${name}` });
        await platform.waitForReplies(index + 1);
      });
      expect([id, asked]).toEqual([id, expect.arrayContaining([action])]);
    }
    expect(provider.requests).toEqual([]);
  },
);

test.each([
  "CONNECT a.test:443",
  "CONNECT listed.test:443",
  "GET http://a.test/",
  "GET http://listed.test/x",
])("the connection %s is decided before anything is looked up", async (line) => {
  await using bench = await EgressBench.open({ hosts: ["listed.test"], guard: { lookup: async () => [] } });
  const host = /(?:\/\/|CONNECT )([a-z.]+)/.exec(line)?.[1] ?? "";
  const asked = await decisionsOf(bench.store, () => bench.send(`${line} HTTP/1.1\r\nHost: ${host}\r\n\r\n`));
  expect(asked).toContain("egress.connect");
});
