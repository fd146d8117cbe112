import { sanitizeLine, sanitizeText } from "../channels/terminal/sanitize.ts";
import { systemClock } from "../clock.ts";
import { loadConfig, type Config } from "../config.ts";
import { defaultConfig } from "../config/defaults.ts";
import { AppError } from "../errors.ts";
import { findHome } from "../home.ts";
import { openKeyring } from "../keyring.ts";
import {
  fine,
  problem,
  warning,
  type Check,
  type Checks,
  type DoctorPlace,
} from "../operations/doctor/check.ts";
import {
  checkAudit,
  checkBackup,
  checkClock,
  checkDatabase,
  checkLeases,
} from "../operations/doctor/check-database.ts";
import { checkHome, checkSpace } from "../operations/doctor/check-files.ts";
import { checkGateway, checkService } from "../operations/doctor/check-gateway.ts";
import { checkLeftovers, checkPath, checkRuntime } from "../operations/doctor/check-machine.ts";
import { examine, type Examined } from "../operations/doctor/examine.ts";
import { isUsable, listCandidates } from "../providers/candidates.ts";
import { loadSandboxRuntime } from "../sandbox/registry.ts";
import { openStore, type Store } from "../store/store.ts";
import { doctorWords } from "../words/english/doctor.ts";
import { loadLanguage } from "../words/load-language.ts";
import type { Language } from "../words/language.ts";
import { translate } from "../words/translate.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { toServicePlace } from "./manage-service.ts";
import { findModel } from "./model.ts";
import { createStyle, hasColor, type Style } from "./style.ts";

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
  for await (const examined of examine(createChecks(io), place, args.has("fix"), signal)) {
    all.push(examined);
    if (!args.has("json")) await io.write(formatExamined(examined, language, style));
  }
  const needed = all.flatMap(({ findings }) => findings).filter(({ state }) => state === "problem").length;
  await io.write(
    args.has("json") ? toJson(all, language) : formatEnd(all, needed, language, args.has("fix")),
  );
  return needed === 0 ? 0 : 1;
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

function createChecks(io: CommandIo): Checks {
  return {
    home: checkHome,
    config: async ({ home, phrases }) => {
      const { notices } = await loadConfig(home.config, io.env);
      const isThere = await Bun.file(home.config).exists();
      if (notices.length === 0) return fine(phrases.config({ isThere }));
      return notices.map((message) => warning({ message }));
    },
    keys: async ({ home, phrases }) => {
      const keyring = await openKeyring({ environment: io.env, secretsPath: home.secrets });
      const count = listCandidates(await readConfig(home.config, io), keyring).filter(isUsable).length;
      return fine(phrases.keys({ count }));
    },
    model: (place, signal) => checkModel(place, io, signal),
    sandbox: async ({ home }, signal) => {
      const { sandbox } = await readConfig(home.config, io);
      const runtime = await loadSandboxRuntime(sandbox.runtime);
      const probe = await runtime.probe(signal);
      if (probe.isAvailable) return fine([runtime.name, ...probe.facts].join(", "));
      const { reason, remedy, words } = probe;
      return [problem({ message: reason, hint: remedy, ...(words === undefined ? {} : { words }) })];
    },
    database: checkDatabase,
    audit: checkAudit,
    space: checkSpace,
    clock: checkClock,
    leases: checkLeases,
    gateway: checkGateway,
    service: checkService,
    runtime: checkRuntime,
    path: checkPath,
    leftovers: checkLeftovers,
    backup: checkBackup,
  };
}

/** One that cannot be read is a finding of its own check. */
async function readConfig(path: string, io: CommandIo): Promise<Config> {
  try {
    return (await loadConfig(path, io.env)).config;
  } catch (error) {
    if (error instanceof AppError) return defaultConfig;
    throw error;
  }
}

/** Asks the provider of the model in use for something that costs nothing; ten seconds at most. */
async function checkModel(
  { home, phrases }: DoctorPlace,
  io: CommandIo,
  signal: AbortSignal,
): ReturnType<Check> {
  const config = await readConfig(home.config, io);
  const model = await findModel({ home, config, environment: io.env }, undefined, signal);
  if (model.chosenBy === "nothing") return [warning(doctorWords.noModel())];
  const [{ toTarget }, { checkKey }] = await Promise.all([
    import("../providers/registry.ts"),
    import("../providers/check-key.ts"),
  ]);
  const { name, wire, apiBase, apiKey, extraHeaders, proxy } = model;
  if (wire !== "anthropic" && wire !== "openai") return fine(phrases.modelUnasked({ model: model.model }));
  const target = toTarget(name, {
    wire,
    apiBase,
    extraHeaders,
    proxy,
    ...(apiKey === undefined ? {} : { apiKey }),
  });
  if (target === undefined) return fine(phrases.modelUnasked({ model: model.model }));
  const answer = await checkKey(target, signal);
  if (answer.type === "ok") return fine(phrases.model({ model: model.model, label: model.label }));
  return [problem(answer.error)];
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
  const lines = [
    ...(repaired === 0 ? [] : [doctor.repaired({ count: repaired })]),
    needed === 0 ? doctor.fine : doctor.needsYou({ count: needed }),
    ...(canFix && !didFix ? [doctor.canFix] : []),
  ];
  return `\n${lines.join("\n")}\n`;
}

function toJson(all: readonly Examined[], language: Language): string {
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
  return `${JSON.stringify({ isWell, repaired, findings: rows }, undefined, 2)}\n`;
}
