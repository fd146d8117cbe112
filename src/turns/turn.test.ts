import { expect, test } from "bun:test";
import { openGatewayBench, type GatewayBench } from "../../test/fakes/gateway.ts";
import { calling, createAnsweringProvider, EventLog, saying } from "../../test/fakes/loop.ts";
import { interruptedResult, toTranscript } from "../agent/transcript.ts";
import { toTaintBits } from "../authority/taint.ts";
import { AppError } from "../errors.ts";
import type { Message } from "../providers/provider.ts";
import { loadTranscript } from "../store/entries.ts";
import { getGroup } from "../store/groups.ts";
import { listJournal } from "../store/journal.ts";
import { findLease, takeLease } from "../store/leases.ts";
import { toTurnId } from "../store/ids.ts";
import { ensureCurrentSession, findCurrentSession } from "../store/sessions.ts";
import { findTurn } from "../store/turns.ts";
import { readOwnHolder } from "../store/holder.ts";

const never = new AbortController().signal;

async function currentMessages(bench: GatewayBench): Promise<readonly Message[]> {
  const group = await getGroup(bench.store.database, "main");
  const session = await findCurrentSession(bench.store.database, group.id);
  return session === undefined ? [] : (await loadTranscript(bench.store.database, session.id)).messages;
}

function rolesOf(messages: readonly Message[]): string {
  return messages.map((message) => message.role).join(" ");
}

test("a turn leaves its entries, its journal, its usage and no lease behind", async () => {
  await using bench = await openGatewayBench();
  const log = new EventLog();
  const provider = createAnsweringProvider([
    calling({ id: "a", name: "shell", arguments: JSON.stringify({ command: "echo seen" }) }),
    saying("done"),
  ]);
  const conversation = await bench.converse(provider);
  const end = await conversation.send("look", log.emit, never);

  expect(end).toMatchObject({ reason: "done", text: "done" });
  expect(log.events.at(-1)).toEqual(end);
  expect(rolesOf(await currentMessages(bench))).toBe("user assistant tool assistant");
  const { turn } = log.of("turn-start")[0] ?? { turn: "" };
  const journal = await listJournal(bench.store.database, toTurnId(Number(turn)));
  expect(journal.map(({ event }) => (event as { type: string }).type)).toEqual([
    "turn-start",
    "message-end",
    "tool-start",
    "tool-end",
    "message-end",
    "turn-end",
  ]);
  expect(await findTurn(bench.store.database, toTurnId(Number(turn)))).toMatchObject({
    state: "done",
    text: "done",
  });
  expect((await conversation.describe()).usage).toMatchObject({ inputTokens: 12, outputTokens: 8 });
  const group = await getGroup(bench.store.database, "main");
  expect(await findLease(bench.store.database, group.id)).toBeUndefined();
});

test("a call is on disk as started before it runs", async () => {
  await using bench = await openGatewayBench();
  const provider = createAnsweringProvider([
    calling({ id: "a", name: "shell", arguments: JSON.stringify({ command: "true" }) }),
    saying("ok"),
  ]);
  const seen: string[] = [];
  const conversation = await bench.converse(provider, {
    authority: {
      // Asked behind the journal and before the call: what a crash would leave here is what is on disk now.
      async decide() {
        const rows = await listJournal(bench.store.database, toTurnId(1));
        seen.push(...rows.map(({ event }) => (event as { type: string }).type));
        return { verdict: "allow", rule: "test" };
      },
    },
  });
  await conversation.send("go", () => {}, never);
  expect(seen).toContain("tool-start");
});

test("the next turn sends the story so far, with the same prefix", async () => {
  await using bench = await openGatewayBench();
  await Bun.write(`${bench.folder}/AGENTS.md`, "Be brief.");
  const provider = createAnsweringProvider([saying("one"), saying("two")]);
  const conversation = await bench.converse(provider);
  await conversation.send("first", () => {}, never);
  await conversation.send("second", () => {}, never);
  const [first, second] = provider.requests;
  expect(second?.system).toBe(first?.system ?? "");
  expect(second?.system).toContain("Be brief.");
  expect<readonly Message[] | undefined>(second?.messages.slice(0, 1)).toEqual(first?.messages);
  expect(rolesOf(second?.messages ?? [])).toBe("user assistant user");
});

