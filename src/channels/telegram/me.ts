import type { UserFromGetMe } from "@grammyjs/types";
import { AppError } from "../../errors.ts";
import { telegramWords } from "../../words/english/telegram.ts";
import type { BotApi } from "./bot-api.ts";

/** Who the token's bot is. Throws `AppError`: `config` when the token is none, `network` when nobody can be asked. */
export async function readMe(api: BotApi, signal: AbortSignal): Promise<UserFromGetMe> {
  const answer = await api.call("getMe", {}, { signal });
  signal.throwIfAborted();
  if (answer.type === "ok") {
    if (isMe(answer.result)) return answer.result;
    throw new AppError("network", telegramWords.notReached({ reason: "this is no Bot API server" }));
  }
  const { type, reason } = answer;
  if (type === "unauthorized") {
    throw new AppError("config", telegramWords.tokenRefused({ reason }), { retryAfterMs: 60_000 });
  }
  throw new AppError("network", telegramWords.notReached({ reason }));
}

function isMe(value: unknown): value is UserFromGetMe {
  if (typeof value !== "object" || value === null || !("id" in value) || !("username" in value)) return false;
  return Number.isSafeInteger(value.id) && typeof value.username === "string";
}
