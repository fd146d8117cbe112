import { sanitizeLine, sanitizeText } from "../channels/terminal/sanitize.ts";
import { systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { findHome, prepareHome } from "../home.ts";
import { openKeyring } from "../keyring.ts";
import { findManager, loadManager, managerNames } from "../operations/service/registry.ts";
import { findRunningProgram, toCommandWords } from "../operations/service/running-program.ts";
import type { ServiceManager, ServicePlace } from "../operations/service/service-manager.ts";
import { listCandidates } from "../providers/candidates.ts";
import { findGateway } from "../store/gateway-lock.ts";
import { isProcessAlive } from "../store/holder.ts";
import { openStore, type Store } from "../store/store.ts";
import type { Phrases } from "../words/english/phrases.ts";
import { serviceWords } from "../words/english/service.ts";
import { usageWords } from "../words/english/usage.ts";
import { loadLanguage } from "../words/load-language.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { findModel } from "./model.ts";
import { readConfig } from "./read-config.ts";
import { allow } from "./own-store.ts";
import { toJson } from "./to-json.ts";

export type ServiceVerb = "install" | "start" | "stop" | "status" | "uninstall";

/** Has the machine's own service manager do it. `more` is where tests put the machine. */
export async function runServiceVerb(
  verb: ServiceVerb,
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
  more: Partial<ServicePlace> = {},
): Promise<ExitCode> {
  const place = toServicePlace(io, more);
  const manager = await chooseManager(args.value("manager"), place);
  const { phrases } = await loadLanguage(io.env);
  const { operations } = phrases;
  const done = (text: string): Promise<void> => io.write(`✓ ${sanitizeLine(text)}\n`);
  if (verb !== "status") {
    await prepareHome(place.home.root);
    await using store = await openStore({ folder: place.home.root, clock: systemClock }, signal);
    await allow(store, "service.change", `${verb} ${manager.name}`);
    if (verb !== "uninstall") await refuseBesideAnother(store, manager, verb, signal);
  }
  switch (verb) {
    case "install": {
      const notes = await manager.install(signal);
      const { file } = await manager.status(signal);
      await done(operations.installed({ manager: manager.name, file }));
      const all = [
        ...notes.map((note) => operations[note]),
        ...(await findUnseenKey(io, operations, signal)),
      ];
      await io.writeError(all.map((note) => `nanoclaw: ${sanitizeText(note)}\n`).join(""));
      return 0;
    }
    case "start":
      await manager.start(signal);
      await done(operations.started);
      return 0;
    case "stop":
      await manager.stop(signal);
      await done(operations.ended);
      return 0;
    case "uninstall":
      await manager.uninstall(signal);
      await done(operations.uninstalled);
      return 0;
    case "status":
      return await showStatus(manager, args, io, operations, signal);
    default:
      return verb satisfies never;
  }
}

/** What somebody started by hand answers under our socket, and would pass for the service that could not start beside it. */
async function refuseBesideAnother(
  store: Store,
  manager: ServiceManager,
  verb: "install" | "start" | "stop",
  signal: AbortSignal,
): Promise<void> {
  const holder = await findGateway(store.database, isProcessAlive);
  if (holder === undefined) return;
  const { isRunning, pid } = await manager.status(signal);
  if (isRunning && (pid === undefined || pid === holder.pid)) return;
  const next = verb === "stop" ? undefined : verb;
  throw new AppError("conflict", serviceWords.startedByHand({ pid: holder.pid, next }));
}

export function toServicePlace(io: CommandIo, more: Partial<ServicePlace> = {}): ServicePlace {
  return {
    home: findHome(io.env),
    program: toCommandWords(findRunningProgram()),
    environment: io.env,
    uid: process.getuid?.() ?? 0,
    systemRoot: "",
    ...more,
  };
}

async function chooseManager(wish: string | undefined, place: ServicePlace): Promise<ServiceManager> {
  const name = wish === undefined ? findManager(place) : managerNames.find((known) => known === wish);
  if (name !== undefined) return await loadManager(name, place, systemClock);
  throw new AppError("usage", usageWords.unknownManager({ text: wish ?? "", known: managerNames }));
}

async function showStatus(
  manager: ServiceManager,
  args: ParsedArguments,
  io: CommandIo,
  operations: Phrases["operations"],
  signal: AbortSignal,
): Promise<ExitCode> {
  const status = await manager.status(signal);
  if (args.has("json")) {
    await io.write(toJson(status));
    return 0;
  }
  const { isInstalled, isRunning, startsWithMachine, pid, file } = status;
  const state = isRunning ? operations.runs({ pid }) : operations.stands;
  const words = isInstalled
    ? [state, ...(startsWithMachine ? [operations.startsWithMachine] : [])]
    : [operations.notInstalled];
  const where = isInstalled && file !== undefined ? `\n  ${sanitizeLine(file)}` : "";
  await io.write(`${status.manager}: ${words.join(", ")}${where}\n`);
  return 0;
}

/** A key that only the person's shell knows. */
async function findUnseenKey(
  io: CommandIo,
  { keyNotSeen }: Phrases["operations"],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const home = findHome(io.env);
  const config = await readConfig(home, io);
  const keyring = await openKeyring({ environment: io.env, secretsPath: home.secrets });
  const model = await findModel({ home, config, environment: io.env }, undefined, signal);
  const used = listCandidates(config, keyring).find(({ name }) => name === model.name);
  const name = used?.env.find((variable) => (io.env[variable] ?? "") !== "");
  return used?.keyFrom === "environment" && name !== undefined ? [keyNotSeen({ name })] : [];
}
