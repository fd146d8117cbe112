import { expect, test } from "bun:test";
import { openGatewayBench, type GatewayBench } from "../../test/fakes/gateway.ts";
import { calling, createAnsweringProvider, EventLog, saying, tenTokens } from "../../test/fakes/loop.ts";
import { toTranscript } from "../agent/transcript.ts";
import { clean } from "../authority/taint.ts";
import type { Message, Provider } from "../providers/provider.ts";
import { listEntries, loadTranscript, type Entry } from "../store/entries.ts";
import { getGroup } from "../store/groups.ts";
import { findLease } from "../store/leases.ts";
import { findCurrentSession } from "../store/sessions.ts";

const tainted = { ...clean, sawUntrusted: true };
const never = new AbortController().signal;
const run = (command: string, id = "a") =>
  calling({ id, name: "shell", arguments: JSON.stringify({ command }) });

async function currentEntries(bench: GatewayBench): Promise<readonly Entry[]> {
  const group = await getGroup(bench.store.database, "main");
  const session = await findCurrentSession(bench.store.database, group.id);
  return session === undefined ? [] : await listEntries(bench.store.database, session.id);
}

async function shownMessages(bench: GatewayBench): Promise<readonly Message[]> {
  const group = await getGroup(bench.store.database, "main");
  const session = await findCurrentSession(bench.store.database, group.id);
  return session === undefined ? [] : (await loadTranscript(bench.store.database, session.id)).messages;
}

async function hasLease(bench: GatewayBench): Promise<boolean> {
  const group = await getGroup(bench.store.database, "main");
  return (await findLease(bench.store.database, group.id)) !== undefined;
}

async function auditOf(bench: GatewayBench, action: string): Promise<unknown[]> {
  const rows = await bench.store.database.all("SELECT verdict FROM audit WHERE action = ?", action);
  return rows.map((row) => row["verdict"]);
}

/** The words of each message, without what was added for the model. */
function wordsOf(messages: readonly Message[]): string[] {
  return messages.map((message) => {
    if (message.role === "tool") return `tool: ${message.content}`;
    const [first] = message.content;
    return `${message.role}: ${first?.type === "text" ? first.text : (first?.type ?? "")}`;
  });
}

test("asked again, the model sees the new answer in the place of the old one, and the store keeps both", async () => {
  await using bench = await openGatewayBench();
  const provider = createAnsweringProvider([
    saying("zero"),
    run("echo x"),
    saying("one"),
    saying("two"),
    saying("three"),
  ]);
  const conversation = await bench.converse(provider);
  await conversation.send("before", () => {}, never);
  await conversation.send({ text: "what?", taint: tainted }, () => {}, never);
  const last = await conversation.past.lastMessage();
  expect(last).toEqual({ text: "what?", taint: tainted });
  await conversation.send(last ?? "", () => {}, never, { replacesLast: true });
  expect(wordsOf(provider.requests.at(-1)?.messages ?? [])).toEqual([
    "user: before",
    "assistant: zero",
    "user: what?",
  ]);
  await conversation.send("and then?", () => {}, never);
  expect(wordsOf(provider.requests.at(-1)?.messages ?? [])).toEqual([
    "user: before",
    "assistant: zero",
    "user: what?",
    "assistant: two",
    "user: and then?",
  ]);
  const entries = await currentEntries(bench);
  expect(wordsOf(entries.filter(({ isReplaced }) => isReplaced).map(({ message }) => message))).toEqual([
    "user: what?",
    "assistant: tool-call",
    "tool: x",
    "assistant: one",
  ]);
  expect(await auditOf(bench, "turn.replace")).toEqual(["allow"]);
});

test("the last message is asked with all that joined it; in a new conversation there is none", async () => {
  await using bench = await openGatewayBench();
  const waiting = [[], [{ text: "and this" }]];
  const conversation = await bench.converse(createAnsweringProvider([run("true"), saying("both")]));
  expect(await conversation.past.lastMessage()).toBeUndefined();
  await conversation.send("this", () => {}, never, { takeJoining: async () => waiting.shift() ?? [] });
  expect(await conversation.past.lastMessage()).toEqual({ text: "this\n\nand this", taint: clean });
  await conversation.startNewSession();
  expect(await conversation.past.lastMessage()).toBeUndefined();
});

