import { expect, test } from "bun:test";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import { userTexts } from "../../fakes/llm-transcript.ts";
import type { LlmRequest } from "../../fakes/llm-server.ts";
import { parseEvents, shell } from "../../fakes/program-bench.ts";

const echo = (request: LlmRequest) => ({
  text: `You said: ${userTexts(request).find((text) => !text.startsWith("<context>"))}`,
});
const echoLast = (request: LlmRequest) => ({
  text: `You said: ${userTexts(request).findLast((text) => !text.startsWith("<context>"))}`,
});

test("a message over HTTP is answered; what was answered can be fetched, also after a restart", async () => {
  await using gateway = await GatewayProgram.open({ script: echoLast });
  await gateway.start();
  expect(await gateway.ask("hello")).toBe("You said: hello");
  expect(await gateway.stop()).toBe(0);
  await gateway.start();
  expect((await gateway.replies()).map(({ text }) => text)).toEqual(["You said: hello"]);
  expect(await gateway.ask("again")).toBe("You said: again");
});

test("the same message again, also at the same time, is one turn and gets the same answer", async () => {
  await using gateway = await GatewayProgram.open({ script: echo });
  await gateway.start();
  const posts = await Promise.all(
    Array.from({ length: 30 }, () => gateway.post({ text: "hello", id: "m1", wait: 20 })),
  );
  expect(new Set(posts.map(({ replies }) => replies?.[0]?.text))).toEqual(new Set(["You said: hello"]));
  expect(posts.filter(({ isNew }) => isNew === true)).toHaveLength(1);
  expect(gateway.bench.requests).toHaveLength(1);
});

test("without a token in the configuration one is made and kept, and gateway token prints it", async () => {
  await using gateway = await GatewayProgram.open({ script: echo, config: { gateway: { port: 0 } } });
  await gateway.start();
  expect((await gateway.request("/api/replies")).status).toBe(401);
  const { out } = await gateway.bench.run(["gateway", "token"]);
  expect(out).toMatch(/^[\w-]{32}\n$/);
  const headers = { authorization: `Bearer ${out.trim()}` };
  expect((await fetch(`${gateway.address}/api/replies`, { headers })).status).toBe(200);
});

test("nobody without the token sends, reads or learns what there is", async () => {
  await using gateway = await GatewayProgram.open({ script: echo });
  await gateway.start();
  const statuses: number[] = [];
  for (const [path, method] of [
    ["/api/messages", "POST"],
    ["/api/replies", "GET"],
    ["/api/events", "GET"],
    ["/nowhere", "GET"],
  ] as const) {
    for (const authorization of ["", "Bearer ", "Bearer wrong", "Basic x"]) {
      const response = await fetch(`${gateway.address}${path}`, { method, headers: { authorization } });
      statuses.push(response.status);
    }
  }
  expect(new Set(statuses)).toEqual(new Set([401]));
  const rebound = await fetch(`${gateway.address}/health`, { headers: { host: "evil.example" } });
  expect(rebound.status).toBe(401);
  expect(gateway.bench.requests).toEqual([]);
});

test.each([
  ["{", 400, "not JSON"],
  ['{"text":""}', 400, "text"],
  ['{"text":"x","colour":"red"}', 400, "colour"],
  ['{"text":"x","group":"nowhere"}', 403, 'no group "nowhere"'],
  ['{"text":"x","from":{"id":"mallory"}}', 403, "group"],
])("the body %s is refused with %i", async (body, status, problem) => {
  await using gateway = await GatewayProgram.open({ script: echo });
  await gateway.start();
  expect(await gateway.post(body)).toMatchObject({ status, error: expect.stringContaining(problem) });
  expect(gateway.bench.requests).toEqual([]);
});

test("a body that is too large is refused", async () => {
  await using gateway = await GatewayProgram.open({ script: echo });
  await gateway.start();
  expect(await gateway.post({ text: "x".repeat(1_000_001) })).toMatchObject({ status: 413 });
});

