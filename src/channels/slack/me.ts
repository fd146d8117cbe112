import { AppError } from "../../errors.ts";
import { slackWords } from "../../words/english/slack.ts";
import type { ApiAnswer } from "./answer.ts";
import type { WebApi } from "./web-api.ts";

/** The bot in its workspace. */
export interface Me {
  readonly user: string;
  readonly bot: string;
  readonly team: string;
  readonly name: string;
  readonly teamName: string;
}

/** Who the bot's token is. Throws `AppError`: `config` when the token is none, `network` when nobody can be asked. */
export async function readMe(api: WebApi, signal: AbortSignal): Promise<Me> {
  const answer = await api.call("auth.test", {}, { signal });
  signal.throwIfAborted();
  if (answer.type !== "ok") throw toError(answer, "bot");
  const { user_id: user, bot_id: bot, team_id: team, user: name, team: teamName } = answer.result;
  if (typeof user !== "string" || typeof team !== "string") {
    throw new AppError("network", slackWords.notReached({ reason: "this is no Web API server" }));
  }
  return { user, team, bot: toText(bot), name: toText(name), teamName: toText(teamName) };
}

/** Why a call that must succeed did not. */
export function toError(
  answer: Exclude<ApiAnswer, { type: "ok" }>,
  token: "bot" | "app",
  retryAfterMs = 60_000,
): AppError {
  const { type, reason } = answer;
  if (type === "unauthorized") {
    const words = slackWords.tokenRefused({ token: token === "bot" ? "xoxb" : "xapp", reason });
    return new AppError("config", words, { retryAfterMs });
  }
  if (
    type === "refused" &&
    /^(?:forbidden_team|access_denied|not_allowed)$/.test(reason) &&
    token === "app"
  ) {
    return new AppError("config", slackWords.socketModeOff(), { retryAfterMs });
  }
  if (type === "refused") {
    return new AppError("config", slackWords.saidNo({ reason }), { retryAfterMs });
  }
  const wait = type === "wait" ? { retryAfterMs: answer.ms } : {};
  return new AppError("network", slackWords.notReached({ reason }), wait);
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
