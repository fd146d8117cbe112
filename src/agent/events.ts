import type { AssistantMessage, ToolResultMessage, Usage, UserMessage } from "../providers/provider.ts";
import type { ApprovalId, MessageId } from "../store/ids.ts";
import type { ToolDetails } from "../tools/tool.ts";
import type { Saying } from "../words/define-words.ts";

/** Counts up when a field changes its meaning or goes away; new events and fields do not count. */
export const eventVersion = 1;

/**
 * The one vocabulary: what `emit` carries, what `--json` prints, what a control socket and a web page speak.
 * The journal keeps every event but the deltas.
 */
export type AgentEvent =
  | {
      readonly type: "turn-start";
      readonly turn: string;
      readonly group: string;
      readonly session: string;
      readonly model: string;
    }
  | { readonly type: "step-start"; readonly step: number }
  | { readonly type: "text-delta"; readonly text: string }
  | { readonly type: "thinking-delta"; readonly text: string }
  | {
      readonly type: "message-end";
      readonly message: AssistantMessage;
      readonly usage: Usage;
      readonly wasCut: boolean;
    }
  | {
      readonly type: "message-join";
      readonly message: UserMessage;
      readonly inbox?: MessageId;
      /** It tells what became of requests to the owner. */
      readonly approvals?: readonly ApprovalId[];
    }
  /** It waits for the owner's yes; nothing of it was done. */
  | {
      readonly type: "approval-wait";
      readonly approval: number;
      readonly title: string;
      readonly reason: string;
    }
  | {
      readonly type: "tool-start";
      readonly callId: string;
      readonly name: string;
      readonly title: string;
      readonly arguments: string;
    }
  | { readonly type: "tool-progress"; readonly callId: string; readonly text: string }
  | {
      readonly type: "tool-end";
      readonly message: ToolResultMessage;
      readonly title: string;
      readonly durationMs: number;
      readonly details: ToolDetails;
    }
  | { readonly type: "retry"; readonly attempt: number; readonly waitMs: number; readonly reason: string }
  | { readonly type: "notice"; readonly text: string }
  | {
      readonly type: "turn-end";
      readonly reason: TurnEndReason;
      readonly text: string;
      readonly usage: Usage;
      readonly error?: TurnError;
    };

/** `limit`: a limit was reached and the model was asked once more, without tools, for what it has. */
export type TurnEndReason = "done" | "limit" | "aborted" | "error";

export interface TurnError extends Saying {
  readonly code: string;
}

/** Structural events are awaited: what must be on disk before the next step is on disk when it returns. */
export type Emit = (event: AgentEvent) => void | Promise<void>;
