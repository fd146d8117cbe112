import { toTexts } from "../agent/context.ts";
import { toText, type Message } from "../providers/provider.ts";
import type { Entry } from "../store/entries.ts";
import type { SessionContent } from "./session-shelf.ts";

/** A session to read: what was said and done, without what was replaced. Nothing in it can end a block it stands in. */
export function toMarkdown({ session, entries }: SessionContent): string {
  const title = session.name ?? `Session ${session.id}`;
  const parts = entries.filter(({ isReplaced }) => !isReplaced).map(toMarkdownPart);
  const head = `# ${title}\n\nBegun ${session.createdAt.toISOString()}, ${session.entries} entries.\n`;
  return [head, ...parts.filter((part) => part !== "")].join("\n");
}

/** All of it, for a program. */
export function toExportJson({ session, entries }: SessionContent): string {
  const { id, name, createdAt, lastAt } = session;
  const content = {
    id,
    name: name ?? null,
    createdAt,
    lastAt,
    entries: entries.map(({ sequence, turn, kind, message, createdAt: at, isReplaced, covers }) => ({
      sequence,
      turn: turn ?? null,
      kind,
      at,
      isReplaced,
      ...(covers === undefined ? {} : { covers }),
      message,
    })),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** A file name that is safe everywhere: `nanoclaw-trip-to-rome.md`, `nanoclaw-12.md`. */
export function toFileName({ name, id }: Pick<SessionContent["session"], "name" | "id">): string {
  const safe = (name ?? "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return `nanoclaw-${safe === "" ? String(id) : safe.toLowerCase()}.md`;
}

function toMarkdownPart({ kind, turn, message, createdAt }: Entry): string {
  const at = createdAt.toISOString().slice(0, 16).replace("T", " ");
  switch (kind) {
    case "user":
      return `## You · ${at}\n\n${turn === undefined ? toCommand(message) : toWords(message)}\n`;
    case "assistant":
      return toAssistantPart(message, at);
    case "tool":
      return message.role === "tool"
        ? `Result of \`${toInline(message.name)}\`${message.isError ? " (failed)" : ""}:\n\n${toFence(message.content)}\n`
        : "";
    case "summary":
      return `## Summary · ${at}\n\n${toWords(message)}\n`;
    case "notice":
      return `> ${toWords(message).replaceAll("\n", "\n> ")}\n`;
    default:
      return kind satisfies never;
  }
}

function toAssistantPart(message: Message, at: string): string {
  if (message.role !== "assistant") return "";
  const text = toText(message).trim();
  const calls = message.content.flatMap((part) =>
    part.type === "tool-call" ? [`\`${toInline(part.name)}\`:\n\n${toFence(part.arguments)}\n`] : [],
  );
  return [`## Assistant · ${at}\n`, ...(text === "" ? [] : [`${text}\n`]), ...calls].join("\n");
}

/** The person's own words; what was added for the model (time, folders) is left out. */
function toWords(message: Message): string {
  return message.role === "user" ? (toTexts(message)[0] ?? "").trim() : "";
}

/** What the person ran, and its output. */
function toCommand(message: Message): string {
  const output = message.role === "user" ? toTexts(message)[1] : undefined;
  return output === undefined ? toWords(message) : `${toWords(message)}\n\n${toFence(output)}`;
}

function toInline(text: string): string {
  return text.replaceAll("`", "'");
}

/** Longer than any row of backticks inside. */
function toFence(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((row) => row.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.trimEnd()}\n${fence}`;
}
