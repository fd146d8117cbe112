import type { AgentEvent } from "../agent/events.ts";
import type { Actor } from "../authority/actor.ts";
import type { ChatId, SessionId, TurnId } from "../store/ids.ts";
import type { MessageRow } from "../store/messages.ts";
import type { RunningTask } from "./begin-turn.ts";
import type { TurnTaint } from "./turn-taint.ts";

/** For whom a session's tools, and what they started, work just now. */
export interface TurnParty {
  /** Whom the turn answers: nothing has more rights than he. The conversation's own person without it. */
  readonly actor?: Actor;
  readonly taint: TurnTaint;
  readonly notice: (text: string) => Promise<void> | void;
  /** The owner's own words of this turn, and nobody else's. */
  readonly ownWords?: () => string;
  readonly session?: SessionId;
  readonly turn?: TurnId;
  /** The chats that are answered, each with the last message that it is answered for. */
  readonly chats?: () => ReadonlyMap<ChatId, MessageRow>;
  /** When it is a task's run. */
  readonly task?: RunningTask;
  /** What the model said beside its last calls. */
  readonly words?: () => string;
  /** Something waits for the owner. */
  readonly asked?: (event: Extract<AgentEvent, { type: "approval-wait" }>) => Promise<void> | void;
}
