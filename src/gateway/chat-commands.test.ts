import { expect, test } from "bun:test";
import { ChatBench, type ChatBenchOptions } from "../../test/fakes/chat-bench.ts";
import { HeldProvider, lastWords } from "../../test/fakes/held-provider.ts";
import { calling, createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { MemoryPlatform } from "../../test/fakes/memory-platform.ts";
import { createFakeUndo } from "../../test/fakes/undo.ts";
import { settleAll, VirtualClock } from "../../test/fakes/virtual-clock.ts";
import type { IncomingMessage } from "../channels/channel.ts";
import type { Provider } from "../providers/provider.ts";
import { listAuditRows } from "../store/audit-rows.ts";
import { readGroupChoice } from "../store/group-choice.ts";
import { getGroup } from "../store/groups.ts";

async function open(provider: Provider, options: Partial<ChatBenchOptions> = {}) {
  const platform = new MemoryPlatform({ authenticatesSenders: true });
  const clock = new VirtualClock();
  const bench = await ChatBench.open({ provider, platform, clock, ...options });
  const family = await bench.addGroup("family");
  await bench.bind("f1", family);
  await bench.know("ben", "member", "family");
  await bench.start();
  /** Says it, and resolves with what is answered. */
  const ask = async (text: string, more: Partial<IncomingMessage> = {}): Promise<string> => {
    const seen = platform.seen.length;
    await platform.deliver({ text, ...more });
    await platform.waitForReplies(seen + 1);
    return platform.seen.at(-1)?.text ?? "";
  };
  return { platform, clock, bench, ask, [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() };
}

const never = (): Provider => createAnsweringProvider([saying("the model was asked")]);
const inFamily = { chat: "f1", isPrivate: false };
const ben = { ...inFamily, sender: { id: "ben", name: "Ben" } };

test.each([
  ["/help", ["/new: start a new conversation", "/stop: stop what is running", "/whoami"]],
  ["/new", ["A new conversation."]],
  ["/clear", ["A new conversation."]],
  ["/stop", ["Nothing is running."]],
  ["/status", ["group: main", "now: nothing is running", "model: test (Test)", "shared: /home/anna/notes"]],
  ["/model", ["The model is test.", "  other"]],
  ["/model other", ["The model is other."]],
  ["/model nosuch", ["There is no model nosuch."]],
  ["/compact", ["There is nothing to sum up yet."]],
  ["/usage", ["today: 0 in, 0 out"]],
  ["/tasks", ["No tasks yet."]],
  ["/undo", ["1 file changed", "~ notes.md", "To do it, write: /undo yes 2"]],
  ["/undo list", ["2  10:42  “tidy up”"]],
  ["/undo none", ["There is nothing to undo."]],
  ["/undo yes 2", ["Undone: 1 file changed."]],
  ["/whoami", ["name: Anna", "you are: the owner", "id: memory:default:anna", "chat: memory:default:c1"]],
  ["/staus", ["I do not know /staus. Did you mean /status?", "/help shows"]],
  ["/frobnicate it", ["I do not know /frobnicate. /help"]],
  ["/quit", ["I do not know /quit."]],
])("the owner writes %s in private and is answered without a model", async (text, parts) => {
  const provider = createAnsweringProvider([saying("the model was asked")]);
  await using bench = await open(provider, { desk: { undo: async () => createFakeUndo([]) } });
  const said = await bench.ask(text);
  for (const part of parts) expect(said).toContain(part);
  expect(provider.requests).toEqual([]);
  await settleAll();
  expect((await bench.bench.messages())[0]?.[0]).toBe("answered");
});

test("an undo is shown first, and is done with the number that was shown", async () => {
  const log: string[] = [];
  await using bench = await open(never(), { desk: { undo: async () => createFakeUndo(log) } });
  await bench.ask("/undo");
  await bench.ask("/undo yes 2");
  expect(log).toEqual(["last: no", "2: yes"]);
});

test("tasks are listed where there are some", async () => {
  await using bench = await open(never(), { desk: { tasks: async () => ["1  every Monday at 8: news"] } });
  expect(await bench.ask("/tasks")).toBe("1  every Monday at 8: news");
});

test("a member has what is his, and is told that the rest is the owner's; each is on record as his", async () => {
  const provider = createAnsweringProvider([saying("the model was asked")]);
  await using bench = await open(provider);
  const help = await bench.ask("/help", ben);
  expect(help.match(/^\/\w+/gm)).toEqual(["/status", "/whoami", "/stop", "/help"]);
  expect(help).toContain("I answer when you write @Andy.");
  expect(await bench.ask("/whoami", ben)).toContain("you are: a member");
  expect(await bench.ask("/status", ben)).toBe("group: family\nnow: nothing is running");
  expect(await bench.ask("/stop", ben)).toBe("Nothing is running.");
  for (const command of ["/new", "/model other", "/compact", "/usage", "/tasks", "/undo"]) {
    const name = command.split(" ")[0] ?? "";
    expect(await bench.ask(command, ben)).toBe(`Only the owner can use ${name} here.`);
  }
  const audit = await listAuditRows(bench.bench.store.database, 0, 1000);
  const denied = audit.filter(({ verdict }) => verdict === "deny").map(({ action }) => action);
  const expected = ["session.new", "model.choose", "session.compact", "usage.read", "task.list"];
  expect(denied).toEqual([...expected, "files.restore"]);
  const asked = audit.filter(({ action }) => action !== "gateway.serve");
  expect(new Set(asked.map(({ actorId, actorKind }) => `${actorKind} ${actorId}`))).toEqual(
    new Set(["member ben"]),
  );
  expect(provider.requests).toEqual([]);
});

test("a stranger's command is declined like all that he writes", async () => {
  await using bench = await open(never());
  const stranger = { ...inFamily, sender: { id: "mallory" } };
  for (const text of ["/help", "/stop", "/new"]) {
    expect(await bench.platform.deliver({ ...stranger, text })).toMatchObject({ type: "declined" });
  }
  await settleAll();
  expect(bench.platform.seen).toEqual([]);
});

test("where others read along, the owner's paths are told to nobody", async () => {
  await using bench = await open(never());
  const said = await bench.ask("/status", inFamily);
  expect(said).toContain("model: test");
  expect(said).not.toContain("/home/anna");
});

test.each([
  ["/status@andy", true],
  ["@Andy /status", true],
  ["@Andy, /status", true],
  ["/status", true],
  ["/staus", false],
  ["@Andy /staus", true],
  ["/staus@andy", true],
  ["/status@otherbot", false],
  ["@Bob /status", false],
  ["/weather Berlin", false],
  ["@Andy what is /etc?", false],
])("in a group's chat %s is a command for the assistant: %p", async (text, isCommand) => {
  await using bench = await open(never());
  await bench.platform.deliver({ ...ben, text });
  await settleAll();
  const [row] = await bench.bench.store.database.all("SELECT command FROM messages");
  expect(row?.["command"] !== null).toBe(isCommand);
});

test.each<readonly [string, Partial<IncomingMessage>]>([
  ["a program writes", { isFromBot: true }],
  ["an earlier message is changed into", { editOf: "m1" }],
  ["a button says", { press: { reply: "k", option: 0 } }],
  ["a sign is", { reactionTo: "m1" }],
])("what %s is no command", async (_, more) => {
  await using bench = await open(never());
  await bench.platform.deliver({ text: "/new", ...more });
  await settleAll();
  const [row] = await bench.bench.store.database.all("SELECT command FROM messages");
  expect(row?.["command"]).toBeNull();
});

test("/new waits for the turn that runs, and what is said behind it belongs to the new conversation", async () => {
  const provider = new HeldProvider();
  await using bench = await open(provider);
  const { platform } = bench;
  await platform.deliver({ text: "first" });
  await provider.waitForRequests(1);
  await platform.deliver({ text: "/new" });
  await platform.deliver({ text: "behind it" });
  expect(await bench.ask("/status")).toContain("now: at work");
  provider.answer(calling({ id: "a", name: "no-such-tool", arguments: "{}" }));
  await provider.waitForRequests(2);
  expect(provider.requests[1]?.messages.filter(({ role }) => role === "user")).toHaveLength(1);
  provider.answer("to the first");
  await provider.waitForRequests(3);
  expect(provider.requests[2]?.messages).toHaveLength(1);
  expect(lastWords(provider.requests[2] ?? ({} as never))).toBe("behind it");
  provider.answer("to the second");
  await platform.waitForReplies(4);
  const [, ...rest] = platform.textsOf("c1");
  expect(rest).toEqual(["to the first", "A new conversation.", "to the second"]);
});

test("/stop drops what waits before it, not what is asked after it or answered by itself", async () => {
  const provider = new HeldProvider();
  await using bench = await open(provider);
  const { platform } = bench;
  await platform.deliver({ text: "work" });
  await provider.waitForRequests(1);
  for (const text of ["more work", "/new"]) await platform.deliver({ text });
  await Promise.all([
    platform.deliver({ text: "/status" }),
    platform.deliver({ text: "/stop" }),
    platform.deliver({ text: "another question" }),
  ]);
  await provider.waitForRequests(2);
  expect(lastWords(provider.requests[1] ?? ({} as never))).toBe("another question");
  provider.answer("another answer");
  provider.answer("another answer");
  await platform.waitForReplies(3);
  await settleAll();
  const heads = platform.textsOf("c1").map((text) => text.split("\n")[0]);
  expect(heads.toSorted()).toEqual(["Stopped.", "another answer", "group: main"]);
  const states = (await bench.bench.messages()).map(([state]) => state);
  expect(states).toEqual(["declined", "declined", "declined", "answered", "answered", "answered"]);
});

test("/compact sums up, and is stopped like a turn", async () => {
  const provider = new HeldProvider();
  await using bench = await open(provider);
  const { platform } = bench;
  for (const [index, text] of ["one", "two", "three"].entries()) {
    await platform.deliver({ text });
    await provider.waitForRequests(index + 1);
    provider.answer(`answer ${text}`);
    await platform.waitForReplies(index + 1);
    await settleAll();
  }
  await platform.deliver({ text: "/compact keep the names" });
  await provider.waitForRequests(4);
  expect(lastWords(provider.requests[3] ?? ({} as never))).toContain("keep above all: keep the names");
  expect(await bench.ask("/stop")).toBe("Stopped.");
  await settleAll();
  expect(platform.textsOf("c1").filter((text) => text === "Stopped.")).toHaveLength(1);
  await platform.deliver({ text: "/compact" });
  await provider.waitForRequests(5);
  provider.answer("x");
  provider.answer("a summary");
  await platform.waitForReplies(5);
  expect(platform.textsOf("c1").at(-1)).toMatch(/^\d+ entries are now a summary/);
  await platform.deliver({ text: "four" });
  await provider.waitForRequests(6);
  expect(JSON.stringify(provider.requests[5]?.messages[0])).toContain("a summary");
  provider.answer("answer four");
  await platform.waitForReplies(6);
});

test("a model that is chosen stays chosen after a restart, for that group alone", async () => {
  await using bench = await open(never());
  expect(await bench.ask("/model other")).toBe("The model is other.");
  await bench.bench.stop();
  await bench.bench.start();
  const { database } = bench.bench.store;
  const main = await getGroup(database, "main");
  expect(await readGroupChoice(database, main.id, "model")).toBe("other");
  expect(await bench.ask("/model")).toContain("“/model default” goes back");
  expect(await bench.ask("/model default")).toBe("The model is test.");
  expect(await readGroupChoice(database, main.id, "model")).toBeUndefined();
});

test("a long answer is sent in pieces, and each command that is repeated is answered anew", async () => {
  const tasks = Array.from({ length: 90 }, (_, index) => `${index}  every day: something to be done`);
  await using bench = await open(never(), { desk: { tasks: async () => tasks } });
  await bench.platform.deliver({ text: "/tasks" });
  await bench.platform.waitForReplies(4);
  expect(bench.platform.textsOf("c1").join("\n").split("\n")).toEqual(tasks);
  expect(await bench.ask("/whoami")).toContain("the owner");
  expect(await bench.ask("/whoami")).toContain("the owner");
});

test("a command that fails in a way nobody foresaw is answered, and what comes behind it goes on", async () => {
  const provider = createAnsweringProvider([saying("here I am")]);
  await using bench = await open(provider, { desk: { undo: () => Promise.reject(new Error("oh")) } });
  expect(await bench.ask("/undo")).toContain("bug in NanoClaw");
  expect(await bench.ask("still there?")).toBe("here I am");
});

test("a command over which the program ended three times is set aside", async () => {
  await using bench = await open(never());
  const { database } = bench.bench.store;
  await bench.ask("/new");
  await bench.bench.stop();
  await database.transaction((tx) =>
    tx.run("UPDATE messages SET state = 'received', attempts = 3, ended_at = NULL"),
  );
  await bench.bench.start();
  await bench.platform.waitForReplies(2);
  expect(bench.platform.textsOf("c1")[1]).toContain("I have set /new aside");
  expect((await bench.bench.messages())[0]?.[0]).toBe("dead");
});
