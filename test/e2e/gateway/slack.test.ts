import { expect, test } from "bun:test";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import type { LlmRequest } from "../../fakes/llm-server.ts";
import { userTexts } from "../../fakes/llm-transcript.ts";
import { FakeSlack } from "../../fakes/slack/server.ts";

const echo = (request: LlmRequest) => ({
  text: `You said: **${userTexts(request).findLast((text) => !text.startsWith("<context>"))}**`,
});

/** The whole program with an app on loopback. */
async function open() {
  const slack = new FakeSlack();
  const channels = { slack: { apiBase: slack.base } };
  const config = { channels, gateway: { port: 0, token: "the-token-of-the-bench" } };
  const gateway = await GatewayProgram.open({ script: echo, config });
  const add = async (...flags: readonly string[]) =>
    await gateway.bench.run(["channels", "add", "slack", "--token-stdin", ...flags], {
      stdin: `${slack.botToken}\n${slack.appToken}\n`,
    });
  return {
    slack,
    gateway,
    add,
    /** Added, and somebody has become the owner. */
    async pair() {
      await gateway.start();
      const { code } = await gateway.add("slack", `${slack.botToken}\n${slack.appToken}\n`);
      await slack.say("D1", { text: code });
      await slack.until(() => slack.textsOf("D1").length === 1);
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await slack[Symbol.asyncDispose]();
    },
  };
}

test("from nothing to talking: two tokens, a code to write, a greeting, and an answer with its marks", async () => {
  await using under = await open();
  const { slack, gateway } = under;
  await under.pair();
  expect(slack.textsOf("D1")[0]).toStartWith("Hello! You are my owner here");
  await slack.say("D1", { text: "hi" });
  await slack.until(() => slack.textsOf("D1").length === 2);
  expect(slack.callsOf("chat.postMessage")[1]?.parameters).toMatchObject({
    channel: "D1",
    text: "You said: *hi*",
    unfurl_links: "false",
    unfurl_media: "false",
  });
  // The sign under what is worked on goes when it is answered.
  await slack.until(() => slack.callsOf("reactions.remove").length >= 1);
  expect(slack.messages.flatMap(({ reactions }) => reactions)).toEqual([]);
  const { out, code } = await gateway.bench.run(["channels", "list"]);
  expect([code, out]).toEqual([0, expect.stringMatching(/^slack +on$/m)]);
  for (const name of ["config.json", "secrets.json", "nanoclaw.db", "logs/gateway.log"]) {
    const text = await readFile(join(gateway.bench.state, name), "latin1");
    expect(text).not.toContain(slack.botToken);
    expect(text).not.toContain(slack.appToken);
    // The address of a connection holds a ticket.
    expect(text).not.toContain("ticket=");
  }
});

test("a code that was written before the gateway ran counts as soon as it does; what is older is not answered", async () => {
  await using under = await open();
  const { slack, gateway } = under;
  slack.sayUnheard("D1", { text: "older than everything", ts: "1700000000.000100" });
  const { out } = await under.add();
  expect(out).toContain("✓ @nano answers (Family)");
  expect(out).toContain("https://slack.com/app_redirect?app=A1&team=T1");
  const code = /Write it there: (\S+)/.exec(out)?.[1] ?? "";
  const written = slack.say("D1", { text: code });
  await gateway.start();
  await written;
  await slack.until(() => slack.textsOf("D1").length === 1);
  expect(slack.textsOf("D1")[0]).toStartWith("Hello! You are my owner");
  expect(gateway.bench.requests).toHaveLength(0);
});

