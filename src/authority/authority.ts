import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../store/database.ts";
import type { Action, ActionObject } from "./actions.ts";
import type { Actor } from "./actor.ts";
import { appendAudit } from "./audit.ts";
import { authorize } from "./authorize.ts";
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
  const decision = authorize(actor, action, object, taint);
  await appendAudit(tx, { ...question, decision, now });
  return decision;
}
