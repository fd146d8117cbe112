import { expect, test } from "bun:test";
import { EgressBench, startOutside } from "../../test/fakes/egress-bench.ts";
import type { AgentEvent } from "../agent/events.ts";
import { decideApproval } from "../approvals/decide-approval.ts";
import { createTerminalOwner } from "../authority/actor.ts";
import { systemClock } from "../clock.ts";
import { endCarried, findApproval, startCarrying, type ApprovalAnswer } from "../store/approvals.ts";
import { setNetwork, type Network } from "../store/group-network.ts";
import { getGroup } from "../store/groups.ts";
import type { Transaction } from "../store/database.ts";
import { hashTaskPlan } from "../scheduler/task-plan-hash.ts";
import { toApprovalId, type GroupId, type TaskId, type TurnId } from "../store/ids.ts";
import { setTaskGrants } from "../store/task-grants.ts";
import { addTask, findTask } from "../store/tasks.ts";
import { ensureCurrentSession } from "../store/sessions.ts";
import { beginTurn } from "../store/turns.ts";

/** The group's way out while a turn is at work. */
async function open(hosts: readonly string[]) {
  const bench = await EgressBench.open({ hosts });
  const { store } = bench;
  const { database } = store;
  const group = await getGroup(database, "family");
  const asked: AgentEvent[] = [];
  async function enter(): Promise<TurnId> {
    const { session, turn } = await database.transaction(async (tx) => {
      const { id } = await ensureCurrentSession(tx, group.id, 1);
      const facts = { group: group.id, session: id, epoch: 1, model: "m", taint: 0, now: 1 };
      return { session: id, turn: await beginTurn(tx, facts) };
    });
    bench.egress.party = {
      ...{ taint: bench.taint, session, turn },
      notice: (text) => void bench.notices.push(text),
      asked: (event) => void asked.push(event),
    };
    return turn;
  }
  await enter();
  return {
    ...{ bench, group, asked, enter, database },
    answer: async (id: number, answer: ApprovalAnswer) =>
      await database.transaction((tx) =>
        decideApproval(tx, {
          id: toApprovalId(id),
          answer,
          actor: createTerminalOwner(1000),
          now: systemClock.now(),
        }),
      ),
    carry: async (id: number, turn: TurnId) =>
      await database.transaction((tx) => startCarrying(tx, toApprovalId(id), turn)),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

function connect(place: string): string {
  return `CONNECT ${place} HTTP/1.1\r\nHost: x\r\n\r\n`;
}

test("a refused host makes one request, however often it is tried; a yes lists it, and a no rests for a day", async () => {
  await using here = await open(["listed.test"]);
  const { bench, asked } = here;
  const answers = await Promise.all([1, 2, 3].map(() => bench.status(connect("new.test:443"))));
  expect(answers.every((line) => line.startsWith("403") && line.includes("approval #1"))).toBe(true);
  expect(await bench.send(`GET http://new.test/ HTTP/1.1\r\nHost: new.test\r\n\r\n`)).toContain(
    "approval #1",
  );
  expect(asked).toMatchObject([{ type: "approval-wait", approval: 1, title: "new.test" }]);
  expect(bench.lookups).toEqual([]);
  await here.answer(1, "once");
  expect(await findApproval(here.database, toApprovalId(1))).toMatchObject({
    state: "allowed",
    answer: "always",
  });
  using outside = startOutside();
  await bench.send(connect(`port.test:${outside.port}`));
  await here.answer(2, "always");
  expect(await bench.send(connect(`port.test:${outside.port}`), "GET / HTTP/1.0\r\n\r\n")).toEndWith("ok");

  expect(await bench.send(connect("bad.test:443"))).toContain("approval #3");
  await here.answer(3, "no");
  expect(await bench.send(connect("bad.test:443"))).toContain("The owner said no to this host (#3)");
  // What can never be reached is not asked for.
  const never = [
    "127.0.0.1:80",
    "localhost:80",
    "metadata:80",
    "10.0.0.1:443",
    "metadata.google.internal:80",
  ];
  for (const place of never) {
    expect(await bench.send(connect(place))).not.toContain("approval #4");
  }
  expect(asked).toHaveLength(3);
});

test("who has seen strangers' words and private data sends on by a yes: for that place, and for the length of a turn", async () => {
  using outside = startOutside();
  const place = `listed.test:${outside.port}`;
  await using here = await open([place, `other.test:${outside.port}`]);
  const { bench } = here;
  bench.taint.add({ sawUntrusted: true, readPrivate: true });
  const get = "GET / HTTP/1.0\r\n\r\n";
  expect(await bench.send(connect(place), get)).toContain("Waiting for approval #1");
  await here.answer(1, "once");
  // It waits for the turn that may.
  expect(await bench.send(connect(place), get)).toContain("Waiting for approval #1");
  const turn = await here.enter();
  expect(await here.carry(1, turn)).toBe(true);
  expect(await bench.send(connect(place), get)).toEndWith("ok");
  expect(await bench.send(connect(place), get)).toEndWith("ok");
  expect(await bench.send(connect(`other.test:${outside.port}`), get)).toContain("Waiting for approval #2");
  await here.database.transaction((tx) => endCarried(tx, here.group.id, turn));
  await here.enter();
  expect(await bench.send(connect(place), get)).toContain("Waiting for approval #3");
  // For good, it is exactly this host and port.
  await here.answer(3, "always");
  expect(await bench.send(connect(place), get)).toEndWith("ok");
  expect(await bench.send(connect("listed.test:1"), get)).toContain("403");
  const rows = await here.database.all(
    "SELECT rule FROM audit WHERE action = 'egress.connect' AND verdict = 'allow' ORDER BY id",
  );
  expect(rows.map((row) => row["rule"])).toEqual([
    "consent-approval",
    "consent-approval",
    "consent-permission",
  ]);
});

test("what the owner keeps off reaches nothing at once, whatever is listed, and is not asked about", async () => {
  using outside = startOutside();
  const place = `listed.test:${outside.port}`;
  await using here = await open([place]);
  const { bench, asked, group, database } = here;
  const switchTo = async (network: Network) =>
    await database.transaction((tx) => setNetwork(tx, group.id, network));
  await switchTo("none");
  for (const each of [place, "new.test:443"]) expect(await bench.status(connect(each))).toStartWith("403");
  expect([asked, await bench.egress.isOpen()]).toEqual([[], false]);
  await switchTo("listed");
  expect(await bench.send(connect(place), "GET / HTTP/1.0\r\n\r\n")).toEndWith("ok");
});

test("a task's run reaches what the owner allowed its task, of all that is not listed, and sends there whatever was seen", async () => {
  using outside = startOutside();
  const place = `task.test:${outside.port}`;
  await using here = await open([]);
  const { bench, database, group } = here;
  const get = "GET / HTTP/1.0\r\n\r\n";
  const id = await database.transaction(async (tx) => {
    const { rowId } = await addPlainTask(tx, group.id);
    const task = await findTask(tx, rowId);
    if (task === undefined) throw new Error("no task");
    await setTaskGrants(tx, rowId, [{ kind: "host", value: place }], { plan: hashTaskPlan(task), now: 1 });
    return rowId;
  });
  bench.taint.add({ sawUntrusted: true, readPrivate: true });
  expect(await bench.send(connect(place), get)).toContain("403");
  const { party } = bench.egress;
  if (party === undefined) throw new Error("no turn");
  const creator = { kind: "owner", person: undefined, isAgent: true } as const;
  bench.egress.party = { ...party, task: { id, mayMakeTasks: false, creator, chat: undefined } };
  expect(await bench.send(connect(place), get)).toEndWith("ok");
  expect(await bench.send(connect(`other.test:${outside.port}`), get)).toContain("403");
  bench.egress.party = party;
  expect(await bench.send(connect(place), get)).toContain("403");
});

async function addPlainTask(tx: Transaction, group: GroupId): Promise<{ readonly rowId: TaskId }> {
  const plan = { name: "t", prompt: "p", script: undefined, kind: "once", rule: "9", anchor: 0 } as const;
  const how = {
    zone: undefined,
    context: "isolated",
    missed: "once",
    mostMissed: 1,
    overlap: "forbid",
  } as const;
  const task = await addTask(tx, {
    ...{ ...plan, ...how, isDelivered: true, mayMakeTasks: false, chat: undefined, group, purpose: "task" },
    ...{ nextAt: 9, creator: { kind: "owner", person: undefined, isAgent: true }, taint: 0, now: 1 },
  });
  if (task === undefined) throw new Error("not added");
  return { rowId: task.id };
}
