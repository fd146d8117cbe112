import type { Emit } from "../agent/events.ts";
import { toMarkedBlock } from "../agent/material.ts";
import { runCalls } from "../agent/run-calls.ts";
import { parseTaintBits, toTaintBits } from "../authority/taint.ts";
import { appendEntries } from "../store/entries.ts";
import type { Session } from "../store/sessions.ts";
import type { ToolOutcome } from "../tools/tool-runner.ts";
import { openTools, type ToolPlace } from "./session-tools.ts";
import { TurnTaint } from "./turn-taint.ts";

/** Seconds: as long as the tool allows. A person can stop it. */
const timeout = 600;

/**
 * A command of the person's own, by the tool and the rights that the assistant's have. It and its output stand in the
 * session, as material, also when it was cut short: the model sees them with the next message.
 */
export async function runOwnCommand(
  command: string,
  session: Session,
  options: ToolPlace,
  emit: Emit,
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const { actor, clock, store } = options;
  const taint = new TurnTaint(parseTaintBits(session.taint));
  const notice = async (text: string): Promise<void> => await emit({ type: "notice", text });
  const tools = await openTools(session, actor, options, { taint, notice, session: session.id });
  const id = `own-${crypto.randomUUID().slice(0, 8)}`;
  const call = {
    type: "tool-call",
    id,
    name: "shell",
    arguments: JSON.stringify({ command, timeout }),
  } as const;
  const [message] = await runCalls([call], tools, { clock, limit: 1 }, emit, signal);
  const { content = "", isError = true } = message ?? {};
  const block = toMarkedBlock({ name: "output", text: content });
  const note = `I ran this command in your sandbox myself.\n\n${block}`;
  const parts = [`!${command}`, note].map((text) => ({ type: "text", text }) as const);
  const entry = {
    kind: "user",
    message: { role: "user", content: parts },
    taint: toTaintBits(taint.current),
  } as const;
  await store.database.transaction((tx) =>
    appendEntries(tx, [entry], { session: session.id, now: clock.now() }),
  );
  return { content, isError, details: {} };
}
