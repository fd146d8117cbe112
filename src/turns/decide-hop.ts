import { toCanonicalJson } from "../approvals/canonical-json.ts";
import { createAgentActor, type Actor } from "../authority/actor.ts";
import type { Consent } from "../authority/actions.ts";
import type { Authority } from "../authority/decision.ts";
import { AppError } from "../errors.ts";
import type { Group } from "../store/groups.ts";
import { findPermission } from "../store/permissions.ts";
import type { Store } from "../store/store.ts";
import { toPlace } from "../tools/web/web-tools.ts";
import { findHostGrant } from "./task-consent.ts";
import type { TurnParty } from "./turn-party.ts";

/** Where a redirect leads. */
export interface Hop {
  readonly url: URL;
  /** What was fetched first. */
  readonly from: URL;
  /** That was named, so nothing in it is the model's choice. */
  readonly isNamed: boolean;
}

export interface HopPlace {
  readonly store: Store;
  readonly authority: Authority;
  readonly group: Group;
  /** Of the conversation. */
  readonly actor: Actor;
}

/**
 * Throws `AppError("denied")`. What a model wrote into an address may be carried on to another site by the first one: to go there is
 * its choice as much as the first was, and no yes to one place is a yes to where that leads.
 */
export function createDecideHop({ store, authority, group, actor }: HopPlace) {
  return async (party: TurnParty, { url, from, isNamed }: Hop): Promise<void> => {
    const agent = createAgentActor(party.actor ?? actor, group.name);
    const object = { group: group.name, name: `redirect to ${url.host}` };
    const action = isNamed || isSameSite(url, from) ? "web.read" : "web.fetch";
    const { current } = party.taint;
    const decision = await authority.decide(agent, action, object, current);
    if (decision.verdict === "allow") return;
    const consent = decision.verdict === "ask" ? await findConsent(url, store, group, party) : undefined;
    const second =
      consent === undefined
        ? decision
        : await authority.decide(agent, action, { ...object, consent }, current);
    if (second.verdict === "allow") return;
    throw new AppError("denied", `It leads to ${url.host}. ${second.reason}`, {
      hint: "To go there by web_fetch asks the owner.",
    });
  };
}

async function findConsent(
  url: URL,
  { database }: Store,
  { id, name }: Group,
  { task }: TurnParty,
): Promise<Consent | undefined> {
  const place = toPlace(url);
  const bound = toCanonicalJson({ place });
  const key = { group: id, action: "web.fetch", objectGroup: name, tool: "web_fetch", bound };
  const permission = await findPermission(database, key);
  if (permission !== undefined) return { by: "permission", id: permission };
  return await findHostGrant(database, place, task?.id);
}

/** Nearly every site leads from its name to the same one with `www.`, or back. */
function isSameSite(one: URL, other: URL): boolean {
  return toSite(one) === toSite(other);
}

function toSite({ hostname }: URL): string {
  return hostname.replace(/^www\./, "");
}
