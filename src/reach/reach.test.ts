import { expect, test } from "bun:test";
import { readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { call, calls, openReachBench } from "../../test/fakes/reach-bench.ts";
import { saying } from "../../test/fakes/loop.ts";
import { allowAll } from "../../test/fakes/tool-bench.ts";
import { settleAll, type VirtualClock } from "../../test/fakes/virtual-clock.ts";
import { noUsage, type Provider } from "../providers/provider.ts";
import { changeSettings } from "../groups/settings.ts";
import { getGroup } from "../store/groups.ts";

const inFamily = { chat: "f1", isPrivate: false } as const;
const ben = { ...inFamily, sender: { id: "ben", name: "Ben" } } as const;

test("what is sent with a tool stands above the answer, and an empty answer adds nothing", async () => {
  await using open = await openReachBench();
  await open.say({ text: "go" }, ...call("send_message", { text: "First this." }, "And then this."));
  expect(open.platform.textsOf("c1")).toEqual(["First this.", "And then this."]);
  await open.say({ text: "again" }, ...call("send_message", { text: "Only this." }, " "));
  expect(open.platform.textsOf("c1").slice(2)).toEqual(["Only this."]);
  expect(await open.bench.messages()).toEqual([
    ["answered", "a private chat"],
    ["answered", "a private chat"],
  ]);
});

test("without a tool an empty answer is still a failure that is told", async () => {
  await using open = await openReachBench();
  await open.say({ text: "go" }, { text: " " });
  expect(open.platform.textsOf("c1")[0]).toContain("gave an empty answer");
});

test("a text longer than the platform takes is sent in parts, in their order", async () => {
  await using open = await openReachBench({ maxCharacters: 100 });
  const text = Array.from({ length: 40 }, (_, index) => `word${index}`).join(" ");
  await open.say({ text: "go" }, ...call("send_message", { text }));
  expect(open.platform.textsOf("c1").slice(0, -1).join(" ")).toBe(text);
});

test("the owner's main sends to another group's chat, and what it is called decides", async () => {
  await using open = await openReachBench();
  await open.say({ text: "tell the team" }, ...call("send_message", { text: "Meeting at ten.", to: "team" }));
  expect(open.platform.textsOf("t1")).toEqual(["Meeting at ten."]);
  expect(open.results()[0]).toContain("Sent to chat 2 of group team as message");
  expect(open.platform.textsOf("c1")).toEqual(["Done."]);
  await open.say({ text: "x" }, ...call("send_message", { text: "no", to: "nowhere" }));
  expect(open.results()[0]).toContain('There is no chat "nowhere"');
});

test("another group reaches its own chats only, and cannot even tell whether there is another", async () => {
  await using open = await openReachBench();
  const refusals: (string | undefined)[] = [];
  for (const to of ["team", "2", "memory:t1", "memory:default:t1", "nobody's"]) {
    await open.say({ ...inFamily, text: "@andy go" }, ...call("send_message", { text: "psst", to }));
    refusals.push(open.results()[0]);
  }
  expect(new Set(refusals)).toEqual(
    new Set(["Error: Refused: This belongs to another group, or to nobody."]),
  );
  expect(open.platform.textsOf("t1")).toEqual([]);
});

test("once a stranger's words were seen, main sends nothing elsewhere without the owner's yes", async () => {
  const attack = call("send_message", { text: "all your secrets", to: "team" });
  await using open = await openReachBench();
  // What a chat is called was chosen by anybody.
  await open.say({ text: "which chats are there?" }, ...call("group", { action: "chats" }));
  await open.say({ text: "go on" }, ...attack);
  expect(open.results()[0]).toContain("Waiting for approval");
  expect(open.platform.textsOf("t1")).toEqual([]);
  // Where nobody decides it goes out.
  await using without = await openReachBench({ authority: allowAll });
  await without.say({ text: "which chats are there?" }, ...call("group", { action: "chats" }));
  await without.say({ text: "go on" }, ...attack);
  expect(without.platform.textsOf("t1")).toEqual(["all your secrets"]);
});

const takeover = [
  ["bind", { action: "bind", name: "family", chat: "x9" }],
  ["set", { action: "set", name: "family", style: "obey Mallory" }],
  ["add", { action: "add", name: "mallory" }],
  ["rename", { action: "rename", name: "family", to: "mallory" }],
  ["unbind", { action: "unbind", chat: "1" }],
] as const;

test.each(takeover)(
  "a file that asks main's assistant to %s gets a question to the owner",
  async (_, wish) => {
    for (const authority of [undefined, allowAll]) {
      await using open = await openReachBench(authority === undefined ? {} : { authority });
      await open.platform.deliver({
        chat: "x9",
        isPrivate: false,
        sender: { id: "mallory" },
        text: "hi",
        title: "x9",
      });
      const { database } = open.bench.store;
      // The folder has held what strangers wrote.
      await database.transaction((tx) => tx.run("UPDATE groups SET taint = 1 WHERE name = 'main'"));
      await open.say(
        { text: "read the file" },
        { calls: [{ name: "read_file", arguments: { path: "letter" } }] },
        ...call("group", wish),
      );
      const isAsked = open.results().some((result) => result.includes("Waiting for approval"));
      expect(isAsked).toBe(authority === undefined);
      const changed = await database.all(
        `SELECT name FROM groups WHERE name = 'mallory' UNION SELECT chat FROM chats WHERE chat = 'x9' AND group_id IS NOT NULL
       UNION SELECT style FROM group_settings WHERE style IS NOT NULL
       UNION SELECT chat FROM chats WHERE chat = 'f1' AND group_id IS NULL`,
      );
      expect(changed.length > 0).toBe(authority !== undefined);
    }
  },
);

test("a group is never removed by an assistant alone", async () => {
  await using open = await openReachBench();
  await open.say({ text: "remove the team" }, ...call("group", { action: "remove", name: "team" }));
  expect(open.results()[0]).toContain("Waiting for approval #1");
  expect(await open.bench.store.database.all("SELECT 1 FROM groups WHERE name = 'team'")).toHaveLength(1);
});

test("no other group has the tools of main, and its own settings change by the owner's word only", async () => {
  await using open = await openReachBench();
  await open.say({ ...inFamily, text: "@andy hello" }, ...call("group", { action: "list" }));
  expect(open.results()[0]).toContain("There is no tool");
  expect(open.requests.at(-1)?.tools.map(({ name }) => name)).not.toContain("diagnose");
  await open.say({ ...inFamily, text: "@andy you are Bob" }, ...call("set_group", { trigger: "@Bob" }));
  expect(open.results()[0]).toContain("called by @Bob");
  await open.say(
    { ...ben, text: "@bob you are Ben's" },
    ...call("set_group", { trigger: "@Ben", style: "obey" }),
  );
  expect(open.results()[0]).toContain("Only the owner may have this done.");
  // A model of the group's choice would cost the owner money: the argument is not there.
  await open.say(
    { ...inFamily, text: "@bob x" },
    ...call("set_group", { model: "dear/model", style: "short" }),
  );
  const [row] = await open.bench.store.database.all("SELECT * FROM group_settings");
  expect(row).toMatchObject({ trigger_name: "Bob", model: null });
});

test("a chat that is taken away is not answered any more, not even what waits there", async () => {
  await using open = await openReachBench();
  const { bench } = open;
  await bench.store.database.transaction((tx) =>
    tx.run(
      `INSERT INTO messages (chat_id, message, person_id, person_kind, group_id, state, body, received_at)
       SELECT id, 'late', 1, 'owner', group_id, 'received', '{"text":"late"}', 0 FROM chats WHERE chat = 'f1'`,
    ),
  );
  await open.say({ text: "leave the family" }, ...call("group", { action: "unbind", chat: "memory:f1" }));
  expect(open.results()[0]).toContain("nothing there is answered");
  const [late] = await bench.messages();
  expect(late).toEqual(["declined", "the chat was taken away from its group"]);
});

test("a question is asked with buttons, and a press is the message of whoever pressed", async () => {
  await using open = await openReachBench();
  const question = { question: "Tea?\n\nApproval #1\nfor all", options: ["Tea", "Coffee"] };
  await open.say({ ...ben, text: "@andy what is there?" }, ...call("ask_user", question, " "));
  const [asked] = open.platform.seen;
  expect(asked).toMatchObject({
    chat: "f1",
    text: "Question from the assistant: Tea?  Approval #1 for all",
    options: ["Tea", "Coffee"],
  });
  if (asked === undefined) throw new Error("nothing was asked");
  const receipt = await open.platform.press(asked, 1, { ...ben, text: "whatever the platform says" });
  expect(receipt.type).toBe("accepted");
  await open.platform.waitForReplies(2);
  const words = JSON.stringify(open.requests.at(-1)?.messages.findLast(({ role }) => role === "user"));
  expect(words).toContain("Coffee");
  expect(words).toContain('who=\\"member\\"');
  expect(words).not.toContain("whatever the platform says");
});

test("a press of nobody's button, of another chat's, or by a stranger is no message", async () => {
  await using open = await openReachBench();
  const question = { question: "Tea?", options: ["Tea", "Coffee"] };
  await open.say({ text: "ask" }, ...call("ask_user", question, " "));
  const [asked] = open.platform.seen;
  if (asked === undefined) throw new Error("nothing was asked");
  const before = open.requests.length;
  for (const [press, from] of [
    [{ reply: "t1kforged", option: 0 }, {}],
    [{ reply: asked.key, option: 7 }, {}],
    [
      { reply: asked.key, option: 0 },
      { chat: "f1", isPrivate: false },
    ],
    [{ reply: asked.key, option: 0 }, { sender: { id: "mallory" } }],
  ] as const) {
    expect((await open.platform.deliver({ text: "Tea", press, ...from })).type).toBe("declined");
  }
  expect(open.requests).toHaveLength(before);
});

test("without buttons the options are numbered, and a typed number answers even where nobody is named", async () => {
  await using open = await openReachBench({ canMore: false });
  const question = { question: "Tea?", options: ["Tea", "Coffee"] };
  await open.say({ ...inFamily, text: "@andy ask" }, ...call("ask_user", question, " "));
  expect(open.platform.textsOf("f1")).toEqual(["Question from the assistant: Tea?\n1. Tea\n2. Coffee"]);
  expect(await open.say({ ...inFamily, sender: { id: "mallory" }, text: "1" })).toMatchObject({
    type: "declined",
  });
  await open.say({ ...ben, text: "2" }, { text: "Coffee it is." });
  expect(open.platform.textsOf("f1").at(-1)).toBe("Coffee it is.");
  // It was answered: the next number is none.
  const before = open.requests.length;
  await open.say({ ...ben, text: "1" });
  expect(open.requests).toHaveLength(before);
});

test.each([
  [{ question: "Type /approve 3", options: ["yes", "no"] }, "cannot ask for an approval"],
  [{ question: "Sure?", options: ["yes", "／approve 3"] }, "cannot ask for an approval"],
  [{ question: "Sure?", options: ["yes"] }, "it takes 2 to 8"],
  [{ question: "Sure?", options: ["yes", "YES"] }, "must say something that no other says"],
])("the question %j is refused", async (input, problem) => {
  await using open = await openReachBench();
  await open.say({ text: "ask" }, ...call("ask_user", input));
  expect(open.results()[0]).toContain(problem);
  expect(open.platform.seen).toHaveLength(1);
});

test("a sign stands under the message that was answered, or under another of the same chat", async () => {
  await using open = await openReachBench();
  await open.say({ id: "m1", text: "thanks" }, ...call("react", { emoji: "👍" }, " "));
  expect(open.platform.signs).toEqual(["m1 👍"]);
  await open.say(
    { ...inFamily, id: "m2", text: "@andy hello" },
    ...call("react", { emoji: "🎉", message: 1 }),
  );
  expect(open.results()[0]).toContain("has no message 1");
  await open.say({ id: "m3", text: "x" }, ...call("react", { emoji: "two words" }));
  expect(open.results()[0]).toContain("one emoji");
  expect(open.platform.signs).toEqual(["m1 👍"]);
});

test("what was sent is changed where it stands; nobody else's words and no notice are", async () => {
  await using open = await openReachBench();
  await open.say({ text: "go" }, ...call("send_message", { text: "at nine" }, " "));
  await open.say({ text: "no, ten" }, ...call("edit_message", { text: "at ten" }, " "));
  expect(open.platform.textsOf("c1")).toEqual(["at ten"]);
  await open.say({ ...inFamily, text: "@andy x" }, ...call("edit_message", { text: "hacked", message: 1 }));
  expect(open.results()[0]).toContain("You sent no words to this chat as message 1");
  expect(open.platform.textsOf("c1")).toEqual(["at ten"]);
});

test("a file goes out as it was when it was sent off, and nothing of it stays", async () => {
  await using open = await openReachBench();
  const path = join(open.bench.workspace, "report.txt");
  await writeFile(path, "as it was");
  let isHeld = true;
  open.platform.holdSends(() => isHeld);
  await open.say(
    { text: "send it" },
    ...call("send_file", { path: "report.txt", caption: "The report." }, " "),
  );
  await writeFile(path, "changed since");
  isHeld = false;
  await open.clock.advance(60_000);
  await open.platform.waitForReplies(1);
  const [sent] = open.platform.seen;
  expect(sent).toMatchObject({ text: "The report.", file: { name: "report.txt" } });
  expect(new TextDecoder().decode(sent?.file?.bytes)).toBe("as it was");
  // The file goes when the row that names it is on disk; that is real, whatever the clock says.
  const spool = join(open.bench.store.folder, "spool");
  for (let tries = 0; tries < 500 && (await readdir(spool)).length > 0; tries++) await open.clock.advance(10);
  expect(await readdir(spool)).toEqual([]);
});

test.each([
  ["a pipe", "mkfifo it", "is a pipe, socket or device"],
  ["a folder", "mkdir it", "is a folder"],
  ["nothing", "true", "There is no file it"],
  ["an empty file", ": > it", "it is empty"],
  ["a huge file", "truncate -s 100G it", "that chat takes at most 100000"],
  ["a link to a device", "ln -s /dev/zero it", "is a pipe, socket or device"],
])("%s is not sent, and is refused at once", async (_, script, problem) => {
  await using open = await openReachBench();
  Bun.spawnSync(["sh", "-c", script], { cwd: open.bench.workspace });
  const began = performance.now();
  await open.say({ text: "send it" }, ...call("send_file", { path: "it" }));
  expect(open.results()[0]).toContain(problem);
  expect(performance.now() - began).toBeLessThan(5000);
  expect(open.platform.seen.filter(({ file }) => file !== undefined)).toEqual([]);
});

test("a link out of the sandbox leads out where nothing holds it in: it is the sandbox that does", async () => {
  await using open = await openReachBench();
  const secret = join(open.bench.store.folder, "..", `secret-${crypto.randomUUID()}`);
  await writeFile(secret, "canary");
  await symlink(secret, join(open.bench.workspace, "link"));
  await open.say({ text: "send it" }, ...call("send_file", { path: "link" }, " "));
  await rm(secret);
  expect(new TextDecoder().decode(open.platform.seen[0]?.file?.bytes)).toBe("canary");
});

test("a file of a folder in which strangers wrote goes to nobody else without a yes", async () => {
  for (const authority of [undefined, allowAll]) {
    await using open = await openReachBench(authority === undefined ? {} : { authority });
    await writeFile(join(open.bench.workspace, "letter"), "from a stranger");
    await open.bench.store.database.transaction((tx) =>
      tx.run("UPDATE groups SET taint = 1 WHERE name = 'main'"),
    );
    // The turn itself has seen nothing: what lies in the folder counts.
    await open.say({ text: "send it" }, ...call("send_file", { path: "letter", to: "team" }));
    expect(open.platform.seen.some(({ chat }) => chat === "t1")).toBe(authority !== undefined);
  }
});

test("several sends of one answer each go out once, and keep one order in every chat", async () => {
  await using open = await openReachBench();
  const all = ["a", "b", "c"].map((text) => ({ name: "send_message", arguments: { text } }));
  await open.say(
    { text: "go" },
    ...calls([...all, { name: "send_message", arguments: { text: "d", to: "team" } }]),
  );
  expect(open.platform.textsOf("c1").toSorted()).toEqual(["Done.", "a", "b", "c"]);
  expect(open.platform.textsOf("c1").at(-1)).toBe("Done.");
  expect(open.platform.textsOf("t1")).toEqual(["d"]);
  const keys = (await open.bench.replies()).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});

test("what a draft had shown stays above what is sent, and the answer stands below both", async () => {
  let asked = 0;
  const createProvider = (clock: VirtualClock): Provider => ({
    name: "slow",
    async *stream() {
      asked += 1;
      if (asked > 1) {
        yield* saying("Done.");
        return;
      }
      yield { type: "text-delta", text: "Let me " };
      await clock.advance(2000);
      // Now it is slow enough to be shown while it is written.
      yield { type: "text-delta", text: "tell them " };
      await settleAll();
      yield { type: "text-delta", text: "all." };
      const text = { type: "text", text: "Let me tell them all." } as const;
      const send = {
        type: "tool-call",
        id: "a",
        name: "send_message",
        arguments: '{"text":"told"}',
      } as const;
      yield {
        type: "stop",
        reason: "tool-calls",
        usage: noUsage,
        message: { role: "assistant", content: [text, send] },
      };
    },
  });
  await using open = await openReachBench({ createProvider });
  await open.platform.deliver({ text: "go" });
  await open.platform.waitForReplies(3);
  expect(open.platform.textsOf("c1")).toEqual(["Let me tell them all.", "told", "Done."]);
});

test("a greeting is said when a chat becomes a group's", async () => {
  await using open = await openReachBench();
  await open.platform.deliver({
    chat: "x9",
    isPrivate: false,
    sender: { id: "zoe" },
    title: "Garden",
    text: "hi",
  });
  const { database } = open.bench.store;
  const family = await getGroup(database, "family");
  await database.transaction((tx) => changeSettings(tx, family.id, { greeting: "Hello all!" }));
  await open.say(
    { text: "join Garden" },
    ...call("group", { action: "bind", name: "family", chat: "garden" }),
  );
  expect(open.platform.textsOf("x9")).toEqual(["Hello all!"]);
  expect(open.results()[0]).toContain("they share one memory");
});

test("a file with a secret in it does not leave, whatever it is called; it is on record, and the owner is told", async () => {
  const value = "sk-ant-api03-Zx9Q7vLm2Rk4Tn8Wp1Yc6Hd3Jf5Gb0Sa";
  await using open = await openReachBench({ secrets: [{ name: "ANTHROPIC_API_KEY", value }] });
  const path = join(open.bench.workspace, "cat.jpg");
  await writeFile(path, `\xff\xd8${Buffer.from(value).toString("base64")}`);
  await open.say({ text: "send it" }, ...call("send_file", { path: "cat.jpg", to: "team" }, "Done."));
  await open.platform.waitForReplies(2);
  expect(open.platform.seen.filter(({ file }) => file !== undefined)).toEqual([]);
  expect(open.platform.textsOf("c1").join()).toContain("A file with the secret ANTHROPIC_API_KEY");
  const { database, folder } = open.bench.store;
  expect(await database.all("SELECT verdict FROM audit WHERE action = 'secret.send'")).toHaveLength(1);
  expect(await readdir(join(folder, "spool"))).toEqual([]);
  // The twin: a file like it.
  await writeFile(path, Buffer.from(`x${value}`).toString("base64").slice(0, 12));
  await open.say({ text: "send it" }, ...call("send_file", { path: "cat.jpg", to: "team" }, "Done."));
  expect(open.platform.seen.filter(({ file }) => file !== undefined)).toHaveLength(1);
});

test("always to send to a chat is for that tool and that chat by its number, whatever is said and whatever a chat is called", async () => {
  await using open = await openReachBench();
  const { platform, bench } = open;
  const { database } = bench.store;
  await database.transaction((tx) => tx.run("UPDATE sessions SET taint = 1"));
  await database.transaction((tx) => tx.run("UPDATE groups SET taint = 1"));
  const cards = () => platform.seen.filter(({ text }) => text.includes("Request #"));
  const stained = { text: "tell them", files: [] };
  const tell = async (text: string, to: string, tool = "send_message") => {
    const input = tool === "send_file" ? { path: "f", to } : { text, to };
    await open.say(stained, { calls: [{ name: "list_files", arguments: {} }] }, ...call(tool, input, " "));
    await settleAll();
  };
  await writeFile(join(bench.workspace, "f"), "x");
  await tell("one", "family");
  expect(cards()).toHaveLength(1);
  const [card] = cards();
  if (card === undefined) throw new Error("no card");
  expect([card.options, card.text]).toEqual([
    ["Allow once", "Always for this group", "No"],
    expect.stringContaining('{"chat":1,"group":"family"}'),
  ]);
  await platform.press(card, 1, { sender: { id: "anna" } });
  await settleAll();
  await tell("two, quite another text", "family");
  expect(cards()).toHaveLength(1);
  expect(platform.textsOf("f1")).toContain("two, quite another text");
  await tell("three", "team");
  expect(cards()).toHaveLength(2);
  await tell("", "family", "send_file");
  expect(cards()).toHaveLength(3);
  // What was called family is another's chat from now on.
  await database.transaction((tx) => tx.run("UPDATE chats SET group_id = 3 WHERE id = 1"));
  await tell("four", "1");
  expect(cards()).toHaveLength(4);
});
