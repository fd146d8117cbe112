import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { AppError } from "../errors.ts";
import { formatRows } from "../prompt/format-facts.ts";
import { toUsageRows } from "../slash/fact-rows.ts";
import { formatSessions } from "../prompt/format-sessions.ts";
import { toFileName, toExportJson, toMarkdown } from "../sessions/export-session.ts";
import { writeExport } from "../sessions/write-export.ts";
import { promptWords } from "../words/english/prompt.ts";
import { loadLanguage } from "../words/load-language.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import type { PastShelf, Services } from "./services.ts";
import { toJson } from "./to-json.ts";

type PastServices = Pick<Services, "openPast" | "listModels">;

export async function runSessionsList(
  args: ParsedArguments,
  io: CommandIo,
  services: PastServices,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using past = await open(args, services, signal);
  const sessions = await past.list();
  const rows = sessions.map(({ id, name, isCurrent, entries, createdAt, lastAt, firstWords }) => ({
    id,
    name: name ?? null,
    isCurrent,
    entries,
    createdAt,
    lastAt,
    firstWords: firstWords ?? null,
  }));
  const current = sessions.find(({ isCurrent }) => isCurrent);
  const mark = current === undefined ? {} : { current: current.name ?? String(current.id) };
  await io.write(
    args.has("json")
      ? toJson(rows)
      : formatSessions(sessions, (await loadLanguage(io.env)).phrases, { ...mark, columns: io.columns }),
  );
  return 0;
}

export async function runSessionsShow(
  args: ParsedArguments,
  io: CommandIo,
  services: PastServices,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using past = await open(args, services, signal);
  const content = await past.read(args.words[0] ?? "");
  await io.write(args.has("json") ? toExportJson(content) : toMarkdown(content));
  return 0;
}

/** Never writes over anything: there is nobody to ask. */
export async function runSessionsExport(
  args: ParsedArguments,
  io: CommandIo,
  services: PastServices,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using past = await open(args, services, signal);
  const content = await past.read(args.words[0] ?? "");
  const path = args.words[1] ?? toFileName(content.session);
  const text = path.endsWith(".json") ? toExportJson(content) : toMarkdown(content);
  const written = await writeExport(path, text, { folder: io.cwd, writable: [] }, args.has("force"));
  if (written === "exists") {
    throw new AppError("conflict", promptWords.exportExists({ path }));
  }
  await io.write(`${sanitizeLine(written.path)}\n`);
  return 0;
}

export async function runSessionsName(
  args: ParsedArguments,
  io: CommandIo,
  services: PastServices,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using past = await open(args, services, signal);
  const { name } = await past.name(args.words[0] ?? "", args.words[1] ?? "");
  await io.write(
    `✓ It is now ${sanitizeLine(name ?? "")}. Go on with it: nanoclaw -s ${sanitizeLine(name ?? "")}\n`,
  );
  return 0;
}

export async function runUsageCommand(
  args: ParsedArguments,
  io: CommandIo,
  services: PastServices,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using past = await open(args, services, signal);
  const report = { ...(await past.usage()), turn: undefined, session: undefined };
  const { today, total, models, dollars, budget } = report;
  await io.write(
    args.has("json")
      ? toJson({ today, total, models, dollars, budget })
      : formatRows(toUsageRows(report, (await loadLanguage(io.env)).phrases)),
  );
  return 0;
}

export async function runModelsCommand(
  args: ParsedArguments,
  io: CommandIo,
  services: PastServices,
  signal: AbortSignal,
): Promise<ExitCode> {
  const models = await services.listModels(signal);
  const width = Math.max(0, ...models.map(({ model }) => model.length));
  const rows = models.map(
    ({ model, label, isDefault }) =>
      `${isDefault ? "→" : " "} ${sanitizeLine(model).padEnd(width)}  ${sanitizeLine(label)}\n`,
  );
  await io.write(args.has("json") ? toJson(models) : rows.join(""));
  return 0;
}

async function open(args: ParsedArguments, services: PastServices, signal: AbortSignal): Promise<PastShelf> {
  return await services.openPast(args.value("group"), signal);
}
