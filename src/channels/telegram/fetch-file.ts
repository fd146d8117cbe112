import { AppError } from "../../errors.ts";
import { telegramWords } from "../../words/english/telegram.ts";
import type { BotApi } from "./bot-api.ts";

/** What Telegram gives to bots. */
export const largestFile = 20_000_000;

/** Throws `AppError`: gone, too large, not to be had now. */
export async function fetchFile(
  api: BotApi,
  reference: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const answer = await api.call("getFile", { file_id: reference }, { signal });
  signal.throwIfAborted();
  if (answer.type !== "ok") {
    if (answer.type !== "refused")
      throw new AppError("network", telegramWords.noFile({ reason: answer.reason }));
    throw /too big/i.test(answer.reason)
      ? new AppError("usage", telegramWords.fileTooLarge({ megabytes: largestFile / 1_000_000 }))
      : new AppError("not-found", telegramWords.noFile({ reason: answer.reason }));
  }
  const path = toPath(answer.result);
  if (path === undefined)
    throw new AppError("not-found", telegramWords.noFile({ reason: "it has no address" }));
  return await api.download(path, signal);
}

/** A server of one's own may name a file of its own disk: that is none that can be asked for. */
function toPath(result: unknown): string | undefined {
  if (typeof result !== "object" || result === null || !("file_path" in result)) return undefined;
  const path = result.file_path;
  if (typeof path !== "string" || path.startsWith("/")) return undefined;
  return path.split("/").includes("..") ? undefined : path;
}
