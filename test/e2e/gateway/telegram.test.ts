import { expect, test } from "bun:test";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import type { LlmRequest } from "../../fakes/llm-server.ts";
import { userTexts } from "../../fakes/llm-transcript.ts";
import { FakeTelegram } from "../../fakes/telegram/server.ts";

const echo = (request: LlmRequest) => ({
  text: `You said: **${userTexts(request).findLast((text) => !text.startsWith("<context>"))}**`,
});

/** The whole program with a bot on loopback. */
async function open(options: { script?: (request: LlmRequest) => { text: string } } = {}) {
  const telegram = new FakeTelegram();
  const channels = { telegram: { apiBase: telegram.base } };
  const config = { channels, gateway: { port: 0, token: "the-token-of-the-bench" } };
  const gateway = await GatewayProgram.open({ script: options.script ?? echo, config });
  const add = async (...flags: readonly string[]) =>
    await gateway.bench.run(["channels", "add", "telegram", "--token-stdin", ...flags], {
      stdin: telegram.token,
    });
  return {
    telegram,
    gateway,
    add,
    /** Added, and somebody has become the owner. */
    async pair() {
      await gateway.start();
      const { link } = await gateway.add("telegram", telegram.token);
      await telegram.say("77", { text: `/start ${new URL(link).searchParams.get("start")}` });
      await telegram.until(() => telegram.textsOf("77").length === 1);
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await telegram[Symbol.asyncDispose]();
    },
  };
}

test("from nothing to talking: a token, a code to scan, a greeting, and an answer with its marks", async () => {
  await using under = await open();
  const { telegram, gateway } = under;
  await under.pair();
  expect(telegram.textsOf("77")[0]).toStartWith("Hello! You are my owner here");
  await telegram.say("77", { text: "hi" });
  await telegram.until(() => telegram.textsOf("77").length === 2);
  expect(telegram.shown[1]).toMatchObject({
    text: "You said: hi",
    entities: [{ type: "bold", offset: 10, length: 2 }],
  });
  const { out, code } = await gateway.bench.run(["channels", "list"]);
  expect([code, out]).toEqual([0, expect.stringMatching(/^telegram +on$/m)]);
  // The token stands sealed in its file, and nowhere else.
  expect(await readFile(join(gateway.bench.state, "config.json"), "utf8")).toContain("${TELEGRAM_BOT_TOKEN}");
  for (const name of ["config.json", "secrets.json", "nanoclaw.db", "logs/gateway.log"]) {
    expect(await readFile(join(gateway.bench.state, name), "latin1")).not.toContain(telegram.token);
  }
});

test("a code that was scanned before the gateway ran counts as soon as it does; what is older is not answered", async () => {
  await using under = await open();
  const { telegram, gateway } = under;
  void telegram.say("77", { text: "older than everything" });
  const { out } = await under.add();
  const code = /start=(\S+)/.exec(out)?.[1] ?? "";
  expect(out).toContain("✓ @nano_test_bot answers (Nano)");
  expect(out).toContain("Its messages are read while a gateway runs: nanoclaw gateway");
  const scanned = telegram.say("77", { text: `/start ${code}` });
  await gateway.start();
  await scanned;
  await telegram.until(() => telegram.textsOf("77").length === 1);
  expect(telegram.textsOf("77")[0]).toStartWith("Hello! You are my owner");
  expect(gateway.bench.requests).toHaveLength(0);
});

test("a file that is sent lies in the workspace, and a stranger's is not even fetched", async () => {
  await using under = await open();
  const { telegram, gateway } = under;
  await under.pair();
  telegram.files.set("docs/1", new TextEncoder().encode("what it holds"));
  const document = {
    file_id: "docs/1",
    file_unique_id: "u",
    file_name: "Report 1.txt",
    mime_type: "text/plain",
  };
  const eve = { id: 99, is_bot: false, first_name: "Eve" };
  await telegram.say("99", { from: eve, caption: "open it", document });
  await telegram.say("77", { caption: "read it", document });
  await telegram.until(() => telegram.textsOf("77").some((text) => text.includes("read it")));
  expect(telegram.textsOf("77").find((text) => text.includes("read it"))).toContain("inbox/Report_1.txt");
  expect(telegram.callsOf("getFile")).toHaveLength(1);
  const workspace = join(gateway.bench.state, "groups", "main", "workspace", "inbox");
  expect(await readdir(workspace)).toEqual(["Report_1.txt"]);
  expect(await readFile(join(workspace, "Report_1.txt"), "utf8")).toBe("what it holds");
});

test("killed after the commit and before the offset, it answers once", async () => {
  const asked = Promise.withResolvers<void>();
  let held = Promise.withResolvers<void>();
  await using under = await open({
    script: (request) => {
      asked.resolve();
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the bench awaits what a script returns
      return held.promise.then(() => echo(request)) as unknown as { text: string };
    },
  });
  const { telegram, gateway } = under;
  await under.pair();
  // The question that would acknowledge it never reaches Telegram.
  telegram.decide = (call) =>
    call.method === "getUpdates" && call.parameters["offset"] !== undefined && telegram.handedOut > 1
      ? { type: "hang" }
      : undefined;
  void telegram.say("77", { text: "once" });
  await asked.promise;
  await gateway.stop("SIGKILL");
  expect(telegram.unacknowledged).toBe(1);
  telegram.decide = () => undefined;
  held.resolve();
  await gateway.start();
  await telegram.until(() => telegram.textsOf("77").length === 2 && telegram.unacknowledged === 0);
  await telegram.say("77", { text: "again" });
  await telegram.until(() => telegram.textsOf("77").length === 3);
  expect(telegram.textsOf("77").slice(1)).toEqual(["You said: once", "You said: again"]);
  held = Promise.withResolvers();
});

test("a chat that blocked the bot is refused once, and status says so; test says what is in the way", async () => {
  await using under = await open();
  const { telegram, gateway } = under;
  await under.pair();
  telegram.fail("sendMessage", { type: "error", code: 403, text: "Forbidden: bot was blocked by the user" });
  await telegram.say("77", { text: "hi" });
  await telegram.until(() => telegram.callsOf("sendMessage").length === 2);
  const { out } = await gateway.bench.run(["channels", "status"]);
  expect(out).toContain("cannot write to Anna (77): Forbidden: bot was blocked by the user");
  expect(telegram.callsOf("sendMessage")).toHaveLength(2);
  const { token } = telegram;
  telegram.token = "4711:revoked";
  expect((await gateway.bench.run(["channels", "test", "telegram"])).err).toContain(
    "does not take the bot's token",
  );
  telegram.token = token;
});

test("removed, it is off, and its token is forgotten", async () => {
  await using under = await open();
  const { telegram, gateway } = under;
  await under.add();
  expect((await gateway.bench.run(["channels", "remove", "telegram"])).out).toContain("✓ telegram is off");
  expect(await readFile(join(gateway.bench.state, "secrets.json"), "utf8")).not.toContain("TELEGRAM");
  expect((await gateway.bench.run(["channels", "remove", "telegram"])).err).toContain("is not set up");
  expect((await gateway.bench.run(["channels", "add", "telegrm"])).err).toContain('did you mean "telegram"?');
  expect(telegram.shown).toHaveLength(0);
});