test("in a channel it answers who mentions it, once and in a thread; a stranger's file is not even fetched", async () => {
  await using under = await open();
  const { slack, gateway } = under;
  await under.pair();
  const file = (name: string) => ({
    id: "F9",
    name,
    mimetype: "text/plain",
    size: 13,
    url_private_download: `http://127.0.0.1:${slack.port}/files/F9`,
  });
  slack.files.add("F9", "Report 1.txt", "what it holds");
  slack.users.set("U9", "Eve");
  await slack.say("D9", { user: "U9", text: "open it", files: [file("evil.txt")], subtype: "file_share" });
  await slack.say("D1", { text: "read it", files: [file("Report 1.txt")], subtype: "file_share" });
  await slack.until(() => slack.textsOf("D1").some((text) => text.includes("inbox/Report_1.txt")));
  const inbox = join(gateway.bench.state, "groups", "main", "workspace", "inbox");
  expect(await readdir(inbox)).toEqual(["Report_1.txt"]);
  expect(await readFile(join(inbox, "Report_1.txt"), "utf8")).toBe("what it holds");
  // The owner is told of the chat, and binds it.
  await slack.say("C1", { text: "<@UBOT> hello", ts: "1700000001.000100" });
  expect((await gateway.bench.run(["groups", "add", "family"])).code).toBe(0);
  expect((await gateway.bench.run(["groups", "bind", "family", "slack:C1"])).err).toBe("");
  await slack.say("C1", { text: "<@UBOT> who are you?", ts: "1700000002.000100" });
  await slack.until(() => slack.textsOf("C1").length >= 2);
  const answers = slack.messages.filter(({ channel, user }) => channel === "C1" && user === "UBOT");
  // Both in threads of what they answer: that the chat belongs to no group, and then the answer.
  expect(answers.map((each) => each.thread_ts)).toEqual(["1700000001.000100", "1700000002.000100"]);
  expect(slack.textsOf("C1")[1]).toContain("who are you?");
});

test("what was written while it was away is answered once: sent again by Slack, or read from the history", async () => {
  await using under = await open();
  const { slack, gateway } = under;
  await under.pair();
  await slack.say("D1", { text: "before" });
  await slack.until(() => slack.textsOf("D1").length === 2);
  await gateway.stop("SIGKILL");
  void slack.say("D1", { text: "sent again" });
  slack.sayUnheard("D1", { text: "given up by Slack" });
  await gateway.start();
  const heardBy = (request: LlmRequest | undefined): string =>
    request === undefined ? "" : userTexts(request).join("\n");
  await slack.until(() => {
    const heard = heardBy(gateway.bench.requests.at(-1));
    return heard.includes("sent again") && heard.includes("given up by Slack");
  });
  await slack.say("D1", { text: "the end" });
  await slack.until(() => slack.textsOf("D1").at(-1)?.includes("the end") === true);
  const heard = heardBy(gateway.bench.requests.at(-1));
  for (const words of ["before", "sent again", "given up by Slack", "the end"]) {
    expect(heard.split(words)).toHaveLength(2);
  }
});

test("a token that is revoked is said once, and counts again as soon as it is mended; test and status say what is in the way", async () => {
  await using under = await open();
  const { slack, gateway } = under;
  await under.pair();
  expect((await gateway.bench.run(["channels", "test", "slack"])).out).toContain("✓ @nano answers");
  slack.fail("chat.postMessage", { type: "error", error: "is_archived" });
  await slack.say("D1", { text: "hi" });
  await slack.until(() => slack.callsOf("chat.postMessage").length === 2);
  await gateway.bench.run(["channels", "status"]);
  const { botToken } = slack;
  slack.botToken = "xoxb-9999-another";
  expect((await gateway.bench.run(["channels", "test", "slack"])).err).toContain(
    "does not take the xoxb token",
  );
  const again = await gateway.bench.run(["channels", "add", "slack", "--token-stdin", "--json"], {
    stdin: `${slack.botToken} ${slack.appToken}`,
  });
  expect(again.code).toBe(0);
  await slack.say("D1", { text: "mended" });
  await slack.until(() => slack.textsOf("D1").some((text) => text.includes("mended")));
  expect(slack.botToken).not.toBe(botToken);
});

test("removed, it is off, and both tokens are forgotten", async () => {
  await using under = await open();
  const { slack, gateway } = under;
  await under.add();
  expect((await gateway.bench.run(["channels", "remove", "slack"])).out).toContain(
    "✓ slack is off and its tokens",
  );
  expect(await readFile(join(gateway.bench.state, "secrets.json"), "utf8")).not.toContain("SLACK");
  expect((await gateway.bench.run(["channels", "remove", "slack"])).err).toContain("is not set up");
  expect(slack.textsOf("D1")).toHaveLength(0);
});
