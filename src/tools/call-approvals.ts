import type { Action, Consent } from "../authority/actions.ts";
import type { Decision } from "../authority/decision.ts";
import type { Tool, ToolQuestion, ToolResult } from "./tool.ts";

/** A call that waits for the owner's yes. */
export interface AskedCall {
  readonly tool: Tool;
  /** Checked. */
  readonly input: unknown;
  readonly action: Action;
  /** The group that it concerns. */
  readonly group: string;
  readonly title: string;
  /** Of a change of instructions. */
  readonly diff?: string | undefined;
  /** What the tool says that this call is, where it says so. */
  readonly bound?: ToolQuestion["bound"];
}

export interface FoundConsent {
  readonly consent: Consent;
  /** What was frozen when it was asked for. */
  readonly outgoing?: Uint8Array | undefined;
}

/** The owner's part in a call. */
export interface CallApprovals {
  /** One that is for exactly this call; a yes to one request is spent by it. */
  findConsent(asked: AskedCall): Promise<FoundConsent | undefined>;
  /** Writes down that it waits, and asks him; the result says so, to the model and to people. */
  request(
    asked: AskedCall,
    decision: Extract<Decision, { verdict: "ask" }>,
    outgoing: Uint8Array | undefined,
  ): Promise<ToolResult>;
}
