import { toCanonicalJson } from "../approvals/canonical-json.ts";
import { hashRequest } from "../approvals/hash-request.ts";
import type { Consent } from "../authority/actions.ts";
import { isOnOwnNetwork } from "../egress/own-network.ts";
import { parseEgressRule } from "../egress/policy.ts";
import { AppError } from "../errors.ts";
import { listCarried } from "../store/approvals.ts";
import type { Reader } from "../store/database.ts";
import type { Group } from "../store/groups.ts";
import { findPermission } from "../store/permissions.ts";
import { findHostGrant } from "./task-consent.ts";
import type { TurnParty } from "./turn-party.ts";
import { writeRequest, type RequestPlace } from "./write-request.ts";

export type SendAction = "egress.connect" | "secret.use";

/** Exactly one place: a host with its port, or a grant with its base. */
export function toPlaceBound(place: string): string {
  return toCanonicalJson({ place });
}

/** The owner's yes to sending there: for good, or for the length of the turn that is at work. */
export async function findSendConsent(
  reader: Reader,
  { id, name }: Group,
  action: SendAction,
  place: string,
  party: TurnParty | undefined,
): Promise<Consent | undefined> {
  const bound = toPlaceBound(place);
  const permission = await findPermission(reader, { group: id, action, objectGroup: name, tool: "", bound });
  if (permission !== undefined) return { by: "permission", id: permission };
  const task = action === "egress.connect" ? await findHostGrant(reader, place, party?.task?.id) : undefined;
  if (task !== undefined) return task;
  if (party?.turn === undefined) return undefined;
  const carried = await listCarried(reader, id, party.turn);
  const yes = carried.find(
    (each) => each.kind === "connection" && each.action === action && each.arguments === bound,
  );
  return yes === undefined ? undefined : { by: "approval", id: yes.id };
}

/** Asks for a place to send to, in the turn that follows. Says so for whoever was refused; nothing when nobody can be asked. */
export async function askToSend(
  place: string,
  action: SendAction,
  { rule, reason }: { readonly rule: string; readonly reason: string },
  where: RequestPlace,
  party: TurnParty,
): Promise<string | undefined> {
  const bound = toPlaceBound(place);
  return await ask(
    { kind: "connection", action, title: place, arguments: bound, bound, rule, reason },
    where,
    party,
  );
}

/** Asks whether a host goes on the group's list. One that can never be reached is not asked for. */
export async function askAboutHost(
  host: string,
  { rule, reason }: { readonly rule: string; readonly reason: string },
  where: RequestPlace,
  party: TurnParty,
): Promise<string | undefined> {
  if (!isWorthAsking(host)) return undefined;
  const asked = {
    kind: "host",
    action: "egress.change",
    title: host,
    bound: undefined,
    rule,
    reason,
  } as const;
  return await ask({ ...asked, arguments: toPlaceBound(host) }, where, party);
}

async function ask(
  thing: {
    readonly kind: "host" | "connection";
    readonly action: string;
    readonly title: string;
    readonly arguments: string;
    readonly bound: string | undefined;
    readonly rule: string;
    readonly reason: string;
  },
  where: RequestPlace,
  party: TurnParty,
): Promise<string | undefined> {
  const { kind, action, title } = thing;
  const group = where.group.name;
  const none = { mounts: [], environment: [] };
  const hash = hashRequest({ kind, group, action, objectGroup: group, tool: "", arguments: title, ...none });
  const asked = { ...thing, objectGroup: group, tool: "", outgoing: undefined, hash };
  const requested = await writeRequest(asked, where, party);
  if (requested === undefined) return undefined;
  return requested.type === "refused"
    ? requested.reason
    : `Waiting for approval #${requested.approval.id}: the owner was asked. Do not try again before he has answered.`;
}

function isWorthAsking(place: string): boolean {
  try {
    const { host } = parseEgressRule(place);
    return !isOnOwnNetwork(host);
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}