test("a chat is streamed as it happens, and from where a client was cut off", async () => {
  await using gateway = await GatewayProgram.open({
    script: [{ calls: [shell("echo hi")] }, { text: "Done it.", deltaSize: 2 }, { text: "More." }],
  });
  await gateway.start();
  const seen = await readEvents(gateway, "/api/events", async () => void (await gateway.ask("work")));
  const types = seen.map(({ event }) => event);
  expect(types).toContain("tool-start");
  expect(types).toContain("text-delta");
  expect(seen.at(-1)).toMatchObject({ event: "reply", data: { text: "Done it." } });
  await gateway.ask("go on");
  const [first] = await gateway.replies();
  const later = await readEvents(gateway, `/api/events?after=${first?.id}`, async () => {});
  expect(later.map(({ data }) => data["text"])).toEqual(["More."]);
});

test("health says how it is, to whoever asks on this machine", async () => {
  await using gateway = await GatewayProgram.open({ script: echo });
  await gateway.start();
  const health = await fetch(`${gateway.address}/health`);
  expect([health.status, await health.json()]).toMatchObject([
    200,
    { isReady: true, channels: { http: { state: "connected" } } },
  ]);
  expect((await fetch(`${gateway.address}/health?live`)).status).toBe(200);
});

test("while a gateway runs the terminal speaks through it, in the same conversation", async () => {
  await using gateway = await GatewayProgram.open({
    script: (request) => ({
      text: userTexts(request)
        .filter((text) => /^\w+$/.test(text))
        .join("+"),
    }),
  });
  await gateway.start();
  expect(await gateway.ask("one")).toBe("one");
  const { out, code } = await gateway.bench.ask("two", "--json");
  expect(code).toBe(0);
  const events = parseEvents(out);
  expect(events[0]?.type).toBe("turn-start");
  expect(events.at(-1)).toMatchObject({ type: "turn-end", text: "one+two" });
  expect((await gateway.bench.ask("x", "-g", "nowhere")).err).toContain('Unknown group "nowhere"');
  const socket = await stat(join(gateway.bench.state, "gateway.sock"));
  expect(socket.mode & 0o777).toBe(0o600);
});

test("a turn of the terminal's is stopped with it, and the chat's next one runs", async () => {
  await using gateway = await GatewayProgram.open({
    script: (request) =>
      userTexts(request).some((text) => text === "wait") &&
      userTexts(request).every((text) => text !== "quick")
        ? { fault: { type: "silence" } as const }
        : { text: "quick answer" },
  });
  await gateway.start();
  const asking = gateway.bench.start(["agent", "-m", "wait"]);
  await until(() => gateway.bench.requests.length === 1);
  asking.kill("SIGINT");
  expect((await asking.ended).code).toBe(130);
  expect(await gateway.ask("quick")).toBe("quick answer");
});

test("SIGTERM ends it within ten seconds with exit code 0, and what was being answered is answered by the next", async () => {
  let isSlow = true;
  await using gateway = await GatewayProgram.open({
    script: (request) => (isSlow ? { fault: { type: "silence" } as const } : echoLast(request)),
  });
  await gateway.start();
  await gateway.post({ text: "long" });
  await gateway.bench.run(["groups", "add", "work"]);
  const asking = gateway.bench.start(["agent", "-g", "work", "-m", "wait"]);
  await until(() => gateway.bench.requests.length === 2);
  const began = performance.now();
  expect(await gateway.stop()).toBe(0);
  const took = performance.now() - began;
  expect(took).toBeLessThan(10_000);
  // Whoever asked at a terminal had as long, and knows what happened.
  expect(took).toBeGreaterThan(5_500);
  expect((await gateway.running.ended).err).toContain("2 that are being answered have six seconds to end");
  const { code, err } = await asking.ended;
  expect([code, err]).toEqual([
    1,
    expect.stringContaining("The gateway was stopped, and the answer had not ended"),
  ]);
  isSlow = false;
  await gateway.start();
  await until(async () => (await gateway.replies()).length === 1);
  expect((await gateway.replies())[0]?.text).toBe("You said: long");
}, 30_000);

