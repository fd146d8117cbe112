import { toLocalTime } from "../local-time.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { AppError } from "../errors.ts";
import { gatewayWords } from "../words/english/gateway.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import type { MessageDirectory, MessageSummary } from "./services.ts";
import { toJson } from "./to-json.ts";

export async function runMessagesList(
  args: ParsedArguments,
  io: CommandIo,
  messages: MessageDirectory,
  onlyDead: boolean,
  signal: AbortSignal,
): Promise<ExitCode> {
  const all = await messages.list({ onlyDead, limit: toLimit(args.value("limit")) }, signal);
  await io.write(args.has("json") ? toJson(all) : formatTable(all, onlyDead));
  return 0;
}

export async function runMessagesRedrive(
  args: ParsedArguments,
  io: CommandIo,
  messages: MessageDirectory,
  signal: AbortSignal,
): Promise<ExitCode> {
  const id = args.words[0] ?? "";
  const { isAnsweredNow } = await messages.redrive(toId(id), signal);
  const when = isAnsweredNow ? "It is answered now." : "It is answered when a gateway runs: nanoclaw gateway";
  await io.write(
    args.has("json")
      ? toJson({ message: toId(id), isAnsweredNow })
      : `✓ Message ${id} waits again. ${when}\n`,
  );
  return 0;
}

export async function runWhy(
  args: ParsedArguments,
  io: CommandIo,
  messages: MessageDirectory,
  signal: AbortSignal,
): Promise<ExitCode> {
  const story = await messages.tell(toId(args.words[0] ?? ""), signal);
  if (args.has("json")) {
    await io.write(toJson(story));
    return 0;
  }
  const lines = story.chapters.map(
    ({ at, what, text }) => `${toLocalTime(at, "millisecond")}  ${what.padEnd(8)}  ${sanitizeLine(text)}`,
  );
  await io.write(`${[`Message ${story.message}`, ...lines].join("\n")}\n`);
  return 0;
}

function toId(word: string): number {
  const number = Number(word.replace(/^#/, ""));
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new AppError("not-found", gatewayWords.noMessage({ id: word }));
}

function toLimit(value: string | undefined): number {
  const limit = Number(value ?? 50);
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw new AppError("usage", `--limit is "${value}", and takes a whole number from 1 on.`);
}

function formatTable(messages: readonly MessageSummary[], onlyDead: boolean): string {
  if (messages.length === 0) return onlyDead ? "Nothing was set aside.\n" : "No messages yet.\n";
  const rows = messages.map(({ id, at, group, chat, state, reason }) => {
    const why = reason === undefined ? "" : sanitizeLine(reason);
    const cells = [String(id).padStart(6), toLocalTime(at, "minute"), state.padEnd(9)];
    return [...cells, sanitizeLine(group ?? "-").padEnd(10), sanitizeLine(chat), why].join("  ").trimEnd();
  });
  return `${["    ID  RECEIVED          STATE      GROUP       CHAT  REASON", ...rows].join("\n")}\n`;
}
