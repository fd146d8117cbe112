import type { TimeZone } from "../clock.ts";
import { toBlock } from "../fence.ts";
import type { ImagePart } from "../image.ts";
import type { SandboxPaths } from "../sandbox/sandbox.ts";
import type { UserMessage } from "../providers/provider.ts";
import systemPrompt from "./prompts/system.md" with { type: "text" };

/** A file of the owner's that tells the assistant who it is and how it works. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/**
 * The stable prefix of a session. It holds nothing that changes from turn to turn, so that the same bytes go out each
 * time and the provider's cache hits.
 */
export function createSystemPrompt(paths: SandboxPaths, instructions: readonly Instruction[]): string {
  const frame = systemPrompt
    .trim()
    .replaceAll("{workspace}", paths.workspace)
    .replaceAll("{home}", paths.home)
    .replaceAll("{temporary}", paths.temporary);
  const files = instructions
    .filter((instruction) => instruction.text.trim() !== "")
    .map((instruction) => `# ${instruction.name}\n\n${instruction.text.trim()}`);
  return [frame, ...files].join("\n\n");
}

export interface TurnFacts {
  readonly now: Date;
  readonly timeZone: TimeZone;
  readonly paths: SandboxPaths;
  /** Whether the person shared the folder where they stand. */
  readonly isHereShared: boolean;
  /** Services that the person's own key opens, by the variable that says where. */
  readonly grants?: readonly string[];
  /** Instructions that changed after the prefix was made. */
  readonly changed: readonly Instruction[];
  /** What was done in turns that the model is no longer shown. */
  readonly untold?: string;
}

/** The person's pictures and words, then what changes from turn to turn: behind the cached prefix. */
export function createUserMessage(
  { text, images = [] }: { readonly text: string; readonly images?: readonly ImagePart[] },
  facts: TurnFacts,
): UserMessage {
  const context = toBlock("context", toContextLines(facts).join("\n"));
  const words = [text, context].map((part) => ({ type: "text", text: part }) as const);
  return { role: "user", content: [...images, ...words] };
}

function toContextLines(facts: TurnFacts): string[] {
  const lines = [`Now: ${formatTime(facts.now, facts.timeZone)}`];
  for (const mount of facts.paths.mounts) {
    lines.push(`Shared folder: ${mount.path} (${mount.canWrite ? "read and write" : "read only"})`);
  }
  for (const grant of facts.grants ?? []) lines.push(`Reachable, with the key added on the way: ${grant}`);
  if (!facts.isHereShared) lines.push(notShared);
  if (facts.untold !== undefined) lines.push(facts.untold);
  for (const { name, text } of facts.changed) {
    const isGone = text.trim() === "";
    lines.push(
      isGone
        ? `${name} was taken away: it no longer holds.`
        : `${name} was changed and now reads:\n${text.trim()}`,
    );
  }
  return lines;
}

const notShared =
  "The folder where the person stands is not shared with you; they can share it: nanoclaw agent --folder .";

/** The texts of a message, the person's words first; its pictures are left out. */
export function toTexts(message: UserMessage): string[] {
  return message.content.flatMap((part) => (part.type === "text" ? [part.text] : []));
}

/** `Saturday 2026-11-21 09:30 +01:00 (Europe/Berlin)`; by hand, for what knows local time costs milliseconds at start-up. */
function formatTime(now: Date, timeZone: TimeZone): string {
  const { name } = timeZone;
  const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  const two = (value: number): string => String(value).padStart(2, "0");
  const offset = Math.round(timeZone.offsetAt(now));
  const local = new Date(now.getTime() + offset * 60_000);
  const [date, time] = local.toISOString().slice(0, 16).split("T");
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.trunc(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${days[local.getUTCDay()]} ${date} ${time} ${zone}${name === undefined ? "" : ` (${name})`}`;
}
