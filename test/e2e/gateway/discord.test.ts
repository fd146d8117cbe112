import { expect, test } from "bun:test";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { anna, FakeDiscord } from "../../fakes/discord/server.ts";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import type { LlmRequest } from "../../fakes/llm-server.ts";
import { userTexts } from "../../fakes/llm-transcript.ts";

type Script = (request: LlmRequest) => { readonly text: string };

const echo: Script = (request) => ({
  text: `You said: **${userTexts(request).findLast((text) => !text.startsWith("<context>"))}**`,
});

/** The whole program with a bot on loopback. */
async function open(script: Script = echo) {
  const discord = new FakeDiscord();
  const channels = { discord: { apiBase: discord.base } };
  const config = { channels, gateway: { port: 0, token: "the-token-of-the-bench" } };
  const gateway = await GatewayProgram.open({ script, config });
  const add = async (...flags: readonly string[]) =>
    await gateway.bench.run(["channels", "add", "discord", "--token-stdin", ...flags], {
      stdin: discord.token,
    });
  return {
    discord,
    gateway,
    add,
    /** Added, and somebody has become the owner. */
    async pair() {
      await gateway.start();
      const { code } = await gateway.add("discord", discord.token);
      await discord.until(() => discord.openings.length > 0);
      await discord.say("501", { content: code });
      await discord.until(() => discord.textsOf("501").length === 1);
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await discord[Symbol.asyncDispose]();
    },
  };
}

async function readState(gateway: GatewayProgram): Promise<{ state: string; reason?: string }> {
  const response = await fetch(`${gateway.address}/health`);
  const { channels } = (await response.json()) as { channels: Record<string, { state: string }> };
  return channels["discord"] ?? { state: "none" };
}

test("from nothing to talking: a token, an invitation, a code in private, a greeting, and an answer with its marks", async () => {
  await using under = await open();
  const { discord, gateway } = under;
  await under.pair();
  expect(discord.textsOf("501")[0]).toStartWith("Hello! You are my owner here");
  await discord.say("501", { content: "hi" });
  await discord.until(() => discord.shownIn("501").length === 2);
  // Nobody is called by it, no page is shown, and sent twice it appears once.
  expect(discord.callsOf("send").at(-1)?.body).toMatchObject({
    content: "You said: **hi**",
    flags: 4,
    allowed_mentions: { parse: [] },
    enforce_nonce: true,
  });
  expect(discord.callsOf("typing").length).toBeGreaterThan(0);
  expect(discord.callsOf("commands")).toHaveLength(1);
  const { out, code } = await gateway.bench.run(["channels", "list"]);
  expect([code, out]).toEqual([0, expect.stringMatching(/^discord +on$/m)]);
  expect((await gateway.bench.run(["channels", "test", "discord"])).out).toMatch(
    /^✓ @nano_test_bot answers in \d+ ms$/m,
  );
  expect(await readState(gateway)).toMatchObject({ state: "connected" });
  // The token stands sealed in its file, and nowhere else.
  expect(await readFile(join(gateway.bench.state, "config.json"), "utf8")).toContain("${DISCORD_BOT_TOKEN}");
  for (const name of ["config.json", "secrets.json", "nanoclaw.db", "logs/gateway.log"]) {
    expect(await readFile(join(gateway.bench.state, name), "latin1")).not.toContain(discord.token);
  }
});

test("a code that was written while no gateway ran counts as soon as one does", async () => {
  await using under = await open();
  const { discord, gateway } = under;
  void discord.say("501", { content: "older than the bot" });
  const { out } = await under.add();
  const code = /send it this message:\s+(\S+)/.exec(out)?.[1] ?? "";
  void discord.say("501", { content: code });
  await gateway.start();
  await discord.until(() => discord.textsOf("501").length === 1);
  expect(discord.textsOf("501")[0]).toStartWith("Hello! You are my owner");
  expect(gateway.bench.requests).toHaveLength(0);
});

test("killed and started again it goes on with its session; what was written meanwhile is answered once", async () => {
  await using under = await open();
  const { discord, gateway } = under;
  await under.pair();
  await discord.say("501", { content: "one" });
  await discord.until(() => discord.textsOf("501").length === 2);
  await gateway.stop("SIGKILL");
  const meanwhile = discord.say("501", { content: "two" });
  await gateway.start();
  await meanwhile;
  await discord.until(() => discord.textsOf("501").length === 3);
  expect(discord.openings.map(({ op }) => op)).toEqual([2, 6]);
  // The session is gone with the next death: what was missed is fetched.
  await gateway.stop("SIGKILL");
  discord.endSessions();
  void discord.say("501", { content: "three" });
  await gateway.start();
  await discord.until(() => discord.textsOf("501").length === 4);
  await discord.say("501", { content: "four" });
  await discord.until(() => discord.textsOf("501").length === 5);
  expect(discord.textsOf("501").slice(1)).toEqual([
    "You said: one",
    "You said: two",
    "You said: three",
    "You said: four",
  ]);
  expect(discord.openings.map(({ op }) => op)).toEqual([2, 6, 6, 2]);
}, 30_000);

