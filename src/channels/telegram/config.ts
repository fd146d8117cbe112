import type { Config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import { telegramWords } from "../../words/english/telegram.ts";

export interface TelegramSettings {
  readonly token: Secret;
  /** Without a slash at its end. */
  readonly base: string;
  readonly proxy?: string;
  /** Each topic of a forum is a chat of its own. */
  readonly separateTopics: boolean;
}

export const officialBase = "https://api.telegram.org";

/** Throws `AppError("config")`: something in it could never work. */
export function readTelegramSettings({ channels: { telegram } }: Config): TelegramSettings {
  const { token, apiBase, proxy, separateTopics } = telegram;
  if (token === undefined) throw new AppError("config", telegramWords.noToken());
  if (!isToken(token.open())) throw new AppError("config", telegramWords.noSuchToken());
  const base = URL.parse(apiBase);
  if (base === null || !/^https?:$/.test(base.protocol) || base.username !== "" || base.search !== "") {
    throw new AppError("config", telegramWords.badBase({ address: apiBase }));
  }
  const settings = { token, base: apiBase.replace(/\/+$/, ""), separateTopics };
  if (proxy === null || proxy === "") return settings;
  if (!/^(?:https?|socks5h?):$/.test(URL.parse(proxy)?.protocol ?? "")) {
    throw new AppError("config", telegramWords.badProxy());
  }
  return { ...settings, proxy };
}

/** `123456789:AA…`, as BotFather writes it. */
export function isToken(text: string): boolean {
  return /^\d{1,20}:[\w-]{3,100}$/.test(text);
}
