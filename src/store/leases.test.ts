import { expect, test } from "bun:test";
import { makeTemporaryFolder, openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import { systemClock } from "../clock.ts";
import { getGroup } from "./groups.ts";
import { isProcessAlive, readOwnHolder, type Holder, type IsAlive } from "./holder.ts";
import { checkLease, findLease, releaseLease, takeLease, type LeaseResult } from "./leases.ts";
import { ensureCurrentSession } from "./sessions.ts";
import { openStore, type Store } from "./store.ts";
import { beginTurn, findTurn, finishTurn } from "./turns.ts";
import { waitForLease } from "./wait-for-lease.ts";

const never = new AbortController().signal;
const anna: Holder = { pid: 11, pidStart: "1", bootId: "b" };
const ben: Holder = { pid: 12, pidStart: "2", bootId: "b" };
const result = { state: "done", text: "hi", taint: 0, now: 0 } as const;

test("a lease goes to one holder, comes back and is given out with a higher epoch", async () => {
  await using store = await openTemporaryStore();
  const group = (await getGroup(store.database, "main")).id;
  expect(await take(store, anna)).toEqual({ type: "taken", epoch: 1, interrupted: [] });
  expect(await take(store, ben)).toEqual({ type: "held", pid: 11, since: new Date(5) });
  expect(await take(store, anna)).toMatchObject({ type: "held", pid: 11 });
  expect(await store.database.transaction((tx) => releaseLease(tx, group, 1))).toBe(true);
  expect(await store.database.transaction((tx) => releaseLease(tx, group, 1))).toBe(false);
  expect(await findLease(store.database, group)).toBeUndefined();
  expect(await take(store, ben)).toMatchObject({ type: "taken", epoch: 2 });
});

test("a dead holder's turns are interrupted, and its late finish is rejected with all that came with it", async () => {
  await using store = await openTemporaryStore();
  const { database } = store;
  const group = (await getGroup(database, "main")).id;
  await take(store, anna);
  const turn = await database.transaction(async (tx) => {
    const session = await ensureCurrentSession(tx, group, 0);
    return beginTurn(tx, { group, session: session.id, epoch: 1, model: "m", taint: 0, now: 0 });
  });
  await database.transaction((tx) => checkLease(tx, group, 1));
  expect(await take(store, ben, () => false)).toEqual({ type: "taken", epoch: 2, interrupted: [turn] });
  expect(await findTurn(database, turn)).toMatchObject({ state: "interrupted" });
  const late = database.transaction(async (tx) => {
    await tx.run("UPDATE groups SET title = 'late'");
    await finishTurn(tx, turn, result);
  });
  expect(late).rejects.toMatchObject({ code: "conflict" });
  expect(checkLease(database, group, 1)).rejects.toMatchObject({ code: "conflict" });
  expect(await database.transaction((tx) => releaseLease(tx, group, 1))).toBe(false);
  expect((await getGroup(database, "main")).title).toBe("main");
  expect(await findTurn(database, turn)).toMatchObject({ state: "interrupted" });
});

test("a finisher whose epoch has passed is rejected even when its turn still counts as running", async () => {
  await using store = await openTemporaryStore();
  const { database } = store;
  const group = (await getGroup(database, "main")).id;
  await take(store, anna);
  const turn = await database.transaction(async (tx) => {
    const session = await ensureCurrentSession(tx, group, 0);
    return beginTurn(tx, { group, session: session.id, epoch: 1, model: "m", taint: 0, now: 0 });
  });
  await database.transaction((tx) => tx.run("UPDATE leases SET epoch = 2"));
  expect(database.transaction((tx) => finishTurn(tx, turn, result))).rejects.toMatchObject({
    code: "conflict",
  });
});

test("this process is alive; the same number with another start, or from another boot, is not", async () => {
  const own = await readOwnHolder();
  expect(own.pid).toBe(process.pid);
  expect(isProcessAlive(own)).toBe(true);
  expect(isProcessAlive({ ...own, pidStart: "1" })).toBe(false);
  expect(isProcessAlive({ ...own, bootId: "another" })).toBe(false);
  // Where the system tells no start time, the number alone counts.
  expect(isProcessAlive({ ...own, pidStart: "" })).toBe(true);
});

test("a killed process is dead, also before anybody has waited for it", async () => {
  const child = Bun.spawn(["sleep", "60"]);
  const stat = await Bun.file(`/proc/${child.pid}/stat`).text();
  const pidStart = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  const holder = { ...(await readOwnHolder()), pid: child.pid, pidStart };
  expect(isProcessAlive(holder)).toBe(true);
  child.kill("SIGKILL");
  await child.exited;
  expect(isProcessAlive(holder)).toBe(false);
  expect(isProcessAlive({ ...holder, pidStart: "" })).toBe(false);
});

test("of several processes that race for a group exactly one wins", async () => {
  await using temporary = await makeTemporaryFolder();
  const racer = new URL("../../test/faults/store-lease-racer.ts", import.meta.url).pathname;
  const racers = Array.from({ length: 4 }, () =>
    Bun.spawn([process.execPath, "--no-env-file", racer, temporary.path], { stdin: "pipe", stdout: "pipe" }),
  );
  const lines = await Promise.all(racers.map((child) => readLine(child.stdout)));
  expect(lines.filter((line) => line === "taken")).toHaveLength(1);
  expect(lines.filter((line) => line === "held")).toHaveLength(3);
  for (const child of racers) child.kill("SIGKILL");
  await Promise.all(racers.map((child) => child.exited));
  await using store = await openStore({ folder: temporary.path, clock: systemClock }, never);
  expect(await take(store, await readOwnHolder(), isProcessAlive)).toMatchObject({ type: "taken", epoch: 2 });
});

test("who waits for a lease goes on soon after another process gave it back", async () => {
  await using store = await openTemporaryStore();
  await using other = await openStore({ folder: store.folder, clock: systemClock }, never);
  const group = (await getGroup(store.database, "main")).id;
  await take(other, anna);
  const waiting = waitForLease(store, group, { clock: systemClock, isAlive: () => true }, never);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(Bun.peek.status(waiting)).toBe("pending");
  const started = performance.now();
  await other.database.transaction((tx) => releaseLease(tx, group, 1));
  await waiting;
  expect(performance.now() - started).toBeLessThan(500);
});

test("who waits for a lease notices that its holder has died", async () => {
  await using store = await openTemporaryStore();
  const group = (await getGroup(store.database, "main")).id;
  await take(store, anna);
  let isAlive = true;
  const sleeps: number[] = [];
  // A clock on which every wait is over at once; during the third, the holder dies.
  const clock = {
    ...systemClock,
    sleep: async (ms: number) => {
      isAlive = sleeps.push(ms) < 3;
    },
  };
  await waitForLease(store, group, { clock, isAlive: () => isAlive }, never);
  expect(sleeps.length).toBe(3);
  expect(Math.max(...sleeps)).toBe(1_000);
});

test("waiting for a lease ends at once when it is called off", async () => {
  await using store = await openTemporaryStore();
  const group = (await getGroup(store.database, "main")).id;
  await take(store, anna);
  const called = new AbortController();
  const waiting = waitForLease(store, group, { clock: systemClock, isAlive: () => true }, called.signal);
  const reason = new Error("enough");
  called.abort(reason);
  expect(await waiting.catch((error: unknown) => error)).toBe(reason);
});

async function take(store: Store, holder: Holder, isAlive: IsAlive = () => true): Promise<LeaseResult> {
  const { id } = await getGroup(store.database, "main");
  return store.database.transaction((tx) => takeLease(tx, id, holder, { now: 5, isAlive }));
}

async function readLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes("\n")) break;
  }
  return text.trim();
}