test("instructions that the owner changes come behind the prefix, once", async () => {
  await using bench = await openGatewayBench();
  await Bun.write(`${bench.folder}/AGENTS.md`, "Be brief.");
  const provider = createAnsweringProvider([saying("ok")]);
  const conversation = await bench.converse(provider);
  await conversation.send("one", () => {}, never);
  await Bun.write(`${bench.folder}/AGENTS.md`, "Be long.");
  await conversation.send("two", () => {}, never);
  await conversation.send("three", () => {}, never);
  const [, second, third] = provider.requests;
  expect(third?.system).toContain("Be brief.");
  expect(JSON.stringify(second?.messages.at(-1))).toContain("Be long.");
  expect(JSON.stringify(third?.messages.at(-1))).not.toContain("Be long.");
});

test("a cancelled turn keeps what was said and gives the group back at once", async () => {
  await using bench = await openGatewayBench();
  const controller = new AbortController();
  const provider = createAnsweringProvider([
    calling({ id: "a", name: "shell", arguments: JSON.stringify({ command: "sleep 60" }) }),
    saying("again"),
  ]);
  const conversation = await bench.converse(provider);
  const start = performance.now();
  const end = await conversation.send(
    "wait",
    (event) => {
      if (event.type === "tool-start") setTimeout(() => controller.abort(), 100);
    },
    controller.signal,
  );
  expect(end.reason).toBe("aborted");
  expect(performance.now() - start).toBeLessThan(1500);
  const messages = await currentMessages(bench);
  expect(toTranscript(messages)).toEqual(messages.slice());
  expect((await conversation.send("next", () => {}, never)).text).toBe("again");
});

test("after a crash in the middle of a call the model is told, and the call is not run again", async () => {
  await using bench = await openGatewayBench();
  const { database } = bench.store;
  const group = await getGroup(database, "main");
  const dead = { pid: 1, pidStart: "0", bootId: "another boot" };
  await database.transaction(async (tx) => {
    await takeLease(tx, group.id, dead, { now: 0, isAlive: () => false });
    const session = await ensureCurrentSession(tx, group.id, 0);
    const { beginTurn } = await import("../store/turns.ts");
    const { appendEntries } = await import("../store/entries.ts");
    const turn = await beginTurn(tx, {
      group: group.id,
      session: session.id,
      epoch: 1,
      model: "m",
      taint: 0,
      now: 0,
    });
    const user: Message = { role: "user", content: [{ type: "text", text: "send it" }] };
    const call: Message = {
      role: "assistant",
      content: [{ type: "tool-call", id: "x", name: "shell", arguments: "{}" }],
    };
    await appendEntries(
      tx,
      [
        { kind: "user", message: user, taint: 0 },
        { kind: "assistant", message: call, taint: 0 },
      ],
      { session: session.id, turn, now: 0 },
    );
  });
  const provider = createAnsweringProvider([saying("understood")]);
  const log = new EventLog();
  const conversation = await bench.converse(provider);
  const end = await conversation.send("what happened?", log.emit, never);
  expect(end.reason).toBe("done");
  const sent = provider.requests[0]?.messages ?? [];
  expect(rolesOf(sent)).toBe("user assistant tool user");
  expect(sent[2]).toMatchObject({ content: interruptedResult });
  expect(log.of("tool-start")).toEqual([]);
  expect(await findTurn(database, toTurnId(1))).toMatchObject({ state: "interrupted" });
});

test("a group that another process holds is waited for, and it is said", async () => {
  await using bench = await openGatewayBench();
  const { database } = bench.store;
  const group = await getGroup(database, "main");
  await using child = toDisposable(Bun.spawn(["sleep", "60"]));
  const holder = { ...(await readOwnHolder()), ...(await readStart(child.pid)) };
  await database.transaction((tx) => takeLease(tx, group.id, holder, { now: 0, isAlive: () => false }));
  const conversation = await bench.converse(createAnsweringProvider([saying("mine")]));
  const log = new EventLog();
  const waiting = Promise.withResolvers<void>();
  const turn = conversation.send(
    "hello",
    (event) => {
      log.emit(event);
      if (event.type === "notice") waiting.resolve();
    },
    never,
  );
  await waiting.promise;
  expect(log.types).toEqual(["notice"]);
  child.kill("SIGKILL");
  await child.exited;
  expect((await turn).text).toBe("mine");
});

