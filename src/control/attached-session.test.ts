import { expect, test } from "bun:test";
import { FakeConversation } from "../../test/fakes/conversation.ts";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import type { AgentEvent } from "../agent/events.ts";
import { GroupQueue } from "../gateway/group-queue.ts";
import { createShutdown } from "../gateway/shutdown.ts";
import { silentLog } from "../log.ts";
import { AttachedSession } from "./attached-session.ts";

/** A terminal that has opened a conversation through a gateway with this queue. */
async function attach(queue: GroupQueue) {
  const store = await openTemporaryStore();
  const conversation = new FakeConversation({
    folders: [],
    currentFolder: "/",
    sawUntrusted: false,
    log: silentLog,
  });
  const session = new AttachedSession({
    store,
    queue,
    openConversation: async () => conversation,
    allow: async () => {},
    wake: () => {},
    regroup: async () => {},
  });
  const events: AgentEvent[] = [];
  const gone = new AbortController();
  const begun = Promise.withResolvers<void>();
  const context = {
    emit: (event: AgentEvent) => {
      events.push(event);
      if (event.type === "text-delta") begun.resolve();
    },
    ask: async () => [],
    tell: () => {},
    signal: gone.signal,
  };
  await session.call("open", [{ folders: [], currentFolder: "/", canAsk: false }], context);
  return {
    events,
    gone,
    begun: begun.promise,
    conversation,
    send: (text: string) => session.call("send", [{ text }, {}], context),
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

const places = { places: 8, keptForPeople: 2 };

test("a turn that ends within the time that a gateway has to stop is answered", async () => {
  const queue = new GroupQueue(places);
  await using terminal = await attach(queue);
  const sending = terminal.send("hello");
  await terminal.begun;
  await queue.close(new AbortController().signal);
  expect(await sending).toMatchObject({ reason: "done" });
});

test("one that does not is told why it was cut, and not that somebody stopped it", async () => {
  const queue = new GroupQueue(places);
  await using terminal = await attach(queue);
  const sending = terminal.send("slow");
  await terminal.begun;
  await queue.close(AbortSignal.abort(createShutdown()));
  const cut = { reason: "error", text: "Let me think", error: { words: { key: "gateway.stoppedInTurn" } } };
  expect(await sending).toMatchObject(cut);
  expect(terminal.events.at(-1)).toMatchObject({ type: "turn-end", ...cut });
});

test("what a person stopped himself is only stopped", async () => {
  const queue = new GroupQueue(places);
  await using terminal = await attach(queue);
  const sending = terminal.send("slow");
  await terminal.begun;
  terminal.gone.abort(new Error("Ctrl-C"));
  await sending.catch(() => {});
  await queue.close(new AbortController().signal);
  expect(terminal.events.at(-1)).toMatchObject({ type: "turn-end", reason: "aborted" });
});

test("a line that waits when the gateway stops is never begun there, and its terminal finds the gateway gone", async () => {
  const queue = new GroupQueue(places);
  await using terminal = await attach(queue);
  const first = terminal.send("slow");
  await terminal.begun;
  let outcome = "waits";
  const second = terminal.send("kept").then(
    () => (outcome = "answered"),
    () => (outcome = "gone"),
  );
  await queue.close(AbortSignal.abort(createShutdown()));
  await first;
  expect(outcome).toBe("waits");
  terminal.gone.abort(new Error("The connection is gone."));
  await second;
  expect([outcome, terminal.conversation.sent]).toEqual(["gone", ["slow"]]);
});