test("a message that joins is an entry of the running turn, with its taint, and its decision is on record", async () => {
  await using bench = await openGatewayBench();
  const provider = createAnsweringProvider([run("true"), saying("both")]);
  const conversation = await bench.converse(provider);
  const waiting = [[], [{ text: "and this", taint: tainted }]];
  const log = new EventLog();
  await conversation.send("first", log.emit, never, { takeJoining: async () => waiting.shift() ?? [] });
  expect(wordsOf(provider.requests[1]?.messages ?? []).at(-1)).toBe("user: and this");
  expect(log.of("message-join").length).toBe(1);
  const entries = await currentEntries(bench);
  const [first, joined] = entries.filter(({ kind }) => kind === "user");
  expect([joined?.turn, joined?.taint]).toEqual([first?.turn, 1]);
  expect(await auditOf(bench, "turn.join")).toEqual(["allow"]);
});

test("what may not join does not, and the turn goes on", async () => {
  await using bench = await openGatewayBench();
  const provider = createAnsweringProvider([run("true"), saying("alone")]);
  const conversation = await bench.converse(provider, {
    authority: {
      decide: async (_actor, action) =>
        action === "turn.join"
          ? { verdict: "deny", rule: "test", reason: "No." }
          : { verdict: "allow", rule: "test" },
    },
  });
  const waiting = [[], [{ text: "not this" }]];
  const end = await conversation.send("first", () => {}, never, {
    takeJoining: async () => waiting.shift() ?? [],
  });
  expect(end.text).toBe("alone");
  expect(JSON.stringify(provider.requests)).not.toContain("not this");
});

test("a summary takes the place of all but the last turns, and no call is parted from its result", async () => {
  await using bench = await openGatewayBench();
  await Bun.write(`${bench.folder}/AGENTS.md`, "Be brief.");
  const provider = createAnsweringProvider([
    run("echo one", "a"),
    saying("first"),
    run("echo two", "b"),
    saying("second"),
    run("echo three", "c"),
    saying("third"),
    (request) => {
      expect(request.toolChoice).toBe("none");
      expect(wordsOf(request.messages).at(-1)).toContain("keep above all: the number one");
      return saying("They counted.");
    },
    saying("fourth"),
  ]);
  const conversation = await bench.converse(provider);
  for (const text of ["one", "two", "three"]) await conversation.send(text, () => {}, never);
  await Bun.write(`${bench.folder}/AGENTS.md`, "Be long.");
  const { entries, summary } = await conversation.past.compact("the number one", never);
  expect([entries, summary, await hasLease(bench)]).toEqual([4, "They counted.", false]);
  await conversation.send("four", () => {}, never);
  const request = provider.requests.at(-1);
  const words = wordsOf(request?.messages ?? []);
  expect(words[0]).toContain("<summary>\nThey counted.\n</summary>");
  expect(words.slice(1)).toEqual([
    "user: two",
    "assistant: tool-call",
    "tool: two",
    "assistant: second",
    "user: three",
    "assistant: tool-call",
    "tool: three",
    "assistant: third",
    "user: four",
  ]);
  expect(toTranscript(request?.messages ?? [])).toEqual([...(request?.messages ?? [])]);
  expect(request?.system).toContain("Be long.");
  expect((await currentEntries(bench)).length).toBe(15);
  expect((await conversation.past.usage()).models[0]?.calls).toBe(8);
});

test("a second summary stands for the first one too", async () => {
  await using bench = await openGatewayBench();
  const texts = ["a", "b", "c", "SUM1", "d", "e", "SUM2", "f"];
  const provider = createAnsweringProvider(texts.map((text) => saying(text)));
  const conversation = await bench.converse(provider);
  for (const text of ["1", "2", "3"]) await conversation.send(text, () => {}, never);
  await conversation.past.compact("", never);
  for (const text of ["4", "5"]) await conversation.send(text, () => {}, never);
  await conversation.past.compact("", never);
  expect(wordsOf(provider.requests[6]?.messages ?? [])[0]).toContain("SUM1");
  await conversation.send("6", () => {}, never);
  const words = wordsOf(provider.requests[7]?.messages ?? []);
  expect(words[0]).toContain("SUM2");
  expect(words.slice(1)).toEqual(["user: 4", "assistant: d", "user: 5", "assistant: e", "user: 6"]);
});