test("a turn whose end cannot be written says so, and the next one goes on", async () => {
  await using bench = await openGatewayBench();
  const { database } = bench.store;
  let isFull = true;
  const failing = {
    ...bench.store,
    database: {
      all: database.all.bind(database),
      get: database.get.bind(database),
      [Symbol.asyncDispose]: async () => {},
      transaction: (async (work) => {
        if (isFull && (await isRunning(bench))) throw new AppError("io", "The disk is full.");
        return await database.transaction(work);
      }) satisfies typeof database.transaction,
    },
  };
  const conversation = await bench.converse(createAnsweringProvider([saying("hello")]), { store: failing });
  const end = await conversation.send("hi", () => {}, never);
  expect(end).toMatchObject({ reason: "error", text: "hello", error: { message: "The disk is full." } });
  isFull = false;
  expect((await conversation.send("hi again", () => {}, never)).reason).toBe("done");
});

test("a message that comes while another is answered waits for its turn", async () => {
  await using bench = await openGatewayBench();
  const work = calling({ id: "a", name: "shell", arguments: JSON.stringify({ command: "sleep 0.3" }) });
  const provider = createAnsweringProvider([work, saying("first"), saying("second")]);
  const conversation = await bench.converse(provider);
  const ends = await Promise.all(["one", "two"].map((text) => conversation.send(text, () => {}, never)));
  expect(ends.map(({ reason, text }) => [reason, text])).toEqual([
    ["done", "first"],
    ["done", "second"],
  ]);
  expect(rolesOf(provider.requests[2]?.messages ?? [])).toBe("user assistant tool assistant user");
});

test("/new begins a session that knows nothing of the one before", async () => {
  await using bench = await openGatewayBench();
  const provider = createAnsweringProvider([saying("ok")]);
  const conversation = await bench.converse(provider);
  await conversation.send("first", () => {}, never);
  await conversation.startNewSession();
  await conversation.send("second", () => {}, never);
  expect(rolesOf(provider.requests[1]?.messages ?? [])).toBe("user");
});

test("what is not the person's own words taints the session, and its spawns the folder", async () => {
  await using bench = await openGatewayBench();
  const provider = createAnsweringProvider([
    calling({ id: "a", name: "shell", arguments: JSON.stringify({ command: "true" }) }),
    saying("ok"),
  ]);
  const conversation = await bench.converse(provider, { sawUntrusted: true });
  await conversation.send("material", () => {}, never);
  const group = await getGroup(bench.store.database, "main");
  const tainted = toTaintBits({ sawUntrusted: true, readPrivate: false });
  expect(group.taint).toBe(tainted);
  expect((await findCurrentSession(bench.store.database, group.id))?.taint).toBe(tainted);
  await conversation.startNewSession();
  expect((await findCurrentSession(bench.store.database, group.id))?.taint).toBe(0);
  expect((await getGroup(bench.store.database, "main")).taint).toBe(tainted);
});

test("whoever may not start a turn starts none, and the refusal is on record", async () => {
  await using bench = await openGatewayBench();
  const provider = createAnsweringProvider([saying("never")]);
  const stranger = { kind: "stranger", via: "test", id: "9", group: "main" } as const;
  const conversation = await bench.converse(provider, { actor: stranger });
  const end = await conversation.send("hello", () => {}, never);
  expect(end).toMatchObject({ reason: "error", error: { code: "denied" } });
  expect(provider.requests).toEqual([]);
  const rows = await bench.store.database.all("SELECT verdict, action FROM audit");
  expect(rows).toContainEqual({ verdict: "deny", action: "turn.start" });
  const group = await getGroup(bench.store.database, "main");
  expect(await findLease(bench.store.database, group.id)).toBeUndefined();
});

