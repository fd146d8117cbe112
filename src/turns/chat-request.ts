import type { Actor } from "../authority/actor.ts";
import type { Taint } from "../authority/taint.ts";
import type { SessionId } from "../store/ids.ts";
import type { TurnRecord } from "./begin-turn.ts";
import type { PersonMessage } from "./conversation.ts";

/** Who is answered, and what is written with the turn. */
export interface ChatRequest {
  readonly actor: Actor;
  readonly taint: Taint;
  readonly record: TurnRecord;
  readonly takeJoining: (signal: AbortSignal) => Promise<readonly PersonMessage[]>;
  /** The model could not take the conversation whole. */
  readonly isTooLong?: boolean;
  /** The one that goes on; the group's current one without it. */
  readonly session?: SessionId;
}
