import type { Message, ToolResultMessage } from "../providers/provider.ts";
import type { Reader } from "../store/database.ts";
import type { TurnId } from "../store/ids.ts";
import { findReplyByKey } from "../store/replies.ts";

/** By what a send of a turn is known in the outbox, whoever asks again. */
export function toCallKey(turn: TurnId, callId: string): string {
  return `t${turn}k${callId}`;
}

/**
 * Results of calls that a crash left without one and whose words stand in the outbox: they did happen, so the model is not left
 * to guess, and does not send them again.
 */
export async function settleSentCalls(
  reader: Reader,
  { messages, lastTurn }: { readonly messages: readonly Message[]; readonly lastTurn: TurnId | undefined },
): Promise<readonly ToolResultMessage[]> {
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  const message = messages[last];
  if (lastTurn === undefined || message?.role !== "assistant") return [];
  const answered = new Set(
    messages.slice(last).flatMap((each) => (each.role === "tool" ? [each.callId] : [])),
  );
  const results: ToolResultMessage[] = [];
  for (const part of message.content) {
    if (part.type !== "tool-call" || answered.has(part.id)) continue;
    const reply = await findReplyByKey(reader, toCallKey(lastTurn, part.id));
    if (reply === undefined) continue;
    const content = `Done, as message ${reply.id}, before the program was interrupted. Do not do it again.`;
    results.push({ role: "tool", callId: part.id, name: part.name, content, isError: false });
  }
  return results;
}