test("a second SIGTERM ends it at once, however often: nothing is lost, and nobody takes it for a crash", async () => {
  let isSlow = true;
  await using gateway = await GatewayProgram.open({
    script: (request) => (isSlow ? { fault: { type: "silence" } as const } : echoLast(request)),
  });
  await gateway.start();
  await gateway.post({ text: "long" });
  for (let stops = 1; stops <= 4; stops++) {
    await until(() => gateway.bench.requests.length === stops);
    gateway.running.kill("SIGTERM");
    await gateway.running.waitForErr("gateway stops");
    const began = performance.now();
    gateway.running.kill("SIGTERM");
    await gateway.running.ended;
    expect(performance.now() - began).toBeLessThan(1000);
    const alive = await Bun.file(join(gateway.bench.state, "run/gateway.alive")).text();
    expect(alive).toStartWith("ended ");
    if (stops < 4) await gateway.start();
  }
  isSlow = false;
  await gateway.start();
  await until(async () => (await gateway.replies()).length === 1);
  expect((await gateway.replies())[0]?.text).toBe("You said: long");
}, 30_000);

test("after SIGKILL the next start is at work within two seconds", async () => {
  let isSlow = true;
  await using gateway = await GatewayProgram.open({
    script: (request) => (isSlow ? { fault: { type: "silence" } as const } : echoLast(request)),
  });
  await gateway.start();
  await gateway.post({ text: "long" });
  await until(() => gateway.bench.requests.length === 1);
  await gateway.stop("SIGKILL");
  isSlow = false;
  const began = performance.now();
  await gateway.start();
  await until(() => gateway.bench.requests.length === 2);
  expect(performance.now() - began).toBeLessThan(2000);
  await until(async () => (await gateway.replies()).length === 1);
  expect((await gateway.replies())[0]?.text).toBe("You said: long");
});

test("the configuration is read again when it changes, and one with an error leaves the old one in use", async () => {
  await using gateway = await GatewayProgram.open({ script: echoLast });
  await gateway.start();
  await gateway.ask("one");
  await writeFile(join(gateway.bench.state, "config.json"), "{ broken");
  await gateway.running.waitForErr("the configuration has an error");
  const told = "The configuration has an error, and the one before stays in use";
  await until(async () => (await gateway.replies()).some(({ text }) => text.startsWith(told)));
  await writeFile(join(gateway.bench.state, "config.json"), '{ "agents": { "defaults": { "modle": 1 } } }');
  expect(await gateway.ask("two")).toBe("You said: two");
  for (const command of ["status", "doctor"]) {
    expect((await gateway.bench.run([command])).out).toContain(
      "has an error, and the one before stays in use",
    );
  }
  await gateway.bench.configure({
    gateway: { port: 0 },
    agents: { defaults: { model: "anthropic/other-model" } },
  });
  await gateway.running.waitForErr("the configuration was read again");
  // What cannot change while it serves is not passed over in silence.
  expect(gateway.running.err).toContain('when the gateway is started again","settings":"gateway.token"');
  await gateway.ask("three");
  expect(gateway.bench.requests.at(-1)?.body["model"]).toBe("other-model");
  await until(async () => (await gateway.replies()).some(({ text }) => text.includes("in order again")));
  const said = (await gateway.replies()).filter(({ text }) => text.startsWith(told));
  // Once, and nothing of what stands in the file.
  expect(said.map(({ text }) => text)).toEqual([expect.not.stringContaining("{ broken")]);
  expect((await gateway.bench.run(["status"])).out).not.toContain("has an error");
});

test("why tells the life of a message, and redrive sends again what was set aside", async () => {
  let hasKey = false;
  await using gateway = await GatewayProgram.open({
    script: () => (hasKey ? { text: "Now it works." } : { fault: { type: "status", status: 403 } as const }),
  });
  await gateway.start();
  expect(await gateway.ask("hi")).toContain("I could not answer.");
  const { bench } = gateway;
  expect((await bench.run(["messages", "dead"])).out).toContain("failed");
  hasKey = true;
  expect((await bench.run(["messages", "redrive", "1"])).out).toContain("It is answered now.");
  await until(async () => (await gateway.replies()).some(({ text }) => text === "Now it works."));
  const story = (await bench.run(["why", "1"])).out;
  for (const part of [
    "received",
    "from owner in http chat default, for group main",
    // The one that failed as well.
    "turn 1 ended, error",
    "turn 2 ended, done",
    "answer sent",
    "answered",
  ]) {
    expect(story).toContain(part);
  }
});

