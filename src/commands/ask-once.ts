import type { Emit } from "../agent/events.ts";
import { listAnswers } from "../approvals/answers.ts";
import { formatCard } from "../approvals/card.ts";
import { askYesNo } from "../channels/terminal/ask-yes-no.ts";
import { sanitizeText } from "../channels/terminal/sanitize.ts";
import type { Conversation, TurnEnd } from "../turns/conversation.ts";
import { loadLanguage } from "../words/load-language.ts";
import type { CommandIo } from "./command-io.ts";

/** Asks the person at the terminal about each, and runs what he allowed. Undefined: he allowed nothing. */
export async function askOnce(
  ids: readonly number[],
  { approvals }: Conversation,
  io: CommandIo,
  emit: Emit,
  signal: AbortSignal,
): Promise<TurnEnd | undefined> {
  const { approval: phrases } = (await loadLanguage(io.env)).phrases;
  let hasAllowed = false;
  for (const id of ids) {
    const facts = await approvals?.find(id);
    if (facts?.state !== "pending") continue;
    const card = formatCard(facts, { phrases, most: Infinity, frame: "bar" });
    await io.writeError(`${sanitizeText(card.text)}\n`);
    const [first = "no"] = listAnswers(facts);
    const label = facts.kind === "host" ? phrases.buttons.host : phrases.buttons.once;
    const isYes = await askYesNo(`${label}?`, { write: (text) => io.writeError(text) }, signal);
    await approvals?.decide(id, isYes ? first : "no");
    hasAllowed ||= isYes;
  }
  return hasAllowed ? await approvals?.carryOut(emit, signal) : undefined;
}
