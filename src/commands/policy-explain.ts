import { actions, type Action, type EgressFacts } from "../authority/actions.ts";
import { createAgentActor, createTerminalOwner, type Actor } from "../authority/actor.ts";
import type { Decision } from "../authority/decision.ts";
import { explainDecision } from "../approvals/explain-decision.ts";
import { joinTaint, parseTaintBits, type Taint } from "../authority/taint.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { findRule, isListedRead, parseEgressPolicy } from "../egress/policy.ts";
import { toHostAndPort } from "../egress/host.ts";
import { AppError } from "../errors.ts";
import { findSendConsent } from "../turns/egress-consent.ts";
import { findNearestWord } from "../nearest-word.ts";
import { withRight } from "../sessions/session-place.ts";
import type { Reader } from "../store/database.ts";
import { listEgressRules } from "../store/egress-rules.ts";
import { readLevel } from "../store/group-level.ts";
import type { Group } from "../store/groups.ts";
import { findCurrentSession } from "../store/sessions.ts";
import { approvalWords } from "../words/english/approval.ts";
import { egressWords } from "../words/english/egress.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { openOwnGroup, ownUid } from "./own-store.ts";
import { describeTaint } from "./policy.ts";
import { toJson } from "./to-json.ts";

const actors = ["agent", "agent-for-member", "owner", "member", "stranger"] as const;

/** What would be decided now, by which rule, and what alone would change it. */
export async function runPolicyExplain(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const action = toAction(args.words[0] ?? "");
  await using place = await openOwnGroup(args.words[1], io, signal);
  const { group } = place;
  const who = args.value("as") ?? "agent";
  const actor = toActor(who, group.name);
  const host = args.value("host");
  const { level, taint, egress, consent } = await withRight(
    place,
    "policy.read",
    `explain ${action}`,
    async (tx) => ({
      level: await readLevel(tx, group.name),
      taint: toTaint(args.value("taint")) ?? (await readTaint(tx, group)),
      ...(await readPlace(tx, group, action, host, args.value("path"))),
    }),
  );
  const object = {
    group: args.value("in") ?? group.name,
    name: host ?? action,
    ...(egress === undefined ? {} : { egress }),
    ...(consent === undefined ? {} : { consent }),
  };
  const { decision, changes } = explainDecision({ actor, action, object, taint, level });
  if (args.has("json")) {
    await io.write(toJson({ actor: who, action, group: group.name, level, taint, ...decision, changes }));
    return 0;
  }
  const lines = [
    `${who} · ${action} · ${group.name} (${level}): ${formatDecision(decision)}`,
    `  What was seen: ${describeTaint(taint)}`,
    ...(decision.verdict === "allow" ? [] : [`  ${decision.reason}`]),
    ...(changes.length === 0 ? ["  Nothing by itself would change it."] : ["  What would change it:"]),
    ...changes.map(({ what, decision: then }) => `    ${what}: ${formatDecision(then)}`),
  ];
  await io.write(`${lines.map(sanitizeLinePart).join("\n")}\n`);
  return 0;
}

function sanitizeLinePart(line: string): string {
  const [indent = ""] = /^ */.exec(line) ?? [];
  return indent + sanitizeLine(line);
}

function formatDecision({ verdict, rule }: Decision): string {
  return `${verdict}, by ${rule}`;
}

function toAction(name: string): Action {
  const action = actions.find((each) => each === name);
  if (action !== undefined) return action;
  const nearest = findNearestWord(name, actions);
  throw new AppError("usage", approvalWords.unknownAction({ name, nearest, known: actions }));
}

function toActor(name: string, group: string): Actor {
  const owner = createTerminalOwner(ownUid(), group);
  const member = { kind: "member", via: "a chat", id: "somebody", group, isProven: true } as const;
  switch (name) {
    case "agent":
      return createAgentActor(owner, group);
    case "agent-for-member":
      return createAgentActor(member, group);
    case "owner":
      return owner;
    case "member":
      return member;
    case "stranger":
      return { ...member, kind: "stranger" };
    default:
      throw new AppError("usage", approvalWords.unknownActor({ name, known: actors }));
  }
}

function toTaint(word: string | undefined): Taint | undefined {
  if (word === undefined) return undefined;
  return { sawUntrusted: /untrusted|both/.test(word), readPrivate: /private|both/.test(word) };
}

/** As a turn of the current conversation would start that looks into the group's files. */
async function readTaint(reader: Reader, group: Group): Promise<Taint> {
  const session = await findCurrentSession(reader, group.id);
  return joinTaint(parseTaintBits(group.taint), parseTaintBits(session?.taint ?? 0));
}

async function readPlace(
  reader: Reader,
  group: Group,
  action: Action,
  host: string | undefined,
  path: string | undefined,
) {
  if (action !== "egress.connect") return {};
  const place = toHostAndPort(host ?? "");
  if (place === undefined) throw new AppError("usage", egressWords.notAHost({ host: host ?? "" }));
  const port = place.port ?? 443;
  const rules = parseEgressPolicy(group.name, await listEgressRules(reader, group.id));
  const rule = findRule(rules, place.host, port);
  const egress: EgressFacts = {
    isListed: rule !== undefined,
    isRead: rule !== undefined && isListedRead(rule, "GET", path),
  };
  const exact = `${place.host}:${port}`;
  return { egress, consent: await findSendConsent(reader, group, action, exact, undefined) };
}
