import { expect, test } from "bun:test";
import {
  calling,
  createAnsweringProvider,
  createToolRunner,
  EventLog,
  saying,
  tenTokens,
  type Answer,
} from "../../test/fakes/loop.ts";
import { systemClock } from "../clock.ts";
import { noUsage, type Message, type Provider, type UserMessage } from "../providers/provider.ts";
import { defaultLimits, type LoopLimits } from "./limits.ts";
import { runLoop, type LoopOptions } from "./loop.ts";
import { toTranscript } from "./transcript.ts";

const never = new AbortController().signal;
const question: Message = { role: "user", content: [{ type: "text", text: "do it" }] };

function options(
  answers: readonly Answer[],
  more: Partial<Omit<LoopOptions, "provider">> & { limit?: Partial<LoopLimits> } = {},
) {
  const provider = createAnsweringProvider(answers);
  const { limit, ...rest } = more;
  return {
    provider,
    tools: createToolRunner((call) => `result of ${call.arguments}`),
    limits: { ...defaultLimits, ...limit },
    clock: systemClock,
    model: "test",
    system: "be good",
    maxTokens: 100,
    ...rest,
  };
}

test("an answer without calls ends the turn", async () => {
  const log = new EventLog();
  const end = await runLoop([question], options([saying("hello")]), log.emit, never);
  expect(end).toEqual({ reason: "done", text: "hello", usage: tenTokens });
  expect(log.types).toEqual(["step-start", "text-delta", "message-end"]);
});

test("the results of tools go back to the model in the order of the calls", async () => {
  const log = new EventLog();
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const tools = createToolRunner(async (call) => {
    const index = Number(call.arguments);
    if (index === 1) gates[0]?.resolve();
    await gates[index]?.promise;
    if (index === 0) gates[1]?.resolve();
    return `done ${index}`;
  });
  const setup = options(
    [
      calling({ id: "a", name: "work", arguments: "0" }, { id: "b", name: "work", arguments: "1" }),
      saying("both"),
    ],
    { tools },
  );
  const end = await runLoop([question], setup, log.emit, never);
  expect(end.text).toBe("both");
  expect(setup.provider.requests[1]?.messages.slice(2)).toEqual([
    { role: "tool", callId: "a", name: "work", content: "done 0", isError: false },
    { role: "tool", callId: "b", name: "work", content: "done 1", isError: false },
  ]);
  expect(log.types.indexOf("tool-end")).toBeGreaterThan(log.types.lastIndexOf("tool-start"));
});

test("at the limit of steps the model is asked once more, and may call no tool", async () => {
  let count = 0;
  const setup = options(
    [
      (request) =>
        request.toolChoice === "none"
          ? saying("this far")
          : calling({ id: "x", name: "work", arguments: `${count++}` }),
    ],
    { limit: { steps: 3 } },
  );
  const end = await runLoop([question], setup, () => {}, never);
  expect(end.reason).toBe("limit");
  expect(end.text).toBe("this far");
  // Described they are still: a server refuses a transcript that speaks of tools when there are none.
  expect(setup.provider.requests.map((request) => request.tools.length)).toEqual([1, 1, 1, 1]);
  expect(setup.provider.requests.map((request) => request.toolChoice)).toEqual([
    undefined,
    undefined,
    undefined,
    "none",
  ]);
});

test("the same call with the same result five times is stopped", async () => {
  const log = new EventLog();
  const setup = options([
    (request) =>
      request.toolChoice === "none" ? saying("stuck") : calling({ id: "x", name: "work", arguments: "1" }),
  ]);
  const end = await runLoop([question], setup, log.emit, never);
  expect(end.reason).toBe("limit");
  expect(log.of("tool-end").length).toBe(5);
});

test.each([
  ["tokens", { tokens: 25 }, 3],
  ["bytes of results", { bytes: 20 }, 2],
] as const)("the limit of %s ends the turn", async (_name, limit, calls) => {
  let count = 0;
  const log = new EventLog();
  const setup = options(
    [
      (request) =>
        request.toolChoice === "none"
          ? saying("enough")
          : calling({ id: "x", name: "work", arguments: `${count++}` }),
    ],
    { limit },
  );
  const end = await runLoop([question], setup, log.emit, never);
  expect(end.reason).toBe("limit");
  expect(log.of("tool-end").length).toBe(calls);
});

test("the limit of time ends the turn", async () => {
  let now = 0;
  const clock = { ...systemClock, monotonic: () => (now += 400) };
  let count = 0;
  const setup = options(
    [
      (request) =>
        request.toolChoice === "none"
          ? saying("late")
          : calling({ id: "x", name: "work", arguments: `${count++}` }),
    ],
    { clock, limit: { durationMs: 1000 } },
  );
  expect((await runLoop([question], setup, () => {}, never)).reason).toBe("limit");
});

