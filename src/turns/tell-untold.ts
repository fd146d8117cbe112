import type { Reader } from "../store/database.ts";
import type { SessionId } from "../store/ids.ts";
import { findReplyByKey } from "../store/replies.ts";
import { listUntoldCalls, type UntoldCall } from "../store/untold-calls.ts";
import { toCallKey } from "./settle-calls.ts";

/** The last of them; how many there were before is said. */
const mostTold = 30;
const longestTitle = 200;

/**
 * What the model is told of calls in turns that it is no longer shown, or nothing: so that it does none of them twice without
 * knowing. Their results are left out, for one of them may be what no turn comes past.
 */
export async function tellUntoldCalls(reader: Reader, session: SessionId): Promise<string | undefined> {
  const calls = await listUntoldCalls(reader, session);
  if (calls.length === 0) return undefined;
  const told = calls.slice(-mostTold);
  const lines = told.length < calls.length ? [`- ${calls.length - told.length} earlier calls`] : [];
  for (const call of told) {
    const outcome = (await wasSent(reader, call)) ? "done" : call.outcome;
    lines.push(`- ${toTitle(call)}: ${outcomes[outcome]}`);
  }
  return [before, ...lines].join("\n");
}

const before =
  "An earlier turn over these or other messages ended without an answer, and you are not shown it. It had called the tools below. Check what is there already before you do any of it again:";

const outcomes: Readonly<Record<UntoldCall["outcome"], string>> = {
  done: "done",
  failed: "failed",
  waits: "waits for the owner's answer, and is done when he says yes",
  unknown: "interrupted, it may or may not have happened",
};

/** What a tool had put into the outbox goes out, whatever became of its turn. */
async function wasSent(reader: Reader, { turn, callId, outcome }: UntoldCall): Promise<boolean> {
  return outcome === "unknown" && (await findReplyByKey(reader, toCallKey(turn, callId))) !== undefined;
}

function toTitle({ name, title }: UntoldCall): string {
  if (title === undefined) return name;
  const short = title.length > longestTitle ? `${title.slice(0, longestTitle).toWellFormed()}…` : title;
  return `${name} ${JSON.stringify(short)}`;
}
