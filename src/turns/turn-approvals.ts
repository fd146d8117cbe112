import { toCanonicalJson } from "../approvals/canonical-json.ts";
import { approvalLimits } from "../approvals/request-approval.ts";
import { hashRequest, type MountFacts } from "../approvals/hash-request.ts";
import type { SandboxMount } from "../sandbox/sandbox.ts";
import { listCarried, useApproval } from "../store/approvals.ts";
import { listEgressRules } from "../store/egress-rules.ts";
import { listGrants } from "../store/grants.ts";
import { findPermission } from "../store/permissions.ts";
import type { AskedCall, CallApprovals, FoundConsent } from "../tools/call-approvals.ts";
import type { ToolResult } from "../tools/tool.ts";
import type { TurnParty } from "./turn-party.ts";
import { findCallGrant } from "./task-consent.ts";
import { writeRequest, type RequestPlace } from "./write-request.ts";

export interface TurnApprovalsPlace extends RequestPlace {
  readonly mounts?: readonly SandboxMount[];
}

function toRefused(reason: string): ToolResult {
  const content = `Error: This needs the owner's approval, so it was not done: ${reason}`;
  return { content, isError: true };
}

/** What the model is told of a call that waits. */
function toWaitingText(id: number): string {
  return `Waiting for approval #${id}: the owner was asked, and nothing was done yet. Do not call it again and do not try another way. Say that it waits, and end; when he has answered you are told, and go on.`;
}

/** The owner's yes to calls of one turn: for good, to the request that is carried out just now, or to be asked for. */
export function createTurnApprovals(place: TurnApprovalsPlace, party: TurnParty): CallApprovals {
  const { store, group, clock } = place;
  return {
    async findConsent(asked) {
      const bound = toBound(asked);
      const key = { group: group.id, action: asked.action, objectGroup: asked.group, tool: asked.tool.name };
      const permission =
        bound === undefined ? undefined : await findPermission(store.database, { ...key, bound });
      if (permission !== undefined) return { consent: { by: "permission", id: permission } };
      const task = await findCallGrant(store.database, asked, group.name, party.task?.id);
      if (task !== undefined) return { consent: task };
      return await findCarried(asked, place, party);
    },
    async request(asked, { rule, reason }, outgoing) {
      const { tool, input, action, title } = asked;
      if ((outgoing?.length ?? 0) > approvalLimits.outgoingBytes) {
        return toRefused(`${reason} It is too large to wait for him: ${outgoing?.length} bytes.`);
      }
      const requested = await writeRequest(
        {
          kind: "call",
          action,
          objectGroup: asked.group,
          title,
          tool: tool.name,
          arguments: toCanonicalJson(input),
          outgoing,
          bound: toBound(asked),
          diff: asked.diff,
          hash: hashRequest(await toFacts(asked, outgoing, place)),
          rule,
          reason,
        },
        place,
        party,
      );
      if (requested?.type === "waits") {
        const { id } = requested.approval;
        return { content: `Error: ${toWaitingText(id)}`, isError: true, details: { waitsFor: id } };
      }
      return toRefused(`${reason} ${requested?.reason ?? "He cannot be asked here."}`);
    },
  };

  async function findCarried(asked: AskedCall, { store: { database } }: RequestPlace, { turn }: TurnParty) {
    if (turn === undefined) return undefined;
    for (const { id, kind, hash, outgoing, usedAt } of await listCarried(database, group.id, turn)) {
      if (kind !== "call" || usedAt !== undefined) continue;
      if (hash !== hashRequest(await toFacts(asked, outgoing, place))) continue;
      const isOurs = await database.transaction((tx) => useApproval(tx, id, turn, clock.now()));
      if (isOurs) return { consent: { by: "approval", id }, outgoing } satisfies FoundConsent;
    }
    return undefined;
  }
}

/** The arguments of which the tool says that they say all; nothing where it has none, or one of them is missing. */
function toBound({ tool, input, bound: said }: AskedCall): string | undefined {
  if (said !== undefined) return toCanonicalJson(said);
  const { bound = [] } = tool;
  if (bound.length === 0 || typeof input !== "object" || input === null) return undefined;
  const given: Readonly<Record<string, unknown>> = { ...input };
  if (bound.some((name) => given[name] === undefined)) return undefined;
  return toCanonicalJson(Object.fromEntries(bound.map((name) => [name, given[name]])));
}

async function toFacts(
  { tool, input, action, group: objectGroup, diff, bound }: AskedCall,
  outgoing: Uint8Array | undefined,
  { store: { database }, group, mounts = [] }: TurnApprovalsPlace,
) {
  const [rules, grants] = await Promise.all([
    listEgressRules(database, group.id),
    listGrants(database, group.id),
  ]);
  return {
    kind: "call",
    group: group.name,
    action,
    objectGroup,
    tool: tool.name,
    arguments: input,
    diff,
    bound,
    mounts: await Promise.all(mounts.map(toMountFacts)),
    environment: [rules, grants].map(toCanonicalJson),
    outgoing,
  } as const;
}

/** Which folder it is now, not only what it is called. */
async function toMountFacts({ source, canWrite }: SandboxMount): Promise<MountFacts> {
  try {
    const { dev, ino } = await Bun.file(source).stat();
    return { source, canWrite, device: dev, inode: ino };
  } catch {
    return { source, canWrite, device: 0, inode: 0 };
  }
}