test("in a server it answers whom it is meant by, where he wrote, and in a thread in the thread", async () => {
  await using under = await open();
  const { discord, gateway } = under;
  discord.addServer("900", "Home", [
    { id: "910", name: "general", type: 0 },
    { id: "920", name: "plans", type: 11, parent_id: "910" },
  ]);
  await under.pair();
  await discord.say("910", { content: "nobody is meant" });
  await discord.say("910", { content: "<@4711> hello", mentions: [discord.me] });
  await gateway.bench.run(["groups", "add", "family"]);
  const { out } = await gateway.bench.run(["groups", "bind", "family", "discord:910"]);
  expect(out).toContain('"#general (Home)" (discord) belongs to family now');
  await discord.say("910", { content: "<@4711> who is there?", mentions: [discord.me] });
  await discord.until(() => discord.shownIn("910").length === 2);
  const asked = discord.messages.findLast(
    ({ author, channel_id: at }) => author?.id === "77" && at === "910",
  );
  expect(discord.shownIn("910")[1]?.message_reference).toMatchObject({ message_id: asked?.id });
  expect(discord.textsOf("910")[1]).toContain("@Nano who is there?");
  await discord.say("920", { content: "<@&9009> and here?", mention_roles: ["9009"] });
  await discord.until(() => discord.shownIn("920").length === 1);
  expect(discord.textsOf("920")[0]).toContain("@Nano and here?");
  // A command of the menu: a sign for who gave it, the answer for all.
  await discord.interact("910", 2, { id: "1", name: "whoami", type: 1 });
  await discord.until(() => discord.shownIn("910").length === 3);
  expect(discord.callbacks[0]?.body).toMatchObject({ type: 4, data: { flags: 64, content: "✓ `/whoami`" } });
  expect(discord.textsOf("910")[2]).toContain("you are: the owner");
}, 30_000);

test("a file that is sent lies in the workspace, and a stranger's is not even fetched", async () => {
  await using under = await open();
  const { discord, gateway } = under;
  await under.pair();
  discord.attachments.set("1", new TextEncoder().encode("what it holds"));
  const attachments = [
    {
      id: "600",
      filename: "Report 1.txt",
      content_type: "text/plain; charset=utf-8",
      size: 13,
      url: `${new URL(discord.base).origin}/attachments/1`,
      proxy_url: "",
    },
  ];
  const eve = { ...anna, id: "99", username: "eve", global_name: "Eve" };
  await discord.say("502", { author: eve, content: "open it", attachments });
  await discord.say("501", { content: "read it", attachments });
  await discord.until(() => discord.textsOf("501").some((text) => text.includes("read it")));
  expect(discord.textsOf("501").find((text) => text.includes("read it"))).toContain("inbox/Report_1.txt");
  expect(discord.callsOf("message")).toHaveLength(1);
  const workspace = join(gateway.bench.state, "groups", "main", "workspace", "inbox");
  expect(await readdir(workspace)).toEqual(["Report_1.txt"]);
  expect(await readFile(join(workspace, "Report_1.txt"), "utf8")).toBe("what it holds");
});

test("a token that was reset is said once, stands in the status, and a new one counts at once", async () => {
  await using under = await open();
  const { discord, gateway } = under;
  await under.pair();
  discord.token = "NDcxMTAwMDAwMDAwMDAw.fake01.another-token-of-the-same-bot";
  discord.hangUp(4004);
  const reason = "Discord does not take the bot's token: Unauthorized.";
  while ((await readState(gateway)).state !== "down") await Bun.sleep(5);
  expect(await readState(gateway)).toMatchObject({ state: "down", reason });
  const before = discord.openings.length;
  // It is asked once a minute at most, and not at every turn.
  expect(before).toBe(1);
  await under.add();
  await discord.until(() => discord.openings.length > before);
  await discord.say("501", { content: "hi again" });
  await discord.until(() => discord.textsOf("501").some((text) => text.includes("hi again")));
}, 30_000);
