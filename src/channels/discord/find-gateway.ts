import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import { discordWords } from "../../words/english/discord.ts";
import type { DiscordSettings } from "./config.ts";
import { toFields } from "./fields.ts";
import { isOfficial, type RestApi } from "./rest.ts";

export interface GatewayPlace {
  readonly url: string;
  /** So far apart sessions must begin for those that are left to last until there are more. */
  readonly apartMs: number;
  /** Set when none may begin: until then. One that is gone on with does not count. */
  readonly usedUpMs?: number;
}

/** Where the gateway is, and how many sessions may still begin today. Throws `AppError`: the token is refused, nobody answers. */
export async function findGateway(
  api: RestApi,
  { base, gateway }: DiscordSettings,
  signal: AbortSignal,
): Promise<GatewayPlace> {
  const answer = await api.callPatiently("GET", "/gateway/bot", { signal });
  signal.throwIfAborted();
  if (answer.type === "unauthorized") {
    throw new AppError("config", discordWords.tokenRefused({ reason: answer.reason }));
  }
  if (answer.type !== "ok") {
    throw new AppError("network", discordWords.notReached({ reason: answer.reason }));
  }
  const { url, session_start_limit: limit } = toFields(answer.result);
  const found = gateway ?? (typeof url === "string" ? url : "");
  if (!isGateway(found, base, gateway)) {
    throw new AppError("network", discordWords.notReached({ reason: "this is no server of Discord's API" }));
  }
  const { total, remaining, reset_after: resetMs } = toFields(limit);
  const left = typeof remaining === "number" ? remaining : 1;
  const untilMs = typeof resetMs === "number" ? resetMs : 0;
  const place = { url: withVersion(found), apartMs: 0 };
  if (left <= 0) return { ...place, usedUpMs: untilMs };
  const isScarce = typeof total === "number" && left < total / 2;
  return isScarce ? { ...place, apartMs: untilMs / left } : place;
}

/** A gateway that we were told of: Discord's own, or where the owner named a server, anywhere that speaks the protocol. */
export function isGateway(address: string, base: string, own?: string): boolean {
  const url = URL.parse(address);
  if (url === null || !/^wss?:$/.test(url.protocol) || url.username !== "") return false;
  if (own !== undefined || !isOfficial(base)) return true;
  return url.protocol === "wss:" && url.port === "" && isOfficial(address);
}

export function withVersion(address: string): string {
  const url = new URL(address);
  url.searchParams.set("v", "10");
  url.searchParams.set("encoding", "json");
  return url.href;
}

/** Keeps new sessions apart from each other. */
export class StartPace {
  readonly #clock: Clock;
  #last = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws `AppError`: Discord lets none begin now. */
  async wait({ apartMs, usedUpMs }: GatewayPlace, leastMs: number, signal: AbortSignal): Promise<void> {
    if (usedUpMs !== undefined) {
      const minutes = Math.max(1, Math.ceil(usedUpMs / 60_000));
      throw new AppError("network", discordWords.startsUsedUp({ minutes }), { retryAfterMs: usedUpMs });
    }
    const left = this.#last + Math.max(leastMs, apartMs) - this.#clock.monotonic();
    if (left > 0) await this.#clock.sleep(left, signal);
    this.#last = this.#clock.monotonic();
  }
}
