import { channels } from "../channels/registry.ts";
import { systemClock } from "../clock.ts";
import { loadConfig, type Config } from "../config.ts";
import { defaultConfig } from "../config/defaults.ts";
import { explain } from "../errors.ts";
import { findHome, groupPaths, type HomePaths } from "../home.ts";
import { openKeyring } from "../keyring.ts";
import { isUsable, listCandidates, type Candidate } from "../providers/candidates.ts";
import type { LocalPlace } from "../providers/local.ts";
import type { ResolvedModel } from "../providers/resolve.ts";
import { loadSandboxRuntime } from "../sandbox/registry.ts";
import type { SandboxProbe } from "../sandbox/sandbox.ts";
import type { Saying } from "../words/define-words.ts";
import type { Language } from "../words/language.ts";
import { loadLanguage } from "../words/load-language.ts";
import { translate } from "../words/translate.ts";
import { listGroups } from "../store/groups.ts";
import { listNotices } from "../store/notices.ts";
import { openStore, type Store } from "../store/store.ts";
import { findHolder, readSubordinateRanges } from "../subordinate-ids.ts";
import { showAuditHead } from "./audit-head.ts";
import type { CommandIo } from "./command-io.ts";
import { hasChatApp } from "./has-chat-app.ts";
import { findModel } from "./model.ts";
import type { ChannelReport } from "./read-channels.ts";
import type { ProviderStatus, StatusReport } from "./services.ts";

/** Whoever looks how things are does not wait for a server that hangs. */
const patienceMs = 25;
/** A gateway tries its disk before it answers. */
const gatewayPatienceMs = 200;
/** So long is told what has passed by itself. */
const dayMs = 86_400_000;

/** Looks at everything and changes nothing but what was shown of the audit log; what cannot be read becomes a line of its problems. */
export async function readStatus(io: CommandIo, signal: AbortSignal): Promise<StatusReport> {
  const home = findHome(io.env);
  const language = await loadLanguage(io.env);
  const said: string[][] = [];
  const attempt = async <T>(read: (problems: string[]) => Promise<T>): Promise<T | undefined> => {
    const problems: string[] = [];
    said.push(problems);
    try {
      return await read(problems);
    } catch (error) {
      signal.throwIfAborted();
      problems.push(toLine(explain(error), language));
      return undefined;
    }
  };
  const hasConfig = await Bun.file(home.config).exists();
  const loaded = await attempt(() => loadConfig(home.config, io.env));
  said.push([...(loaded?.notices ?? [])]);
  const config = loaded?.config ?? defaultConfig;
  const findChosen = (problems: string[]): Promise<ResolvedModel> => {
    const onLate = ({ label }: LocalPlace): unknown =>
      problems.push(language.phrases.status.late({ label, ms: patienceMs }));
    const search = { patienceMs, onLate };
    return findModel({ home, config, environment: io.env, search }, undefined, signal);
  };
  // At once: the sandbox is tried for real, and what waits for a server waits beside it.
  const [sandbox, [model, providers], stored] = await Promise.all([
    attempt(() => readSandbox(config, language, signal)),
    attempt(findChosen).then(
      async (chosen) => [chosen, await attempt(() => listProviders(config, home, io, chosen))] as const,
    ),
    attempt(async (problems) =>
      (await Bun.file(home.database).exists())
        ? await readStored({ home, config, language }, problems, signal)
        : { groups: [] },
    ),
  ]);
  return {
    home: home.root,
    config: { path: home.config, state: loaded === undefined ? "invalid" : hasConfig ? "found" : "absent" },
    ...(model === undefined ? {} : { model: `${model.model} (${model.label})` }),
    ...(providers === undefined ? {} : { providers }),
    ...(sandbox === undefined ? {} : { sandbox }),
    ...stored,
    problems: said.flat(),
  };
}

async function listProviders(
  config: Config,
  home: HomePaths,
  io: CommandIo,
  model: ResolvedModel | undefined,
): Promise<ProviderStatus[]> {
  const keyring = await openKeyring({ environment: io.env, secretsPath: home.secrets });
  return listCandidates(config, keyring).map((candidate) => ({
    label: candidate.label,
    isSet: isUsable(candidate),
    isChosen: candidate.name === model?.name,
    ...toNote(candidate),
  }));
}

function toNote({ keyFrom, kind, hasOwnBase, apiBase }: Candidate): Pick<ProviderStatus, "note"> {
  const host = URL.parse(apiBase)?.host;
  if (hasOwnBase && host !== undefined)
    return { note: keyFrom === undefined ? host : `${host}, key from ${keyFrom}` };
  if (keyFrom !== undefined) return { note: `key from ${keyFrom}` };
  return kind === "local" ? { note: "used when it runs" } : {};
}

async function readSandbox(
  config: Config,
  language: Language,
  signal: AbortSignal,
): Promise<NonNullable<StatusReport["sandbox"]>> {
  const runtime = await loadSandboxRuntime(config.sandbox.runtime);
  const probe = await runtime.probe(signal);
  return {
    name: runtime.name,
    isAvailable: probe.isAvailable,
    notes: probe.isAvailable ? probe.facts : toNotes(probe, language),
  };
}

export function toNotes(probe: Extract<SandboxProbe, { isAvailable: false }>, language: Language): string[] {
  const { reason, remedy, words } = probe;
  const said = { message: reason, hint: remedy, ...(words === undefined ? {} : { words }) };
  const { message, hint = "" } = translate(said, language);
  return [message, ...hint.split("\n")];
}

function toLine(saying: Saying, language: Language): string {
  const { message, hint } = translate(saying, language);
  return hint === undefined ? message : `${message} ${hint.replace(/\n */g, " ")}`;
}

interface StoredPlace {
  readonly home: HomePaths;
  readonly config: Config;
  readonly language: Language;
}

async function readStored(
  { home, config, language }: StoredPlace,
  problems: string[],
  signal: AbortSignal,
): Promise<Pick<StatusReport, "groups" | "channels" | "audit">> {
  await using store = await openStore({ folder: home.root, clock: systemClock }, signal);
  const groups = await listGroups(store.database);
  const notices = await listNotices(store.database, systemClock.now() - dayMs);
  problems.push(...notices.map(({ said }) => toLine(said, language)));
  // A new group's uid is picked around them; one that has files keeps its own.
  const ranges = process.getuid?.() === 0 ? await readSubordinateRanges() : [];
  for (const { name, uid } of groups) {
    const range = findHolder(uid, ranges);
    if (range === undefined || !(await Bun.file(groupPaths(home, name).agents).exists())) continue;
    const { file, holder, first } = range;
    problems.push(
      `The uid ${uid} of the group ${name} is one that ${file} gives to ${holder}, whose containers could read its files. Give ${holder} another range than the one from ${first}.`,
    );
  }
  const chats = await readChats(config, home, store, signal);
  const audit = await showAuditHead(store);
  return {
    groups: groups.map(({ name }) => name),
    ...(chats.length === 0 ? {} : { channels: chats }),
    ...(audit === undefined ? {} : { audit }),
  };
}

/** Nothing of it is loaded before somebody has set one up. */
async function readChats(
  config: Config,
  home: HomePaths,
  { database }: Store,
  signal: AbortSignal,
): Promise<readonly ChannelReport[]> {
  if (!hasChatApp(config, channels)) return [];
  const { readChannels } = await import("./read-channels.ts");
  const place = { config, home, database, patienceMs: gatewayPatienceMs };
  return (await readChannels(place, signal)).channels.filter(({ name }) => name !== "http");
}