const failing: readonly { name: string; provider: Provider; message: string }[] = [
  {
    name: "an error",
    message: "It is down.",
    provider: toFailing({ type: "error", error: { class: "quota", message: "It is down.", wasCut: false } }),
  },
  {
    name: "an empty answer",
    message: "no whole summary",
    provider: toFailing({ type: "stop", reason: "end", message: { role: "assistant", content: [] } }),
  },
  {
    name: "an answer cut at its limit",
    message: "no whole summary (length)",
    provider: toFailing({ type: "stop", reason: "length", ...saidHalf() }),
  },
];

test.each(failing)("$name in place of a summary changes nothing", async ({ provider, message }) => {
  await using bench = await openGatewayBench();
  const conversation = await bench.converse(createAnsweringProvider([saying("ok")]));
  for (const text of ["1", "2", "3"]) await conversation.send(text, () => {}, never);
  const before = await shownMessages(bench);
  const other = await bench.converse(provider);
  expect(other.past.compact("", never)).rejects.toThrow(message);
  await other.past.compact("", never).catch(() => {});
  expect(await shownMessages(bench)).toEqual(before);
  expect(await hasLease(bench)).toBe(false);
});

test("a summary that is called off changes nothing and gives the group back", async () => {
  await using bench = await openGatewayBench();
  const conversation = await bench.converse(createAnsweringProvider([saying("ok")]));
  for (const text of ["1", "2", "3"]) await conversation.send(text, () => {}, never);
  const before = await shownMessages(bench);
  const stop = new AbortController();
  const hanging: Provider = {
    name: "hanging",
    async *stream(_request, signal) {
      stop.abort(new Error("stopped"));
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener("abort", () => resolve(), { once: true });
      });
      yield { type: "aborted", usage: tenTokens };
    },
  };
  const other = await bench.converse(hanging);
  const outcome = await other.past.compact("", stop.signal).catch((error: unknown) => error);
  expect(outcome).toBe(stop.signal.reason);
  expect([await shownMessages(bench), await hasLease(bench)]).toEqual([before, false]);
});

test("one turn alone is never summed up", async () => {
  await using bench = await openGatewayBench();
  const conversation = await bench.converse(createAnsweringProvider([saying("ok")]));
  await conversation.send("only", () => {}, never);
  expect(conversation.past.compact("", never)).rejects.toThrow("nothing to sum up");
});

test("a command of the person's own runs with their rights, and the model sees it with the next message", async () => {
  await using bench = await openGatewayBench();
  const provider = createAnsweringProvider([saying("I saw it")]);
  const conversation = await bench.converse(provider);
  const log = new EventLog();
  const { content } = await conversation.hands.run("echo out; exit 3", log.emit, never);
  expect(content).toBe("out\nexit code 3");
  expect(log.types.filter((type) => type !== "tool-progress")).toEqual(["tool-start", "tool-end"]);
  await conversation.send("what was that?", () => {}, never);
  const sent = JSON.stringify(provider.requests[0]?.messages);
  expect(sent).toContain("!echo out; exit 3");
  expect(sent).toContain("out\\nexit code 3");
  const rows = await bench.store.database.all(
    "SELECT actor_kind, verdict FROM audit WHERE action = 'command.run'",
  );
  expect(rows).toEqual([{ actor_kind: "owner", verdict: "allow" }]);
  expect(await conversation.past.lastMessage()).toEqual({ text: "what was that?", taint: clean });
});

test("a command that is stopped stands in the conversation all the same", async () => {
  await using bench = await openGatewayBench();
  const conversation = await bench.converse(createAnsweringProvider([saying("ok")]));
  const stop = new AbortController();
  const began = performance.now();
  const outcome = await conversation.hands.run(
    "sleep 60",
    (event) => {
      if (event.type === "tool-start") setTimeout(() => stop.abort(), 50);
    },
    stop.signal,
  );
  expect(performance.now() - began).toBeLessThan(1500);
  expect(outcome.content).toContain("may or may not have happened");
  expect(JSON.stringify(await shownMessages(bench))).toContain("!sleep 60");
});