test("why tells in the order of time, and of what has no end yet what it waits for", async () => {
  await using gateway = await GatewayProgram.open({
    script: () => ({ fault: { type: "status", status: 503, headers: { "retry-after": "0" } } }),
  });
  await gateway.start();
  await gateway.post({ text: "hi" });
  await until(async () => (await gateway.replies()).length > 0);
  const { chapters } = JSON.parse((await gateway.bench.run(["why", "1", "--json"])).out) as {
    readonly chapters: readonly { readonly at: string; readonly what: string; readonly text: string }[];
  };
  expect(chapters.map(({ at }) => at)).toEqual(chapters.map(({ at }) => at).toSorted());
  expect(chapters.at(-1)).toMatchObject({ what: "open", text: "waits for its turn (a private chat)" });
  // Of one that nobody answers, what would make that another: by the number that `bind` takes.
  expect((await gateway.post({ text: "hi", chat: "room", isPrivate: false })).status).toBe(403);
  const { out } = await gateway.bench.run(["why", "2"]);
  const [, chat = ""] = /until: nanoclaw groups bind NAME (\d+)/.exec(out) ?? [];
  expect((await gateway.bench.run(["groups", "bind", "main", chat])).err).toContain("private");
  expect((await gateway.bench.run(["groups", "add", "team"])).code).toBe(0);
  expect((await gateway.bench.run(["groups", "bind", "team", chat])).code).toBe(0);
});

test("groups work beside each other, and none hears of another", async () => {
  await using gateway = await GatewayProgram.open({
    script: (request) => ({
      text: userTexts(request)
        .filter((text) => /^\w+$/.test(text))
        .join("+"),
    }),
  });
  for (const name of ["family", "work"]) await gateway.bench.run(["groups", "add", name]);
  await gateway.start();
  const said = await Promise.all(
    ["family", "work"].map(async (group) => await gateway.ask(`${group}1`, { group, chat: group })),
  );
  expect(said).toEqual(["family1", "work1"]);
  expect(await gateway.ask("family2", { chat: "family" })).toBe("family1+family2");
});

interface ServerSent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Listens until a reply has come, with `work` done once the connection stands. */
async function readEvents(
  gateway: GatewayProgram,
  path: string,
  work: () => Promise<void>,
): Promise<readonly ServerSent[]> {
  const response = await gateway.request(path);
  const seen: ServerSent[] = [];
  const decoder = new TextDecoder();
  let text = "";
  let isBegun = false;
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (!isBegun) void work();
    isBegun = true;
    const parts = text.split("\n\n");
    text = parts.pop() ?? "";
    for (const part of parts) {
      const event = /^event: (.*)$/m.exec(part)?.[1];
      const data = /^data: (.*)$/m.exec(part)?.[1];
      if (event !== undefined && data !== undefined) seen.push({ event, data: JSON.parse(data) });
    }
    if (seen.some(({ event }) => event === "reply")) break;
  }
  return seen;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error("it did not come about");
    await Bun.sleep(5);
  }
}

test("without a key and without a network the demo answers chats, and says what it is", async () => {
  const unset = { agents: {}, providers: {}, localServers: { discover: false } };
  await using gateway = await GatewayProgram.open({
    config: { ...unset, gateway: { port: 0, token: "the-token-of-the-bench" } },
  });
  await gateway.start();
  expect(await gateway.ask("hi")).toContain("I am the built-in demo: no language model");
  expect(await gateway.ask("run: echo chats reach the $((40+2)) tools")).toContain(
    "chats reach the 42 tools",
  );
});
