import type { Action } from "../authority/actions.ts";
import type { ImagePart } from "../image.ts";
import type { JsonSchema } from "../providers/provider.ts";
import type { ToolSandbox } from "../sandbox/sandbox.ts";

/** What a call can do to the world; `authorize()` and recovery after a crash depend on it. */
export type Effect =
  /** Reads what the group may see. Safe to run again. */
  | "read"
  /** Changes the group's own files or state. */
  | "write"
  /** Runs code inside the sandbox. */
  | "execute"
  /** Reaches someone or something outside. */
  | "outside"
  /** Changes rights, configuration or instructions. */
  | "govern";

/** Data plus one function. Made by a factory that is handed its effects; knows no channel and no store. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly input: JsonSchema;
  readonly effect: Effect;
  /** What is asked of `authorize()`; where it depends on the arguments, of the checked ones. */
  readonly action: Action | ((input: unknown, context: ToolContext) => ToolQuestion | Promise<ToolQuestion>);
  /** `input` has been checked against the schema. Throws `AppError` for what it foresaw; the registry makes it a result. */
  execute(input: unknown, context: ToolContext): Promise<ToolResult>;
  /**
   * The arguments that say all of what an "always" of the owner's would allow: it then holds for exactly these values.
   * Without them each call is asked for anew; a command line is never among them.
   */
  readonly bound?: readonly string[];
  /** Of a tool that sends what lies in the sandbox: the bytes as they are when the owner is asked. `execute` gets them back. */
  readonly freeze?: (input: unknown, context: ToolContext) => Promise<Uint8Array>;
  /** Of a tool that changes instructions: the lines that would go, each behind `- `, and those that would come, behind `+ `. */
  readonly diff?: (input: unknown, context: ToolContext) => Promise<string | undefined>;
  /** One line for people, as `$ npm test`; the name alone without it. Gets unchecked input. */
  readonly title?: (input: Readonly<Record<string, unknown>>) => string;
}

export interface ToolQuestion {
  readonly action: Action;
  /** The group that it concerns; the tool's own by default. */
  readonly group?: string;
  /** All of what an "always" of the owner's would allow, where that is not said by arguments: whom a word means just now. */
  readonly bound?: Readonly<Record<string, string | number>>;
}

export interface ToolContext {
  readonly callId: string;
  readonly signal: AbortSignal;
  /** Opens the group's sandbox on first use. Throws `AppError("sandbox-unavailable")` with the remedy. */
  readonly sandbox: () => Promise<ToolSandbox>;
  /** Tells people, not the model, how it goes. */
  readonly progress: (text: string) => void;
  /** What `freeze` gave when the owner was asked: this is what goes out. */
  readonly outgoing?: Uint8Array;
}

export interface ToolResult {
  /** For the model; the registry clips it. */
  readonly content: string;
  /** Beside the words, for a model that can see. */
  readonly images?: readonly ImagePart[];
  readonly isError?: boolean;
  readonly details?: ToolDetails;
}

/** Facts of a result for people and programs. */
export type ToolDetails = { readonly [fact: string]: string | number | boolean };
