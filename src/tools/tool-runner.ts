import type { ImagePart } from "../image.ts";
import type { ToolCall, ToolDefinition } from "../providers/provider.ts";
import type { ToolDetails } from "./tool.ts";

/** What the loop knows of tools. */
export interface ToolRunner {
  readonly definitions: readonly ToolDefinition[];
  /** One line for people, without the call having been checked. */
  title(call: ToolCall): string;
  /** parse → authorize → execute → clip. Never rejects but with `signal.reason`: a failure is a result that the model reads. */
  run(call: ToolCall, progress: (text: string) => void, signal: AbortSignal): Promise<ToolOutcome>;
}

export interface ToolOutcome {
  readonly content: string;
  readonly images?: readonly ImagePart[];
  readonly isError: boolean;
  readonly details: ToolDetails;
  /** What others wrote may be in it. */
  readonly isForeign?: boolean;
}
