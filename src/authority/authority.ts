import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../store/database.ts";
import type { Action, ActionObject } from "./actions.ts";
import type { Actor } from "./actor.ts";
import { appendAudit } from "./audit.ts";
import { authorize } from "./authorize.ts";
import { readLevel } from "../store/group-level.ts";
import type { Authority, Decision } from "./decision.ts";
import type { Taint } from "./taint.ts";

export interface Question {
  readonly actor: Actor;
  readonly action: Action;
  readonly object: ActionObject;
  readonly taint: Taint;
}

/** The authority of an installation: one table, one log. */
export function createAuthority({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): Authority {
  return {
    decide: (actor, action, object, taint) =>
      database.transaction((tx) => decideIn(tx, { actor, action, object, taint }, clock.now())),
  };
}

/** Decides and records within the caller's transaction; its effect must wait until that is committed. */
export async function decideIn(tx: Transaction, question: Question, now: number): Promise<Decision> {
  const { actor, action, object, taint } = question;
  // Only what an assistant does depends on it: on that of its own group, whatever it does it to.
  const level = actor.kind === "agent" ? await readLevel(tx, actor.group ?? "") : undefined;
  const decision = authorize(actor, action, object, taint, level);
  await appendAudit(tx, { ...question, object: toNamed(object), decision, now });
  return decision;
}

/** With the request or the permission that made it a yes. */
function toNamed(object: ActionObject): ActionObject {
  const { name, consent } = object;
  return consent === undefined ? object : { ...object, name: `#${consent.id} ${name}` };
}
