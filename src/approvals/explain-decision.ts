import type { Action, ActionObject } from "../authority/actions.ts";
import type { Actor } from "../authority/actor.ts";
import { authorize } from "../authority/authorize.ts";
import type { Decision } from "../authority/decision.ts";
import { levelNames, type Level } from "../store/group-level.ts";
import type { Taint } from "../authority/taint.ts";

export interface Hypothesis {
  readonly actor: Actor;
  readonly action: Action;
  readonly object: ActionObject;
  readonly taint: Taint;
  readonly level: Level;
}

export interface Explanation {
  readonly decision: Decision;
  /** Each of these alone would make another answer of it. */
  readonly changes: readonly Change[];
}

export interface Change {
  readonly what: string;
  readonly decision: Decision;
}

/** What would be decided, by which rule, and what would change it: the same function, asked about things as they are not. */
export function explainDecision(now: Hypothesis): Explanation {
  const decision = decide(now);
  const changes = listAlternatives(now)
    .map(({ what, ...then }) => ({ what, decision: decide({ ...now, ...then }) }))
    .filter((change) => change.decision.verdict !== decision.verdict);
  return { decision, changes };
}

function decide({ actor, action, object, taint, level }: Hypothesis): Decision {
  return authorize(actor, action, object, taint, level);
}

function listAlternatives(now: Hypothesis): readonly (Partial<Hypothesis> & { readonly what: string })[] {
  const { actor, object, taint, level } = now;
  const { egress, consent } = object;
  const alternatives: (Partial<Hypothesis> & { readonly what: string })[] = [];
  for (const other of levelNames) {
    if (other !== level) alternatives.push({ what: `the level ${other}`, level: other });
  }
  if (consent === undefined) {
    alternatives.push({
      what: "the owner's yes to it",
      object: { ...object, consent: { by: "approval", id: 0 } },
    });
  }
  for (const [bit, name] of [
    ["sawUntrusted", "words of strangers"],
    ["readPrivate", "private data"],
  ] as const) {
    const what = taint[bit] ? `no ${name} in what was seen` : `${name} in what was seen`;
    alternatives.push({ what, taint: { ...taint, [bit]: !taint[bit] } });
  }
  if (egress !== undefined && !egress.isListed) {
    alternatives.push({
      what: "the host on the list",
      object: { ...object, egress: { ...egress, isListed: true } },
    });
  }
  if (egress?.isListed === true && !egress.isRead) {
    alternatives.push({
      what: "the host on the list as one to read from",
      object: { ...object, egress: { ...egress, isRead: true } },
    });
  }
  if (actor.kind !== "owner") {
    const { behalf: _, ...rest } = actor;
    alternatives.push({ what: "the owner himself", actor: { ...rest, kind: "owner", via: "terminal" } });
  }
  return alternatives;
}