test("whoever may not run commands runs none", async () => {
  await using bench = await openGatewayBench();
  const stranger = { kind: "stranger", via: "test", id: "9", group: "main" } as const;
  const conversation = await bench.converse(createAnsweringProvider([]), { actor: stranger });
  const { content, isError } = await conversation.hands.run("touch made", () => {}, never);
  expect([content.startsWith("Error: Refused"), isError]).toEqual([true, true]);
  const attempts: readonly (() => Promise<unknown>)[] = [
    () => conversation.past.lastMessage(),
    () => conversation.past.list(),
    () => conversation.past.read(""),
    () => conversation.past.resume("1"),
    () => conversation.past.name("mine"),
    () => conversation.past.compact("", never),
    () => conversation.past.usage(),
    () => conversation.hands.tools(),
    () => conversation.hands.files.complete("", never),
    () => conversation.hands.files.read("made.txt", never),
    () => conversation.chooseModel("x"),
    () => conversation.startNewSession(),
  ];
  for (const attempt of attempts) {
    await expect(attempt()).rejects.toMatchObject({ code: "denied" });
  }
});

test("conversations are listed, named, resumed by name or number, and go on where they were", async () => {
  await using bench = await openGatewayBench();
  const provider = createAnsweringProvider([saying("ok")]);
  const conversation = await bench.converse(provider);
  await conversation.send("about Rome", () => {}, never);
  expect((await conversation.past.name("trip")).name).toBe("trip");
  await conversation.startNewSession();
  await conversation.send("about Oslo", () => {}, never);
  const listed = await conversation.past.list();
  expect(
    listed.map(({ name, firstWords, entries, isCurrent }) => [name, firstWords, entries, isCurrent]),
  ).toEqual([
    [undefined, "about Oslo", 2, true],
    ["trip", "about Rome", 2, false],
  ]);
  await conversation.past.resume("trip");
  await conversation.send("more", () => {}, never);
  expect(wordsOf(provider.requests.at(-1)?.messages ?? [])).toEqual([
    "user: about Rome",
    "assistant: ok",
    "user: more",
  ]);
  await conversation.past.resume(`#${listed[0]?.id}`);
  expect((await conversation.describe()).session).toBe(String(listed[0]?.id));
  expect(conversation.past.name("trip")).rejects.toThrow('There is a conversation "trip" already.');
  expect(conversation.past.resume("tripp")).rejects.toThrow("Did you mean trip?");
  for (const bad of ["", "12", "name", "#3", "a\u0007b", "x".repeat(65)]) {
    expect(conversation.past.name(bad)).rejects.toThrow("can't be the name");
  }
});

test("tokens are counted for the turn, the conversation, today and each model", async () => {
  await using bench = await openGatewayBench();
  const conversation = await bench.converse(
    createAnsweringProvider([run("true"), saying("ok"), saying("ok")]),
  );
  await conversation.send("one", () => {}, never);
  await conversation.startNewSession();
  await conversation.send("two", () => {}, never);
  const { turn, session, today, total, models } = await conversation.past.usage();
  expect([turn?.inputTokens, session?.inputTokens, today.inputTokens, total.inputTokens]).toEqual([
    6, 6, 18, 18,
  ]);
  expect(models.map(({ model, calls }) => [model, calls])).toEqual([["test", 3]]);
});

function saidHalf() {
  return { message: { role: "assistant", content: [{ type: "text", text: "half" }] } } as const;
}

type Failing =
  | { readonly type: "error"; readonly error: { class: "quota"; message: string; wasCut: boolean } }
  | {
      readonly type: "stop";
      readonly reason: "end" | "length";
      readonly message: Message & { role: "assistant" };
    };

function toFailing(event: Failing): Provider {
  return {
    name: "failing",
    async *stream() {
      yield { ...event, usage: tenTokens };
    },
  };
}
