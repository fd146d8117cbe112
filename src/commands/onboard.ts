import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../clock.ts";
import { loadConfig } from "../config.ts";
import { AppError, explain } from "../errors.ts";
import { createGroupFolder } from "../group-folder.ts";
import { openStore } from "../store/store.ts";
import { findHome, groupPaths, prepareHome } from "../home.ts";
import { readPrivateFile } from "../private-file.ts";
import { writePrivateFile } from "../write-private-file.ts";
import { type ResolvedModel, resolveModel } from "../providers/resolve.ts";
import type { CommandIo } from "./command-io.ts";
import type { LoginEffects } from "../login/effects.ts";
import { describeSaved, runFirstScreen } from "../login/first-screen.ts";
import { recogniseKey } from "../providers/catalog.ts";
import { parseKey } from "../login/parse-key.ts";
import {
  type LoginPlace,
  saveDemo,
  saveKey,
  saveLocalServer,
  saveWishes,
  toKeyring,
  type Wishes,
} from "../login/save-choice.ts";
import { signInWithOpenRouter } from "../login/sign-in.ts";
import type { Language } from "../words/language.ts";
import { loadLanguage } from "../words/load-language.ts";
import { formatProblem } from "./problem.ts";
import { type OnboardArguments, parseOnboardArguments } from "./onboard-arguments.ts";
import { loginWords } from "../words/english/login.ts";
import { wrapLines } from "./wrap-text.ts";

/** The four ways to a model, for those who cannot be asked. */
export const waysToAModel: readonly string[] = [
  "set a key in the environment, such as ANTHROPIC_API_KEY, OPENAI_API_KEY or OPENROUTER_API_KEY",
  "echo KEY | nanoclaw onboard --key-stdin",
  "nanoclaw onboard --local, with Ollama, LM Studio or vLLM running; or --openrouter, with a browser here",
  "nanoclaw onboard --demo: offline, and no language model",
];

/** `nanoclaw onboard`: makes what is missing, keeps what is there, and finds a model. */
export async function runOnboardCommand(
  args: readonly string[],
  io: CommandIo,
  signal: AbortSignal,
  effects: LoginEffects,
): Promise<number> {
  const wanted = parseOnboardArguments(args);
  const place: LoginPlace = { home: findHome(io.env), environment: io.env };
  await prepareHome(place.home.root);
  await prepareConfig(place, wanted.isReset, io);
  await prepareMain(place, io, signal);
  const language = await loadLanguage(io.env);
  const said = await findModel(wanted, { place, io, effects, language }, signal);
  if (said === undefined) {
    const ways = waysToAModel.map((way, index) => `  ${index + 1}  ${way}\n`).join("");
    await io.write(
      `\nNo model is set yet; until one is, the built-in demo answers. Four ways to one:\n${ways}`,
    );
  } else {
    await io.write(`✓ ${said}\n`);
  }
  await io.write(`\n🐈 nanoclaw is ready! Try: nanoclaw agent -m "Hello!"\n`);
  await offerCode(place, io, signal);
  return 0;
}

/** The way to be known in the chat apps that are set up. */
async function offerCode(
  { home, environment }: LoginPlace,
  io: CommandIo,
  signal: AbortSignal,
): Promise<void> {
  const config = await loadConfig(home.config, environment).then(
    (loaded) => loaded.config,
    (error: unknown) => {
      // It has been explained already.
      if (error instanceof AppError) return undefined;
      throw error;
    },
  );
  if (config === undefined) return;
  const [{ channels }, { offerPairing }] = await Promise.all([
    import("../channels/registry.ts"),
    import("./offer-pairing.ts"),
  ]);
  await using store = await openStore({ folder: home.root, clock: systemClock }, signal);
  await offerPairing(store, config, channels, io);
}

const freshConfig = `{
  // Everything that can stand here: nanoclaw config schema. Keys are better kept in secrets.json.
}
`;

async function prepareConfig(
  { home, environment }: LoginPlace,
  isReset: boolean,
  io: CommandIo,
): Promise<void> {
  const text = await readPrivateFile(home.config, { mayOthersRead: true });
  if (text === undefined) {
    writePrivateFile(home.config, freshConfig);
    await io.write(`✓ Created config at ${home.config}\n`);
    return;
  }
  if (isReset) {
    mkdirSync(home.backups, { recursive: true, mode: 0o700 });
    const stamp = new Date().toISOString().replace(/[:.]/g, "-");
    const backup = join(home.backups, `config-${stamp}.json`);
    writePrivateFile(backup, text);
    writePrivateFile(home.config, freshConfig);
    await io.write(`✓ Config reset to defaults; the old one is ${backup}\n`);
    return;
  }
  await io.write(`✓ Config already exists at ${home.config} (existing values preserved)\n`);
  try {
    const { notices } = await loadConfig(home.config, environment);
    for (const notice of notices) await io.writeError(`${notice}\n`);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await io.writeError(await formatProblem(explain(error), io));
  }
}

