import type { Action } from "../authority/actions.ts";
import { createAgentActor, type Actor } from "../authority/actor.ts";
import { parseTaintBits, type Taint } from "../authority/taint.ts";
import { AppError } from "../errors.ts";
import type { ToolSandbox } from "../sandbox/sandbox.ts";
import type { Session } from "../store/sessions.ts";
import { runInside } from "../tools/inside.ts";
import { enterSandbox, type ToolPlace } from "./session-tools.ts";
import { TurnTaint } from "./turn-taint.ts";

/** What somebody's own program in the sandbox printed before any turn: material, with what it may have seen. */
export interface Glimpse {
  readonly text: string;
  readonly taint: Taint;
}

export interface GlimpseRequest {
  readonly actor: Actor;
  readonly action: Action;
  /** A constant `sh` script and its parameters. */
  readonly script: string;
  readonly parameters: readonly string[];
  readonly name: string;
  readonly taint: Taint;
  readonly timeoutMs: number;
}

/** Runs it with the right of whoever asks; no model is called. Throws `AppError` when it may not be, or fails. */
export async function glimpse(
  session: Session,
  request: GlimpseRequest,
  options: ToolPlace,
  signal: AbortSignal,
): Promise<Glimpse> {
  const { authority, group } = options;
  const taint = new TurnTaint(parseTaintBits(session.taint), request.taint);
  const actor = createAgentActor(request.actor, group.name);
  const object = { group: group.name, name: request.name };
  const decision = await authority.decide(actor, request.action, object, taint.current);
  if (decision.verdict !== "allow") throw new AppError("denied", decision.reason);
  const own = await options.toolsFor(session);
  own.enter({ actor: request.actor, taint, notice: () => {} });
  const { script, parameters, timeoutMs } = request;
  const limits = { timeoutMs, limit: mostGlimpsed };
  const sandbox = (): Promise<ToolSandbox> => enterSandbox(own, options, taint);
  const bytes = await runInside(script, parameters, limits, { sandbox, signal });
  return { text: new TextDecoder().decode(bytes), taint: taint.current };
}

const mostGlimpsed = 64_000;
