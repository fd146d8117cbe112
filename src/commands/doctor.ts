import { sanitizeLine, sanitizeText } from "../channels/terminal/sanitize.ts";
import { systemClock } from "../clock.ts";
import { findHome } from "../home.ts";
import type { DoctorPlace } from "../operations/doctor/check.ts";
import { checks } from "../operations/doctor/checks.ts";
import { examine, type Examined } from "../operations/doctor/examine.ts";
import { openStore, type Store } from "../store/store.ts";
import { loadLanguage } from "../words/load-language.ts";
import type { Language } from "../words/language.ts";
import { translate } from "../words/translate.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { toServicePlace } from "./manage-service.ts";
import { findModel } from "./model.ts";
import { createStyle, hasColor, type Style } from "./style.ts";
import { toJson } from "./to-json.ts";

/** Looks at everything that can be wrong, one line each. Exit code 1: something waits for the person. */
export async function runDoctorCommand(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const language = await loadLanguage(io.env);
  await using scope = new AsyncDisposableStack();
  const place = openPlace(io, language, scope, signal);
  const style = createStyle(hasColor(io, "output"));
  const all: Examined[] = [];
  for await (const examined of examine(checks, place, args.has("fix"), signal)) {
    all.push(examined);
    if (!args.has("json")) await io.write(formatExamined(examined, language, style));
  }
  const needed = all.flatMap(({ findings }) => findings).filter(({ state }) => state === "problem").length;
  await io.write(
    args.has("json") ? toReport(all, language) : formatEnd(all, needed, language, args.has("fix")),
  );
  return needed === 0 ? 0 : 1;
}

/** What is not as it should be, a line each, in English: for a program that looks at itself. */
export async function listFindings(io: CommandIo, signal: AbortSignal): Promise<readonly string[]> {
  await using scope = new AsyncDisposableStack();
  const place = openPlace(io, await loadLanguage(io.env), scope, signal);
  const lines: string[] = [];
  for await (const { check, findings } of examine(checks, place, false, signal)) {
    for (const finding of findings) {
      if (finding.state === "ok") continue;
      const { message, hint = "" } = finding.said;
      lines.push(`${check}: ${finding.state}: ${message} ${hint}`);
    }
  }
  return lines;
}

function openPlace(
  io: CommandIo,
  { phrases }: Language,
  scope: AsyncDisposableStack,
  signal: AbortSignal,
): DoctorPlace {
  const home = findHome(io.env);
  let store: Promise<Store> | undefined;
  return {
    home,
    environment: io.env,
    clock: systemClock,
    phrases: phrases.doctor,
    service: toServicePlace(io),
    findModel: (config, stop) => findModel({ home, config, environment: io.env }, undefined, stop),
    // Opened once; that it cannot be is one finding, not one for each check that would ask it something.
    openStore: async () => {
      if (store !== undefined) return await store.catch(() => undefined);
      if (!(await isUsed(home.root))) return undefined;
      store = openStore({ folder: home.root, clock: systemClock }, signal).then((opened) =>
        scope.use(opened),
      );
      return await store;
    },
  };
}

/** An empty folder gets no database by being looked at. */
async function isUsed(root: string): Promise<boolean> {
  const { readdir } = await import("node:fs/promises");
  const names = await readdir(root).catch((): string[] => []);
  return names.some((name) => name === "nanoclaw.db" || name === "groups" || name === "restore");
}

function formatExamined(
  { check, findings }: Examined,
  { phrases, ...language }: Language,
  style: Style,
): string {
  const label = phrases.doctor.checks[check];
  return findings
    .map((finding) => {
      if (finding.state === "ok") return `${style.green("✓")} ${label}: ${sanitizeLine(finding.text)}\n`;
      const { message, hint } = translate(finding.said, { ...language, phrases });
      const mark = finding.state === "problem" ? style.red("✗") : style.yellow("!");
      const advice = hint === undefined || hint === "" ? [] : sanitizeText(hint).split("\n");
      return [`${mark} ${label}: ${sanitizeLine(message)}`, ...advice.map((line) => `  ${line}`), ""].join(
        "\n",
      );
    })
    .join("");
}

function formatEnd(
  all: readonly Examined[],
  needed: number,
  { phrases: { doctor } }: Language,
  didFix: boolean,
): string {
  const repaired = all.reduce((sum, each) => sum + each.repaired, 0);
  const canFix = all.some(({ findings }) =>
    findings.some((each) => each.state !== "ok" && each.repair !== undefined),
  );
  const better = all.flatMap(({ findings }) => findings).filter(({ state }) => state === "warning").length;
  const lines = [
    ...(repaired === 0 ? [] : [doctor.repaired({ count: repaired })]),
    ...(needed === 0 ? [better === 0 ? doctor.fine : doctor.couldBeBetter({ count: better })] : []),
    ...(needed === 0 ? [] : [doctor.needsYou({ count: needed })]),
    ...(canFix && !didFix ? [doctor.canFix] : []),
  ];
  return `\n${lines.join("\n")}\n`;
}

function toReport(all: readonly Examined[], language: Language): string {
  const rows = all.flatMap(({ check, findings }) =>
    findings.map((finding) => {
      if (finding.state === "ok") return { check, state: finding.state, message: finding.text };
      const { message, hint } = translate(finding.said, language);
      const key = finding.said.words?.key;
      return { check, state: finding.state, key, message, hint, canFix: finding.repair !== undefined };
    }),
  );
  const isWell = rows.every(({ state }) => state !== "problem");
  const repaired = all.reduce((sum, each) => sum + each.repaired, 0);
  return toJson({ isWell, repaired, findings: rows });
}
