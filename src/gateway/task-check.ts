import { toMarkedBlock } from "../agent/material.ts";
import type { Actor } from "../authority/actor.ts";
import { clean, parseTaintBits, type Taint } from "../authority/taint.ts";
import type { Clock } from "../clock.ts";
import { findHeartbeatWork, isQuiet } from "../scheduler/heartbeat.ts";
import type { Zone } from "../scheduler/zone.ts";
import type { Group } from "../store/groups.ts";
import type { Task } from "../store/tasks.ts";
import type { Glimpse, GlimpseRequest } from "../turns/glimpse.ts";

export interface HeartbeatFacts {
  /** The owner's file of the group, which lies outside of every sandbox. */
  readonly read: (group: Group) => Promise<string>;
  readonly quietHours: () => string;
}

export interface WorkFacts {
  readonly task: Task;
  readonly group: Group;
  readonly zone: Zone;
  readonly actor: Actor;
  readonly conversation: { glimpse(request: GlimpseRequest, signal: AbortSignal): Promise<Glimpse> };
  readonly heartbeat: HeartbeatFacts;
  readonly clock: Clock;
}

/** What the model is told besides the task's own words. A string says why it need not be asked at all. */
export type Work = { readonly found: string | undefined; readonly taint: Taint } | string;

const scriptTimeoutMs = 60_000;
const readTimeoutMs = 10_000;

/** What is written to a script's own file runs as the group's own command would. */
const runScript = `command -v bash >/dev/null && exec bash -c -- "$1"
exec sh -c -- "$1"`;
const readFile = `[ ! -f HEARTBEAT.md ] || exec head -c 32000 HEARTBEAT.md`;

/** Looks before the model is asked: the task's script, or the files of the heartbeat. Throws what the sandbox throws. */
export async function findWork(facts: WorkFacts, signal: AbortSignal): Promise<Work> {
  if (facts.task.purpose === "heartbeat") return await findHeartbeat(facts, signal);
  const { script } = facts.task;
  if (script === undefined) return { found: undefined, taint: clean };
  const name = `script of task ${facts.task.id}`;
  const { text, taint } = await look(
    facts,
    { action: "command.run", script: runScript, parameters: [script], name, timeoutMs: scriptTimeoutMs },
    signal,
  );
  const last = text.trimEnd().split("\n").at(-1) ?? "";
  const { isWoken, data } = parseVerdict(last);
  if (!isWoken) return "its script says that there is nothing to do";
  const output = data === undefined ? text.trim() : data;
  if (output === "") return { found: undefined, taint };
  return { found: `Its script found:\n\n${toMarkedBlock({ name: "script", text: output })}`, taint };
}

/** `{"wake": false}`, or `{"wake": true, "data": …}`; whatever else it prints is handed over. */
function parseVerdict(line: string): { readonly isWoken: boolean; readonly data: string | undefined } {
  const handed = { isWoken: true, data: undefined };
  if (!line.trim().startsWith("{")) return handed;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return handed;
    const { wake, wakeAgent, data }: Record<string, unknown> = { ...value };
    if (typeof (wake ?? wakeAgent) !== "boolean") return handed;
    const text = typeof data === "string" ? data : data === undefined ? "" : JSON.stringify(data);
    return { isWoken: (wake ?? wakeAgent) === true, data: text };
  } catch {
    return handed;
  }
}

async function findHeartbeat(facts: WorkFacts, signal: AbortSignal): Promise<Work> {
  const { heartbeat, clock, zone, group } = facts;
  if (isQuiet(heartbeat.quietHours(), zone.toWall(clock.now()))) return "quiet hours";
  const own = findHeartbeatWork(await heartbeat.read(group));
  const request = {
    action: "files.read",
    script: readFile,
    parameters: [],
    name: "HEARTBEAT.md",
    timeoutMs: readTimeoutMs,
  } as const;
  const { text, taint } = await look(facts, request, signal);
  const notes = findHeartbeatWork(text);
  if (own === "" && notes === "") return "HEARTBEAT.md holds nothing to do";
  const parts = [
    ...(own === "" ? [] : [`The owner's HEARTBEAT.md:\n\n${own}`]),
    ...(notes === ""
      ? []
      : [`HEARTBEAT.md of your workspace:\n\n${toMarkedBlock({ name: "notes", text: notes })}`]),
  ];
  return { found: parts.join("\n\n"), taint: notes === "" ? clean : taint };
}

async function look(
  { actor, conversation, task }: WorkFacts,
  request: Omit<GlimpseRequest, "actor" | "taint">,
  signal: AbortSignal,
): Promise<Glimpse> {
  return await conversation.glimpse({ ...request, actor, taint: parseTaintBits(task.taint) }, signal);
}
