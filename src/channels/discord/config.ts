import type { Config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import { discordWords } from "../../words/english/discord.ts";
import { isSnowflake } from "./snowflake.ts";

export interface DiscordSettings {
  readonly token: Secret;
  /** Without a slash at its end. */
  readonly base: string;
  /** Where the owner named another than Discord's, which says itself where its gateway stands. */
  readonly gateway?: string;
  readonly proxy?: string;
  readonly intents: number;
  /** Each thread is a chat of its own. */
  readonly separateThreads: boolean;
  /** Who is let in, as far as it is said by number. */
  readonly people: readonly string[];
}

export const officialBase = "https://discord.com/api/v10";
const officialGateway = "wss://gateway.discord.gg/?v=10&encoding=json";

/** Throws `AppError("config")`: something in it could never work. */
export function readDiscordSettings({ channels: { discord } }: Config): DiscordSettings {
  const { token, apiBase, gatewayUrl, proxy, intents, separateThreads, allowFrom } = discord;
  if (token === undefined) throw new AppError("config", discordWords.noToken());
  if (!isToken(token.open())) throw new AppError("config", discordWords.noSuchToken());
  if (!isAddress(apiBase, /^https?:$/)) {
    throw new AppError("config", discordWords.badBase({ address: apiBase }));
  }
  if (!isAddress(gatewayUrl, /^wss?:$/)) {
    throw new AppError("config", discordWords.badGateway({ address: gatewayUrl }));
  }
  if (proxy !== null && proxy !== "" && !/^(?:https?|socks5h?):$/.test(URL.parse(proxy)?.protocol ?? "")) {
    throw new AppError("config", discordWords.badProxy());
  }
  return {
    token,
    base: apiBase.replace(/\/+$/, ""),
    intents,
    separateThreads,
    people: allowFrom.map((entry) => entry.trim()).filter(isSnowflake),
    ...(gatewayUrl === officialGateway ? {} : { gateway: gatewayUrl }),
    ...(proxy === null || proxy === "" ? {} : { proxy }),
  };
}

/** Three parts with dots between, as the developer portal shows it once. */
export function isToken(text: string): boolean {
  return /^[\w-]{10,100}\.[\w-]{3,20}\.[\w-]{10,100}$/.test(text);
}

function isAddress(text: string, protocol: RegExp): boolean {
  const url = URL.parse(text);
  return url !== null && protocol.test(url.protocol) && url.username === "";
}
