import type { SendResult } from "../channel.ts";
import { parseMessageId, parsePlace } from "./address.ts";
import type { Delivery } from "./deliver.ts";
import { toFields, toList, toText } from "./fields.ts";
import { toSignName } from "./signs.ts";
import type { WebApi } from "./web-api.ts";

export interface Reacting {
  readonly api: WebApi;
  readonly delivery: Delivery;
  /** Whose signs are ours. */
  readonly me: string;
}

/** A sign under a message; none takes ours away. */
export async function react(
  { api, delivery, me }: Reacting,
  { chat, message, emoji }: { readonly chat: string; readonly message: string; readonly emoji: string },
  signal: AbortSignal,
): Promise<SendResult> {
  const time = parseMessageId(message)?.time;
  if (time === undefined) return { type: "refused", reason: "there is no such message" };
  const place = { channel: parsePlace(chat).channel, timestamp: time };
  if (emoji === "") return await takeBack(api, delivery, { chat, place, me }, signal);
  const name = toSignName(emoji);
  if (name === undefined)
    return { type: "refused", reason: `Slack has no sign ${emoji}: write its name, :eyes:` };
  const result = await delivery.call(chat, "reactions.add", { ...place, name }, signal);
  const isThere = result.type === "refused" && result.reason === "already_reacted";
  return isThere ? { type: "sent" } : withoutId(result);
}

async function takeBack(
  api: WebApi,
  delivery: Delivery,
  {
    chat,
    place,
    me,
  }: { readonly chat: string; readonly place: Readonly<Record<string, string>>; readonly me: string },
  signal: AbortSignal,
): Promise<SendResult> {
  const answer = await api.call("reactions.get", { ...place, full: "true" }, { signal });
  if (answer.type !== "ok") return await delivery.call(chat, "reactions.get", place, signal);
  const ours = toList(toFields(answer.result["message"])["reactions"]).filter(
    ({ users }) => Array.isArray(users) && users.includes(me),
  );
  for (const { name } of ours) {
    const result = await delivery.call(
      chat,
      "reactions.remove",
      { ...place, name: toText(name) ?? "" },
      signal,
    );
    if (result.type !== "sent" && result.type !== "refused") return result;
  }
  return { type: "sent" };
}

function withoutId(result: SendResult): SendResult {
  return result.type === "sent" ? { type: "sent" } : result;
}