/** Resolves when `signal` says so: something that hangs. */
async function hang(signal: AbortSignal): Promise<never> {
  return await new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

test("a tool that hangs is ended at the limit of time, and the model says what it had done", async () => {
  const tools = createToolRunner((_call, signal) => hang(signal));
  const setup = options([calling({ id: "x", name: "work", arguments: "1" }), saying("It took too long.")], {
    tools,
    limit: { durationMs: 30 },
  });
  const log = new EventLog();
  const end = await runLoop([question], setup, log.emit, never);
  expect([end.reason, end.text]).toEqual(["limit", "It took too long."]);
  expect(log.of("tool-end").map(({ message }) => message.isError)).toEqual([true]);
  expect(setup.provider.requests.at(-1)?.toolChoice).toBe("none");
});

test("a model that goes silent is ended at the limit of time, and what it had said stays", async () => {
  const sums = createAnsweringProvider([saying("In short: nothing.")]);
  let asked = 0;
  const provider: Provider = {
    name: "silent",
    async *stream(request, signal) {
      if (asked++ > 0) {
        yield* sums.stream(request, signal);
        return;
      }
      yield { type: "text-delta", text: "Let me" };
      await hang(signal).catch(() => {});
      yield { type: "aborted", usage: noUsage };
    },
  };
  const setup = { ...options([], { limit: { durationMs: 30 } }), provider };
  const log = new EventLog();
  const end = await runLoop([question], setup, log.emit, never);
  expect([end.reason, end.text]).toEqual(["limit", "In short: nothing."]);
  expect(log.of("message-end").map(({ wasCut }) => wasCut)).toEqual([true, false]);
  const [request] = sums.requests;
  expect(request?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
});

test("a thousand calls in one answer run up to the limit; the rest are refused, each with its result", async () => {
  const log = new EventLog();
  const calls = Array.from({ length: 1000 }, (_, index) => ({
    id: `c${index}`,
    name: "work",
    arguments: `${index}`,
  }));
  let running = 0;
  let most = 0;
  const tools = createToolRunner(async () => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
    return "ok";
  });
  await runLoop([question], options([calling(...calls), saying("done")], { tools }), log.emit, never);
  const ends = log.of("tool-end");
  expect(ends.length).toBe(1000);
  expect(ends.filter((event) => !event.message.isError).length).toBe(defaultLimits.callsPerStep);
  expect(most).toBeLessThanOrEqual(8);
});

test("calls that share one id get ids of their own", async () => {
  const call = { id: "same", name: "work", arguments: "1" };
  const setup = options([calling(call, { ...call, arguments: "2" }), calling(call), saying("ok")]);
  await runLoop([question], setup, () => {}, never);
  const last = setup.provider.requests[2]?.messages ?? [];
  const ids = last.flatMap((message) => (message.role === "tool" ? [message.callId] : []));
  expect(new Set(ids).size).toBe(3);
  expect(toTranscript(last)).toEqual([...last]);
});

test("a message that arrives during the turn joins at the next step", async () => {
  const late: UserMessage = { role: "user", content: [{ type: "text", text: "and this" }] };
  const waiting = [[], [{ message: late }]];
  const log = new EventLog();
  const setup = options([calling({ id: "a", name: "work", arguments: "1" }), saying("both")], {
    takeJoining: async () => waiting.shift() ?? [],
  });
  await runLoop([question], setup, log.emit, never);
  expect(setup.provider.requests[1]?.messages.at(-1)).toEqual(late);
  expect(log.of("message-join").length).toBe(1);
});

test("a cancel while tools run ends the turn with a result for every call", async () => {
  const controller = new AbortController();
  const log = new EventLog();
  const tools = createToolRunner((call, signal) => {
    if (call.id === "a") return "finished before";
    controller.abort();
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      if (signal.aborted) reject(signal.reason);
    });
  });
  const calls = ["a", "b", "c"].map((id) => ({ id, name: "work", arguments: id }));
  const end = await runLoop([question], options([calling(...calls)], { tools }), log.emit, controller.signal);
  expect(end.reason).toBe("aborted");
  expect(
    log
      .of("tool-end")
      .map((event) => `${event.message.callId} ${event.message.isError}`)
      .toSorted(),
  ).toEqual(["a false", "b true", "c true"]);
});

test("when the record cannot be kept, what runs is ended first and no further call is begun", async () => {
  const begun: string[] = [];
  let running = 0;
  const tools = createToolRunner(async (call, signal) => {
    begun.push(call.id);
    if (call.id === "0") return "done";
    running += 1;
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => setImmediate(resolve));
    });
    running -= 1;
    throw signal.reason;
  });
  const calls = Array.from({ length: 20 }, (_, index) => ({ id: `${index}`, name: "work", arguments: "{}" }));
  const turn = runLoop(
    [question],
    options([calling(...calls)], { tools }),
    async (event) => {
      if (event.type === "tool-end") throw new Error("the disk is full");
    },
    never,
  );
  await expect(turn).rejects.toThrow("the disk is full");
  expect(running).toBe(0);
  expect(begun).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
});

test("text that a person saw before the stream was cut stays, marked as cut", async () => {
  const log = new EventLog();
  const error = { class: "retry", message: "The connection was lost.", wasCut: true } as const;
  const cut: Answer = [
    { type: "text-delta", text: "the first ha" },
    { type: "error", error, usage: tenTokens },
  ];
  const end = await runLoop([question], options([cut]), log.emit, never);
  expect(end).toMatchObject({ reason: "error", text: "the first ha", error: { code: "network" } });
  expect(log.of("message-end")[0]).toMatchObject({ wasCut: true });
});

test("a refusal and an empty answer are errors that say so", async () => {
  const refused: Answer = [
    { type: "stop", reason: "refused", message: { role: "assistant", content: [] }, usage: tenTokens },
  ];
  expect((await runLoop([question], options([refused]), () => {}, never)).error?.code).toBe(
    "provider-refused",
  );
  expect((await runLoop([question], options([saying("")]), () => {}, never)).error?.code).toBe(
    "provider-failed",
  );
});

test("an answer that calls tools although none may be called is not obeyed", async () => {
  const log = new EventLog();
  const setup = options([calling({ id: "a", name: "work", arguments: "1" })], { limit: { steps: 1 } });
  const end = await runLoop([question], setup, log.emit, never);
  expect(end.reason).toBe("limit");
  expect(log.of("tool-end").length).toBe(1);
});
