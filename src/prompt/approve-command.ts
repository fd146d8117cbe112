import { formatCard } from "../approvals/card.ts";
import { listAnswers } from "../approvals/answers.ts";
import { sanitizeLine, sanitizeText } from "../channels/terminal/sanitize.ts";
import { AppError } from "../errors.ts";
import type { ConversationApprovals } from "../turns/conversation.ts";
import type { ApprovalAnswer } from "../store/approvals.ts";
import { approvalWords } from "../words/english/approval.ts";
import { promptWords } from "../words/english/prompt.ts";
import type { SlashContext } from "./slash-command.ts";

export async function runApprovals({ conversation, say, tell, phrases }: SlashContext): Promise<void> {
  const waiting = await here(conversation.approvals, "/approvals").list();
  if (waiting.length === 0) return await say(phrases.approval.none);
  const rows = waiting.map(({ id, group, title }) => `  #${id}  ${group}  ${sanitizeLine(title)}\n`);
  await tell(rows.join(""));
}

export async function runApprove(
  context: SlashContext,
  argument: string,
  signal: AbortSignal,
): Promise<void> {
  const approvals = here(context.conversation.approvals, "/approve");
  const [first] = argument === "" ? await approvals.list() : [{ id: toId(argument) }];
  if (first === undefined) return await context.say(context.phrases.approval.none);
  await askAboutRequest(context, first.id, signal);
}

export async function runDeny({ conversation, say, phrases }: SlashContext, argument: string): Promise<void> {
  const id = toId(argument);
  await here(conversation.approvals, "/deny").decide(id, "no");
  await say(phrases.approval.decided({ id, answer: "no" }));
}

/** Shows all of it, asks, and does what was answered. Anything but a clear word leaves it waiting. */
export async function askAboutRequest(context: SlashContext, id: number, signal: AbortSignal): Promise<void> {
  const { conversation, phrases, say, show, ask, carryOut } = context;
  const approvals = here(conversation.approvals, "/approve");
  const facts = await approvals.find(id);
  if (facts.state !== "pending")
    throw new AppError("conflict", approvalWords.over({ id, state: facts.state }));
  const card = formatCard(facts, { phrases: phrases.approval, most: Infinity, frame: "bar" });
  await show(`${sanitizeText(card.text)}\n`);
  const answers = listAnswers(facts);
  const question = { hasOnce: answers.includes("once"), hasAlways: answers.includes("always") };
  const answer = toAnswer(await ask(phrases.approval.question(question), signal), answers);
  if (answer === undefined) return await say(phrases.approval.later({ id }));
  const { isHere, group } = await approvals.decide(id, answer);
  await say(phrases.approval.decided({ id, answer }));
  if (answer === "no") return;
  if (isHere) await carryOut(signal);
  else await say(phrases.approval.elsewhere({ id, group }));
}

/** The first letter will do. A yes to what can only be allowed for good is that. */
function toAnswer(text: string, answers: readonly ApprovalAnswer[]): ApprovalAnswer | undefined {
  const word = text.trim().toLowerCase();
  if (/^(?:n|no|deny|否)$/.test(word)) return "no";
  if (/^(?:y|yes|是)$/.test(word)) return answers[0];
  const meant = answers.find((answer) => answer === word || answer.startsWith(word));
  return word === "" ? undefined : meant;
}

function toId(text: string): number {
  const id = Number(text.trim().replace(/^#/, ""));
  if (Number.isSafeInteger(id) && id > 0) return id;
  throw new AppError("not-found", approvalWords.unknown({ id: text.trim() || "?" }));
}

function here(approvals: ConversationApprovals | undefined, command: string): ConversationApprovals {
  if (approvals === undefined) throw new AppError("usage", promptWords.notHere({ command }));
  return approvals;
}