/** The owner's own group is there from the first use. */
async function prepareMain({ home }: LoginPlace, io: CommandIo, signal: AbortSignal): Promise<void> {
  // First, for a home with groups but no database is taken for one that was lost.
  await using _store = await openStore({ folder: home.root, clock: systemClock }, signal);
  const paths = groupPaths(home, "main");
  const isNew = !existsSync(paths.workspace);
  const created = createGroupFolder(paths);
  if (isNew) await io.write(`✓ Created workspace at ${paths.workspace}\n`);
  for (const name of created) await io.write(`  Created ${name}\n`);
}

interface Context {
  readonly place: LoginPlace;
  readonly io: CommandIo;
  readonly effects: LoginEffects;
  readonly language: Language;
}

/** A sentence that says what answers from now on; nothing when nobody can be asked. */
async function findModel(
  wanted: OnboardArguments,
  { place, io, effects, language }: Context,
  signal: AbortSignal,
): Promise<string | undefined> {
  const phrases = language.phrases.login;
  const write = (text: string): Promise<void> => io.write(text);
  switch (wanted.way) {
    case "demo":
      await saveDemo(place);
      return phrases.demoAnswers;
    case "key": {
      const key = parseKey(new TextDecoder().decode(await io.readAllInput(signal)));
      const provider = wanted.provider ?? recogniseKey(key.open())?.name;
      if (provider !== undefined) {
        return describeSaved(await saveKey(place, { ...wanted, provider }, key, effects, signal), phrases);
      }
      throw new AppError("usage", loginWords.nameless());
    }
    case "openrouter":
      return describeSaved(
        await signInWithOpenRouter({ place, effects, write, language, model: wanted.model }, signal),
        phrases,
      );
    case "local":
      return takeLocal(wanted, place, effects, signal);
    case "settings":
      await saveWishes(place, wanted);
      return describeModel(await findConfigured(place));
    case "ask": {
      const model = await findConfigured(place);
      if (model !== undefined) return describeModel(model);
      if (!io.isTerminal.input || !io.isTerminal.output) return undefined;
      return runFirstScreen(
        { place, effects, write: (text) => write(wrapLines(text, io.columns)), language },
        signal,
      );
    }
    default:
      return wanted.way satisfies never;
  }
}

async function takeLocal(
  wanted: Wishes,
  place: LoginPlace,
  effects: LoginEffects,
  signal: AbortSignal,
): Promise<string> {
  if (wanted.apiBase !== undefined && wanted.model !== undefined) {
    const name = wanted.provider ?? "vllm";
    await saveWishes(place, { provider: name, apiBase: wanted.apiBase, model: wanted.model });
    return `${wanted.model} at ${wanted.apiBase} answers.`;
  }
  const servers = await effects.findLocalServers(signal);
  const server = servers.find(
    ({ name, apiBase, models }) =>
      (wanted.provider ?? name) === name &&
      (wanted.apiBase ?? apiBase) === apiBase &&
      (wanted.model === undefined ? models.length > 0 : models.includes(wanted.model)),
  );
  const model = wanted.model ?? server?.models[0];
  if (server !== undefined && model !== undefined) {
    await saveLocalServer(place, server, model);
    return `${model} from ${server.label} answers.`;
  }
  const found = servers
    .map(({ label, models }) => `${label} (${models.join(", ") || "no model"})`)
    .join("; ");
  throw new AppError("not-found", loginWords.noLocalServer({ found }));
}

async function findConfigured(place: LoginPlace): Promise<ResolvedModel | undefined> {
  try {
    const { config } = await loadConfig(place.home.config, place.environment);
    const model = resolveModel({ config, keyring: await toKeyring(place) });
    return model.chosenBy === "nothing" ? undefined : model;
  } catch (error) {
    // The configuration has been explained already, and a missing key is what this command is here to mend.
    if (error instanceof AppError && (error.code === "no-key" || error.code === "config")) return undefined;
    throw error;
  }
}

function describeModel(model: ResolvedModel | undefined): string | undefined {
  return model === undefined ? undefined : `${model.model} from ${model.label} answers.`;
}
