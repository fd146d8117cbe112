import { AppError } from "../../errors.ts";
import { slackWords } from "../../words/english/slack.ts";
import type { WebApi } from "./web-api.ts";

/** Slack takes a gigabyte; more than this is not held in memory. */
export const largestFile = 50_000_000;

/** Throws `AppError`: it is no address of Slack's, it is gone, or it cannot be had now. */
export async function fetchFile(
  api: WebApi,
  reference: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const address = URL.parse(reference);
  if (address === null || !/^https?:$/.test(address.protocol)) {
    throw new AppError("not-found", slackWords.noFile({ reason: "it has no address" }));
  }
  return await api.download(address.href, signal);
}
