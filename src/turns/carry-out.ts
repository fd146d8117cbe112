import type { Emit } from "../agent/events.ts";
import type { JoiningMessage } from "../agent/loop.ts";
import { toMarkedBlock } from "../agent/material.ts";
import { approvalLimits } from "../approvals/request-approval.ts";
import type { Actor } from "../authority/actor.ts";
import { parseTaintBits } from "../authority/taint.ts";
import type { Clock } from "../clock.ts";
import { expireApproval, releaseCarried, startCarrying, type Approval } from "../store/approvals.ts";
import type { ApprovalId, SessionId, TurnId } from "../store/ids.ts";
import type { Store } from "../store/store.ts";
import type { ToolOutcome, ToolRunner } from "../tools/tool-runner.ts";
import { interruptedResult } from "../agent/transcript.ts";
import { toActorText } from "./asking-actor.ts";
import type { TurnTaint } from "./turn-taint.ts";

export interface CarryPlace {
  readonly store: Store;
  readonly clock: Clock;
  /** Whom the turn answers: what was asked for another is carried out in a turn of his. */
  readonly actor: Actor;
  readonly session: SessionId;
  readonly turn: TurnId;
  readonly taint: TurnTaint;
  readonly tools: ToolRunner;
  /** Told of each call before it runs, and after. */
  readonly record: Emit;
  /** Calls that stand in no answer of the model: their results are no entries. */
  readonly carried: Set<string>;
}

export type ApprovalNote = JoiningMessage & { readonly approvals: readonly ApprovalId[] };

/**
 * What the owner's answers have come to since: stored calls that he allowed run now, once, and the model is told of
 * them and of every no. Each is this turn's, on disk, before its call begins.
 */
export async function carryOut(
  untold: readonly Approval[],
  place: CarryPlace,
  signal: AbortSignal,
): Promise<readonly ApprovalNote[]> {
  const notes: ApprovalNote[] = [];
  for (const approval of untold) {
    const text = await settle(approval, place, signal);
    if (text === undefined) continue;
    const { content, images } = typeof text === "string" ? { content: text, images: [] } : text;
    const message = { role: "user", content: [...images, { type: "text", text: content }] } as const;
    notes.push({ message, approvals: [approval.id] });
  }
  return notes;
}

type Told = string | { readonly content: string; readonly images: NonNullable<ToolOutcome["images"]> };

/** What the model is told of it; nothing when it is another turn's business. */
async function settle(approval: Approval, place: CarryPlace, signal: AbortSignal): Promise<Told | undefined> {
  const { id, state, decidedAt, usedAt, carriedBy, title } = approval;
  const { store, clock, turn, taint } = place;
  const name = `request #${id} (${JSON.stringify(title)})`;
  const expire = async (): Promise<string> => {
    await store.database.transaction((tx) => expireApproval(tx, id));
    return `The owner has not answered ${name} within the hour, so it was not done.`;
  };
  switch (state) {
    case "pending":
    case "expired":
      return await expire();
    case "denied":
      return `The owner said no to ${name}. Do not try it in another way; go on without it, and say so.`;
    case "running":
      // Another turn had taken it, and did not come to tell.
      if (carriedBy === turn) return undefined;
      if (usedAt !== undefined) return `The owner allowed ${name}. ${interruptedResult}`;
      await store.database.transaction((tx) => releaseCarried(tx, id));
      break;
    case "allowed":
      break;
    case "done":
      return undefined;
    default:
      state satisfies never;
  }
  if (!isFor(approval, place.actor)) return undefined;
  if (clock.now() - (decidedAt?.getTime() ?? 0) > approvalLimits.lifeMs) return await expire();
  if (!(await store.database.transaction((tx) => startCarrying(tx, id, turn)))) return undefined;
  taint.add(parseTaintBits(approval.taint));
  return await run(approval, name, place, signal);
}

async function run(
  { id, kind, answer, tool, arguments: input, title }: Approval,
  name: string,
  place: CarryPlace,
  signal: AbortSignal,
): Promise<Told> {
  const always = answer === "always" ? " He allows it from now on." : "";
  switch (kind) {
    case "host":
      return `The owner allowed the host ${title} for this group (request #${id}). Go on: try again what it was refused for.`;
    case "connection":
      return `The owner allowed this turn to send to ${title} (request #${id}).${always} Go on: try again what it was refused for.`;
    case "call":
      break;
    default:
      kind satisfies never;
  }
  const { tools, record, carried, clock } = place;
  const call = { type: "tool-call", id: `approval-${id}`, name: tool, arguments: input } as const;
  carried.add(call.id);
  const line = tools.title(call);
  await record({ type: "tool-start", callId: call.id, name: tool, title: line, arguments: input });
  const began = clock.monotonic();
  const progress = (text: string): void => void record({ type: "tool-progress", callId: call.id, text });
  const { content, images = [], isError, details } = await tools.run(call, progress, signal);
  const message = { role: "tool", callId: call.id, name: tool, content, isError } as const;
  await record({ type: "tool-end", message, title: line, durationMs: clock.monotonic() - began, details });
  const block = toMarkedBlock({ name: `result of ${tool}`, text: content });
  const outcome = isError
    ? "It was tried just now and failed:"
    : "It was done just now, and this came of it:";
  return {
    content: `The owner said yes to ${name}.${always} ${outcome}\n\n${block}\n\nGo on with what you were asked.`,
    images,
  };
}

function isFor({ actor }: Approval, whom: Actor): boolean {
  return actor === toActorText(whom);
}
