import { AppError } from "../../errors.ts";
import { discordWords } from "../../words/english/discord.ts";
import { toFields, toList } from "./fields.ts";
import type { RestApi } from "./rest.ts";

/** As much as the other chat apps give; people with a subscription can send more. */
export const largestFile = 20_000_000;

/** By channel, message and its own number. Throws `AppError`: gone, not to be had now. */
export async function fetchFile(
  api: RestApi,
  reference: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const [, channel, message, id] = /^(\d{1,20})\/(\d{1,20})\/(\d{1,20})$/.exec(reference) ?? [];
  if (id === undefined) throw gone("it has no address");
  const path = `/channels/${channel}/messages/${message}`;
  const answer = await api.callPatiently("GET", path, { signal });
  signal.throwIfAborted();
  if (answer.type !== "ok") {
    if (answer.type === "refused") throw gone(answer.reason);
    throw new AppError("network", discordWords.noFile({ reason: answer.reason }));
  }
  const address = findAddress(answer.result, id);
  if (address === undefined) throw gone("it was taken out of the message");
  return await api.download(address, signal);
}

function findAddress(message: unknown, id: string): string | undefined {
  const { attachments, message_snapshots: snapshots } = toFields(message);
  const inner = toList(snapshots).flatMap((each) =>
    toList(toFields(toFields(each)["message"])["attachments"]),
  );
  const found = [...toList(attachments), ...inner].map(toFields).find((each) => each["id"] === id);
  const address = found?.["url"];
  return typeof address === "string" && URL.canParse(address) ? address : undefined;
}

function gone(reason: string): AppError {
  return new AppError("not-found", discordWords.noFile({ reason }));
}