test("a turn that another process has taken over runs no further call", async () => {
  await using bench = await openGatewayBench();
  const { database } = bench.store;
  const group = await getGroup(database, "main");
  const call = (id: string) =>
    calling({ id, name: "shell", arguments: JSON.stringify({ command: `echo ${id}` }) });
  const provider = createAnsweringProvider([call("a"), call("b"), saying("done")]);
  const decided: string[] = [];
  const conversation = await bench.converse(provider, {
    authority: {
      async decide(_actor, _action, { name }) {
        decided.push(name);
        const other = { ...(await readOwnHolder()), pid: 1 };
        await database.transaction((tx) => takeLease(tx, group.id, other, { now: 0, isAlive: () => false }));
        return { verdict: "allow", rule: "test" };
      },
    },
  });
  const end = await conversation.send("go", () => {}, never);
  expect(end).toMatchObject({ reason: "error", error: { code: "conflict" } });
  expect(decided).toEqual(["$ echo a"]);
  expect(rolesOf(await currentMessages(bench))).toBe("user assistant");
});

test("a new session that works in a tainted folder is tainted by it", async () => {
  await using bench = await openGatewayBench();
  const work = calling({ id: "a", name: "shell", arguments: JSON.stringify({ command: "true" }) });
  const provider = createAnsweringProvider([work, saying("ok"), saying("ok"), work, saying("ok")]);
  const conversation = await bench.converse(provider, { sawUntrusted: true });
  await conversation.send("material", () => {}, never);
  await conversation.startNewSession();
  const group = await getGroup(bench.store.database, "main");
  const readTaint = async () => (await findCurrentSession(bench.store.database, group.id))?.taint;
  await conversation.send("only talk", () => {}, never);
  expect(await readTaint()).toBe(0);
  await conversation.send("now work", () => {}, never);
  expect(await readTaint()).toBe(toTaintBits({ sawUntrusted: true, readPrivate: false }));
});

async function isRunning(bench: GatewayBench): Promise<boolean> {
  return (await bench.store.database.get("SELECT 1 FROM turns WHERE state = 'running'")) !== undefined;
}

async function readStart(pid: number): Promise<{ pid: number; pidStart: string }> {
  const stat = await Bun.file(`/proc/${pid}/stat`).text();
  return { pid, pidStart: stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "" };
}

function toDisposable(child: Bun.Subprocess) {
  return {
    pid: child.pid,
    exited: child.exited,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

test("what a turn did to the files can be undone; its background jobs end first", async () => {
  await using bench = await openGatewayBench();
  const command = (line: string, background = false) =>
    calling({ id: line, name: "shell", arguments: JSON.stringify({ command: line, background }) });
  const provider = createAnsweringProvider([
    command("echo first > a"),
    saying("ok"),
    command("while :; do echo more >> log; sleep 0.01; done", true),
    command("echo second > a"),
    saying("ok"),
    command("cat a; ls"),
    saying("ok"),
  ]);
  const log = new EventLog();
  const conversation = await bench.converse(provider);
  await conversation.send("first", log.emit, never);
  await conversation.send("second", log.emit, never);
  const service = await conversation.undo();
  {
    await using prepared = await service.prepare(undefined, async () => {}, never);
    expect(prepared?.summary).toContain("(“second”)");
    expect(prepared?.summary).toContain("What runs in the background is ended first: 1 job");
    expect(await prepared?.apply(never)).toContain("All is as it was");
  }
  await conversation.send("look", log.emit, never);
  expect(log.of("tool-end").at(-1)?.message.content).toBe("first\na");
  const told = (await currentMessages(bench)).map((message) => JSON.stringify(message));
  expect(told.some((message) => message.includes("The owner has put the files back"))).toBe(true);
});

test("a picture that joins a running turn is nobody's own words", async () => {
  await using bench = await openGatewayBench();
  const image = { type: "image", mediaType: "image/png", data: "iVBORw0KGgo=" } as const;
  const waiting = [[{ text: "and this?", images: [image] }]];
  const provider = createAnsweringProvider([saying("A cat.")]);
  const conversation = await bench.converse(provider);
  await conversation.send("look", () => {}, never, { takeJoining: async () => waiting.shift() ?? [] });
  expect(provider.requests[0]?.messages.at(-1)?.content).toContainEqual(image);
  const group = await getGroup(bench.store.database, "main");
  expect((await findCurrentSession(bench.store.database, group.id))?.taint).toBe(
    toTaintBits({ sawUntrusted: true, readPrivate: false }),
  );
});
