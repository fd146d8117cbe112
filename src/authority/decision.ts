import type { Action, ActionObject } from "./actions.ts";
import type { Actor } from "./actor.ts";
import type { Taint } from "./taint.ts";

/** The answer of `authorize()`: what, by which row of the table, and why in words for a person. */
export type Decision =
  | { readonly verdict: "allow"; readonly rule: string }
  | { readonly verdict: "ask"; readonly rule: string; readonly reason: string }
  | { readonly verdict: "deny"; readonly rule: string; readonly reason: string };

/** Decides and records: when it resolves, the decision is on disk, so it stands there before its effect. */
export interface Authority {
  decide(actor: Actor, action: Action, object: ActionObject, taint: Taint): Promise<Decision>;
}
