import type { Config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import { slackWords } from "../../words/english/slack.ts";

export interface SlackSettings {
  /** `xoxb-…`: what the bot does. */
  readonly botToken: Secret;
  /** `xapp-…`: opens the connection by which events come. */
  readonly appToken: Secret;
  /** Without a slash at its end. */
  readonly base: string;
  readonly proxy?: string;
  /** In channels an answer stands in a thread below what it answers. */
  readonly repliesInThread: boolean;
  /** Each thread of a channel is a chat of its own. */
  readonly separateThreads: boolean;
  /** Shown under a message while it is worked on; empty shows nothing. */
  readonly workingSign: string;
}

export const officialBase = "https://slack.com/api";

/** Throws `AppError("config")`: something in it could never work. */
export function readSlackSettings({ channels: { slack } }: Config): SlackSettings {
  const { botToken, appToken, apiBase, proxy } = slack;
  if (botToken === undefined || appToken === undefined) throw new AppError("config", slackWords.noToken());
  if (!isBotToken(botToken.open())) throw new AppError("config", slackWords.noBotToken());
  if (!isAppToken(appToken.open())) throw new AppError("config", slackWords.noAppToken());
  const base = URL.parse(apiBase);
  if (base === null || !/^https?:$/.test(base.protocol) || base.username !== "" || base.search !== "") {
    throw new AppError("config", slackWords.badBase({ address: apiBase }));
  }
  const settings: SlackSettings = {
    botToken,
    appToken,
    base: apiBase.replace(/\/+$/, ""),
    repliesInThread: slack.replyInThread,
    separateThreads: slack.separateThreads,
    workingSign: slack.reactEmoji.replaceAll(":", "").trim(),
  };
  if (proxy === null || proxy === "") return settings;
  if (!/^(?:https?|socks5h?):$/.test(URL.parse(proxy)?.protocol ?? "")) {
    throw new AppError("config", slackWords.badProxy());
  }
  return { ...settings, proxy };
}

export function isBotToken(text: string): boolean {
  return /^xox[be](?:\.xox[bp])?-[\w.-]{6,500}$/.test(text);
}

export function isAppToken(text: string): boolean {
  return /^xapp-[\w-]{6,500}$/.test(text);
}
