import { expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeIo } from "../../test/fakes/command-io.ts";
import { createFakeKeyboard } from "../../test/fakes/keyboard.ts";
import { FakeDiscord } from "../../test/fakes/discord/server.ts";
import { FakeSlack, fakeTokens } from "../../test/fakes/slack/server.ts";
import { FakeTelegram } from "../../test/fakes/telegram/server.ts";
import { createPrompt } from "../login/prompt.ts";
import { phrases } from "../words/english/phrases.ts";
import { ParsedArguments } from "./arguments.ts";
import { runChannelsAdd } from "./channels-add.ts";

/** Somebody who sits at a terminal and types. */
async function sit(typed: readonly string[]) {
  return await sitBefore("telegram", new FakeTelegram(), typed);
}

async function sitBefore<Server extends AsyncDisposable & { readonly base: string }>(
  name: string,
  server: Server,
  typed: readonly string[],
) {
  const home = await mkdtemp(join(tmpdir(), "nanoclaw-add-"));
  await mkdir(join(home, "state"), { mode: 0o700 });
  const config = { channels: { [name]: { apiBase: server.base } } };
  await writeFile(join(home, "state", "config.json"), JSON.stringify(config), { mode: 0o600 });
  const io = createFakeIo({
    env: { HOME: home, NANOCLAW_HOME: join(home, "state") },
    isTerminal: true,
    inputKind: "terminal",
  });
  const keyboard = createFakeKeyboard(typed.map((line) => `${line}\r`));
  const prompt = createPrompt({ keyboard, write: (text) => io.writeError(text), phrases: phrases.login });
  let services = 0;
  const none = new Map<string, readonly string[]>([
    ["json", []],
    ["token-stdin", []],
  ]);
  return {
    server,
    io,
    services: () => services,
    add: () =>
      runChannelsAdd(new ParsedArguments([], [name], none), io, new AbortController().signal, {
        ask: async (ask) => await ask(prompt),
        installService: async () => void services++,
      }),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

test("step by step: what to tap, the token unseen, the code as a picture and a link, and the service", async () => {
  await using person = await sit([`Use this token: ${new FakeTelegram().token}`, "1"]);
  const { io } = person;
  const { token } = new FakeTelegram();
  expect(await person.add()).toBe(0);
  expect(io.err).toContain("https://t.me/BotFather");
  expect(io.err).toContain("/newbot");
  expect(io.err).not.toContain(token);
  expect(io.out).toContain("✓ @nano_test_bot answers (Nano)");
  expect(io.out).toMatch(/https:\/\/t\.me\/nano_test_bot\?start=[A-Z0-9]{4}-[A-Z0-9]{4}\n/);
  expect(io.out).toContain("█▀▀▀▀▀█");
  expect(io.out).not.toContain(token);
  expect(person.services()).toBe(1);
});

test("who starts the gateway himself is told how, and a token that is none keeps nothing", async () => {
  await using person = await sit([new FakeTelegram().token, "2"]);
  expect(await person.add()).toBe(0);
  expect(person.io.out).toContain("Start it before you write to it: nanoclaw gateway");
  expect(person.services()).toBe(0);
  await using other = await sit(["4711:AAanother_token_that_nobody_gave_out00"]);
  expect(other.add()).rejects.toMatchObject({ words: { key: "telegram.tokenRefused" } });
});

test("Discord: what to press in its portal, the token unseen, an invitation, and the code to send in private", async () => {
  const { token } = new FakeDiscord();
  await using person = await sitBefore("discord", new FakeDiscord(), [`Bot ${token}`, "1"]);
  const { io, server } = person;
  expect(await person.add()).toBe(0);
  for (const step of [
    "https://discord.com/developers/applications",
    "Message Content Intent",
    "Reset Token",
  ]) {
    expect(io.err.replace(/\s+/g, " ")).toContain(step);
  }
  expect(io.err + io.out).not.toContain(server.token);
  expect(io.out).toContain("✓ @nano_test_bot answers (Nano)");
  expect(io.out).toContain("In servers it sees all that is said");
  expect(io.out).toContain(
    "https://discord.com/oauth2/authorize?client_id=4711&scope=bot+applications.commands&permissions=274878008384\n",
  );
  expect(io.out).toMatch(/send it this message:\n\n {2}[A-Z0-9]{4}-[A-Z0-9]{4}\n/);
  expect(io.out).toContain("█▀▀▀▀▀█");
});

test("Discord: a bot that may not read what is written is told what to switch on, and everybody's whom to shut out", async () => {
  const server = new FakeDiscord();
  server.applicationFlags = 0;
  await using person = await sitBefore("discord", server, [server.token, "1"]);
  expect(await person.add()).toBe(0);
  expect(person.io.out.replace(/\s+/g, " ")).toContain("The Message Content Intent is off");
  server.token = "NDcxMTAwMDAwMDAwMDAw.fake01.another-token-of-the-same-bot";
  await using other = await sitBefore("discord", new FakeDiscord(), [server.token]);
  expect(other.add()).rejects.toMatchObject({ words: { key: "discord.tokenRefused" } });
});

test("a platform with two tokens: both are asked for unseen, each behind its steps, and what to paste there is shown", async () => {
  const { bot, app } = fakeTokens;
  await using person = await sitBefore("slack", new FakeSlack(), [bot, `xapp: ${app}`, "2"]);
  expect(await person.add()).toBe(0);
  const { err, out } = person.io;
  expect(err).toContain("https://api.slack.com/apps?new_app=1");
  // Lines that are pasted are not broken, and stand without a margin.
  for (const line of ["display_information:", "      - message.im", "  socket_mode_enabled: true"]) {
    expect(err.split("\n")).toContain(line);
  }
  expect(err.indexOf("Bot token (xoxb-…)")).toBeLessThan(err.indexOf("App-Level Tokens"));
  expect(err + out).not.toContain(bot);
  expect(err + out).not.toContain(app);
  expect(out).toContain("✓ @nano answers (Family)");
  expect(out).toContain("Its tokens are kept, sealed, as SLACK_BOT_TOKEN and SLACK_APP_TOKEN");
  expect(out).toMatch(/Write it there: [A-Z0-9]{4}-[A-Z0-9]{4}\n/);
});
