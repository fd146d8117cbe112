import { FakeDiscord } from "../test/fakes/discord/server.ts";
import { FakeSlack } from "../test/fakes/slack/server.ts";
import { FakeTelegram } from "../test/fakes/telegram/server.ts";

/** A chat app on loopback, with one person in it. */
export interface ChatApp extends AsyncDisposable {
  /** As people call it. */
  readonly title: string;
  readonly name: string;
  readonly config: object;
  /** What is pasted. */
  readonly tokens: string;
  /** Says what `channels add` printed, and is greeted. */
  join(added: { readonly link: string; readonly code: string }): Promise<void>;
  /** Resolves with when the answer was sent. */
  readonly say: (text: string) => Promise<number>;
  /** Somebody hears what is said. */
  whenHeard(): Promise<void>;
}

export function openTelegramApp(): ChatApp {
  const server = new FakeTelegram();
  const say = async (text: string): Promise<number> => {
    const shown = server.shown.length;
    void server.say("77", { text });
    await server.until(() => server.shown.length > shown);
    return server.shown.at(-1)?.call.at ?? Number.NaN;
  };
  return {
    title: "Telegram",
    name: "telegram",
    config: { apiBase: server.base },
    tokens: server.token,
    async join({ link }) {
      await say(`/start ${new URL(link).searchParams.get("start")}`);
    },
    say,
    whenHeard: () => server.until(() => server.callsOf("getUpdates").length > 3),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

export function openDiscordApp(): ChatApp {
  const server = new FakeDiscord();
  const say = async (content: string): Promise<number> => {
    const shown = server.shownIn("501").length;
    void server.say("501", { content });
    await server.until(() => server.shownIn("501").length > shown);
    return server.callsOf("send").at(-1)?.at ?? Number.NaN;
  };
  return {
    title: "Discord",
    name: "discord",
    config: { apiBase: server.base },
    tokens: server.token,
    async join({ code }) {
      await say(code);
    },
    say,
    whenHeard: () => server.until(() => server.openings.length > 0),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

export function openSlackApp(): ChatApp {
  const server = new FakeSlack();
  const say = async (text: string): Promise<number> => {
    const shown = server.textsOf("D1").length;
    void server.say("D1", { text });
    await server.until(() => server.textsOf("D1").length > shown);
    return server.callsOf("chat.postMessage").at(-1)?.at ?? Number.NaN;
  };
  return {
    title: "Slack",
    name: "slack",
    config: { apiBase: server.base },
    tokens: `${server.botToken}\n${server.appToken}\n`,
    async join({ code }) {
      await say(code);
    },
    say,
    whenHeard: () => server.until(() => server.hub.links > 0),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
