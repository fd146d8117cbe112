import { toLocalTime } from "../local-time.ts";
import type { ApprovalFacts } from "../approvals/approval-facts.ts";
import { listAnswers } from "../approvals/answers.ts";
import { formatCard } from "../approvals/card.ts";
import { sanitizeLine, sanitizeText } from "../channels/terminal/sanitize.ts";
import { AppError } from "../errors.ts";
import { decideRequest, findRequest, listWaiting } from "../turns/own-approvals.ts";
import { isOfTerminal } from "../turns/asking-actor.ts";
import { findHome } from "../home.ts";
import { findApproval, type ApprovalAnswer } from "../store/approvals.ts";
import { toApprovalId } from "../store/ids.ts";
import { noUsage } from "../providers/provider.ts";
import { silentLog } from "../log.ts";
import type { Phrases } from "../words/english/phrases.ts";
import { approvalWords } from "../words/english/approval.ts";
import { loadLanguage } from "../words/load-language.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode, StreamIo } from "./command-io.ts";
import { parseFolder } from "./agent.ts";
import { openOwnGroup } from "./own-store.ts";
import type { Services } from "./services.ts";
import { toJson } from "./to-json.ts";

export async function runApprovalsList(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using place = await openOwnGroup(undefined, io, signal);
  const waiting = await listWaiting(place);
  const { approval: phrases } = (await loadLanguage(io.env)).phrases;
  await io.write(
    args.has("json")
      ? toJson(waiting.map(toPlain))
      : waiting.length === 0
        ? `${phrases.none}\n`
        : waiting.map(formatRow).join(""),
  );
  return 0;
}

export async function runApprovalsShow(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using place = await openOwnGroup(undefined, io, signal);
  const facts = await findRequest(place, toId(args.words[0]));
  const { approval: phrases } = (await loadLanguage(io.env)).phrases;
  await io.write(args.has("json") ? toJson(toPlain(facts)) : formatWhole(facts, phrases));
  return 0;
}

/** Answers, and sees to it that what was allowed is done: here, or by the gateway whose chats wait for it. */
export async function runApprovalsAllow(
  args: ParsedArguments,
  io: StreamIo,
  services: Pick<Services, "openConversation">,
  signal: AbortSignal,
): Promise<ExitCode> {
  const id = toId(args.words[0]);
  const { approval: phrases } = (await loadLanguage(io.env)).phrases;
  const answered = await decide(id, args, io, phrases, signal);
  if (answered === undefined) return 1;
  const { group, isOurs } = answered;
  if (!isOurs) {
    const { wakeGateway } = await import("./attach.ts");
    const isNow = await wakeGateway(findHome(io.env), group);
    await io.write(`${phrases.byGateway({ id, isNow })}\n`);
    return 0;
  }
  const { answerOnce } = await import("./agent-once.ts");
  const open = () =>
    services.openConversation(
      {
        group,
        // What was asked for with a folder in sight is allowed with it in sight, or is another request.
        folders: args.values("folder").map(parseFolder),
        currentFolder: io.cwd,
        sawUntrusted: false,
        log: silentLog,
      },
      signal,
    );
  return await answerOnce(
    "",
    open,
    io,
    {
      isJson: false,
      hasMarkdown: true,
      act: async ({ approvals }, emit, stop) => (await approvals?.carryOut(emit, stop)) ?? nothingLeft,
    },
    signal,
  );
}

export async function runApprovalsDeny(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const id = toId(args.words[0]);
  await using place = await openOwnGroup(undefined, io, signal);
  await decideRequest(place, id, "no");
  const { approval: phrases } = (await loadLanguage(io.env)).phrases;
  await io.write(`${phrases.decided({ id, answer: "no" })}\n`);
  return 0;
}

/** Another process has carried it out meanwhile. */
const nothingLeft = { type: "turn-end", reason: "done", text: "", usage: noUsage } as const;

/** At a terminal it is shown first, and asked. Undefined: the person did not say yes. */
async function decide(
  id: number,
  args: ParsedArguments,
  io: StreamIo,
  phrases: Phrases["approval"],
  signal: AbortSignal,
): Promise<{ readonly group: string; readonly isOurs: boolean } | undefined> {
  await using place = await openOwnGroup(undefined, io, signal);
  const facts = await findRequest(place, id);
  const answer: ApprovalAnswer = args.has("always") || facts.kind === "host" ? "always" : "once";
  if (!listAnswers(facts).includes(answer)) throw new AppError("usage", approvalWords.noAlways({ id }));
  if (facts.state === "pending" && !args.has("yes") && io.isTerminal.input && io.isTerminal.error) {
    await io.writeError(formatWhole(facts, phrases));
    const { askYesNo } = await import("../channels/terminal/ask-yes-no.ts");
    const output = { write: (text: string) => io.writeError(text) };
    const label = facts.kind === "host" ? phrases.buttons.host : phrases.buttons[answer];
    if (!(await askYesNo(`${label}?`, output, signal))) {
      await io.writeError(`${phrases.later({ id })}\n`);
      return undefined;
    }
  }
  const { group } = await decideRequest(place, id, answer);
  await io.writeError(`${phrases.decided({ id, answer })}\n`);
  const approval = await findApproval(place.store.database, toApprovalId(id));
  return { group, isOurs: approval !== undefined && isOfTerminal(approval) };
}

function formatWhole(facts: ApprovalFacts, phrases: Phrases["approval"]): string {
  const { text } = formatCard(facts, { phrases, most: Infinity, frame: "bar" });
  const { state, decidedBy, decidedAt } = facts;
  const after =
    state === "pending"
      ? ""
      : `\n${state}${decidedAt === undefined ? "" : ` · ${toLocalTime(decidedAt, "second")} · ${decidedBy}`}`;
  return sanitizeText(`${text}${after}\n`);
}

function formatRow({ id, group, title, expiresAt }: ApprovalFacts): string {
  const until = toLocalTime(expiresAt, "minute").slice(11);
  return `#${String(id).padEnd(5)}  ${sanitizeLine(group).padEnd(12)}  until ${until}  ${sanitizeLine(title)}\n`;
}

/** What a program reads: JSON inside of it is parsed already. */
function toPlain({ arguments: json, actor, bound, ...facts }: ApprovalFacts) {
  return {
    ...facts,
    actor: parse(actor),
    arguments: parse(json),
    bound: bound === undefined ? null : parse(bound),
  };
}

function parse(json: string): unknown {
  return JSON.parse(json);
}

function toId(word = ""): number {
  const id = Number(word.replace(/^#/, ""));
  if (Number.isSafeInteger(id) && id > 0) return id;
  throw new AppError("not-found", approvalWords.unknown({ id: word }));
}
