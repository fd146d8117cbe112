import type { Consent } from "../authority/actions.ts";
import { toHostAndPort } from "../egress/host.ts";
import { findRule, parseEgressRule, type EgressRule } from "../egress/policy.ts";
import { listLiveGrants } from "../scheduler/live-grants.ts";
import type { Reader } from "../store/database.ts";
import type { TaskId } from "../store/ids.ts";
import type { AskedCall } from "../tools/call-approvals.ts";

/** The hosts that the owner allowed the runs of a task; none for a turn that is no run. */
export async function listHostGrants(
  reader: Reader,
  task: TaskId | undefined,
): Promise<readonly EgressRule[]> {
  const hosts = (await listLive(reader, task)).filter(({ kind }) => kind === "host");
  return hosts.map(({ value }) => parseEgressRule(value));
}

/** `place`: a host with its port. */
export async function findHostGrant(
  reader: Reader,
  place: string,
  task: TaskId | undefined,
): Promise<Consent | undefined> {
  const { host, port } = toHostAndPort(place) ?? {};
  if (task === undefined || host === undefined || port === undefined) return undefined;
  const rule = findRule(await listHostGrants(reader, task), host, port);
  return rule === undefined ? undefined : { by: "task", id: task };
}

/** The owner's yes to what a task's run does in its own group or says to one of the chats that he was shown. */
export async function findCallGrant(
  reader: Reader,
  { action, group, bound }: AskedCall,
  own: string,
  task: TaskId | undefined,
): Promise<Consent | undefined> {
  if (task === undefined) return undefined;
  const yes: Consent = { by: "task", id: task };
  const has = async (kind: string, value: string): Promise<Consent | undefined> => {
    const live = await listLive(reader, task);
    return live.some((each) => each.kind === kind && each.value === value) ? yes : undefined;
  };
  switch (action) {
    case "web.fetch":
      return await findHostGrant(reader, String(bound?.["place"] ?? ""), task);
    case "web.search":
      return await has("search", "");
    case "files.write":
      return group === own ? await has("files", "") : undefined;
    case "chat.say-elsewhere":
      return bound?.["chat"] === undefined ? undefined : await has("chat", String(bound["chat"]));
    default:
      return undefined;
  }
}

async function listLive(reader: Reader, task: TaskId | undefined) {
  return task === undefined ? [] : await listLiveGrants(reader, task);
}
