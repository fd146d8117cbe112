import type { ChannelLinking } from "../channels/linking.ts";
import type { ChannelSetup, CheckedAccount, SetupPart } from "../channels/setup.ts";
import { drawQrCode } from "../channels/terminal/qr/draw-qr.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { systemClock } from "../clock.ts";
import { loadConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import { findHome, type HomePaths } from "../home.ts";
import { answers } from "../operations/service/background.ts";
import { createPairingCode, type PairingCode } from "../people/create-pairing-code.ts";
import type { Secret } from "../secret.ts";
import { openMemory } from "../store/channel-memory.ts";
import type { Store } from "../store/store.ts";
import { channelWords } from "../words/english/channel.ts";
import type { ParsedArguments } from "./arguments.ts";
import { createAskPerson, type AskPerson } from "./ask-person.ts";
import {
  findChannelName,
  hasSecrets,
  loadLinking,
  loadSetup,
  withSecrets,
  type ChannelName,
} from "./channel-place.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { keepChannel } from "./keep-channel.ts";
import { allow, allowIn, openOwnStore } from "./own-store.ts";
import { hasColor } from "./style.ts";
import { toJson } from "./to-json.ts";
import { wrapLines } from "./wrap-text.ts";

/** What of the machine the command touches beside its files. */
export interface AddEffects {
  readonly ask: AskPerson | undefined;
  readonly installService: (signal: AbortSignal) => Promise<void>;
}

/** From nothing to talking: its tokens, checked live and sealed; a code to scan that makes its owner; a gateway that runs. */
export async function runChannelsAdd(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
  effects: AddEffects = createEffects(io),
): Promise<ExitCode> {
  const name = findChannelName(args.words[0] ?? "");
  const linking = await loadLinking(name);
  if (linking !== undefined) {
    await runLinking(name, linking, args, io, signal);
    if (!args.has("json")) await seeToGateway(findHome(io.env), io, effects, signal);
    return 0;
  }
  const setup = await loadSetup(name);
  const home = findHome(io.env);
  await using store = await openOwnStore(io, signal);
  for (const secret of setup.secrets) await allow(store, "secret.write", `set ${secret.name}`);
  await allow(store, "config.write", `channels.${name}`);
  const { config } = await loadConfig(home.config, io.env);
  const answered = args.has("token-stdin")
    ? {}
    : await askQuestions({ setup, part: { ...config.channels[name] } }, effects, signal);
  const tokens = await readTokens(name, setup, args, io, effects, signal);
  const account = await setup.check(
    { config: withSecrets(config, name, { ...answered, ...tokens }), clock: systemClock },
    signal,
  );
  await account.begin(
    openMemory(store.database, name, () => "default"),
    signal,
  );
  await keepChannel({ home, name, answered, secrets: setup.secrets, tokens }, io);
  if (!args.has("json")) {
    await tell(
      io,
      [
        `✓ ${account.address} answers (${sanitizeLine(account.name)})`,
        `✓ ${toKept(setup)}; the channel is on`,
        ...account.notes.map((note) => `  ${note.says}`),
        "",
      ].join("\n"),
    );
  }
  await invite({ store, name, account, home }, args, io);
  if (!args.has("json")) await seeToGateway(home, io, effects, signal);
  return 0;
}

/** A new code, for the owner of a channel that is set up; or a telephone linked anew. */
export async function runChannelsLogin(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const name = findChannelName(args.words[0] ?? "");
  const linking = await loadLinking(name);
  if (linking !== undefined) {
    await runLinking(name, linking, args, io, signal);
    return 0;
  }
  const setup = await loadSetup(name);
  const home = findHome(io.env);
  const { config } = await loadConfig(home.config, io.env);
  if (!hasSecrets(config, name, setup.secrets))
    throw new AppError("not-found", channelWords.notSetUp({ name }));
  await using store = await openOwnStore(io, signal);
  const account = await setup.check({ config, clock: systemClock }, signal);
  if (account.toInvitation === undefined) throw new AppError("usage", channelWords.knowsNobody({ name }));
  await invite({ store, name, account, home }, args, io);
  return 0;
}

async function runLinking(
  name: ChannelName,
  linking: ChannelLinking,
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<void> {
  const { linkChannel } = await import("./channels-link.ts");
  await linkChannel(name, linking, args, io, signal);
}

function toKept({ secrets }: ChannelSetup): string {
  const names = secrets.map(({ name }) => name).join(" and ");
  return secrets.length === 1
    ? `Its token is kept, sealed, as ${names}`
    : `Its tokens are kept, sealed, as ${names}`;
}

/** What to do there, and then each token: typed unseen, or all from a pipe. By their keys. */
async function readTokens(
  name: ChannelName,
  { secrets }: ChannelSetup,
  args: ParsedArguments,
  io: CommandIo,
  { ask }: AddEffects,
  signal: AbortSignal,
): Promise<Readonly<Record<string, Secret>>> {
  const piped = args.has("token-stdin") ? new TextDecoder().decode(await io.readAllInput(signal)) : undefined;
  if (piped === undefined && ask === undefined) throw new AppError("usage", channelWords.noToken({ name }));
  const tokens: Record<string, Secret> = {};
  for (const secret of secrets) {
    if (piped === undefined) await io.writeError(wrapLines(secret.steps, io.columns));
    const typed = piped ?? (await ask?.((prompt) => prompt.secret(`${secret.label}: `, signal))) ?? "";
    tokens[secret.key] = secret.parse(typed);
  }
  return tokens;
}

/** What the configuration has to know before a token is of any use. */
async function askQuestions(
  { setup, part }: { readonly setup: ChannelSetup; readonly part: SetupPart },
  { ask }: AddEffects,
  signal: AbortSignal,
): Promise<SetupPart> {
  const answered: Record<string, unknown> = {};
  if (ask === undefined) return answered;
  for (const question of setup.questions ?? []) {
    const known = { ...part, ...answered };
    const typed = await ask((prompt) => prompt.line(question.ask(known), signal));
    Object.assign(answered, question.parse(typed.trim(), known));
  }
  return answered;
}

interface Invitation {
  readonly store: Store;
  readonly name: ChannelName;
  readonly account: CheckedAccount;
  readonly home: HomePaths;
}

async function invite(
  { store, name, account }: Invitation,
  args: ParsedArguments,
  io: CommandIo,
): Promise<void> {
  const { toInvitation } = account;
  if (toInvitation === undefined) {
    if (args.has("json")) await io.write(toJson({ channel: name, ...toReport(account) }));
    return;
  }
  const pairing = await store.database.transaction(async (tx): Promise<PairingCode> => {
    await allowIn(tx, "people.pair", "owner");
    return await createPairingCode(tx, { grant: { makes: "owner" }, now: systemClock.now() });
  });
  const { link, says, thenSays } = toInvitation(pairing.code);
  if (args.has("json")) {
    return await io.write(toJson({ channel: name, ...toReport(account), link, ...pairing }));
  }
  const isColored = hasColor(io, "output");
  const drawn = io.isTerminal.output
    ? drawQrCode(link, { columns: io.columns, hasColor: isColored })
    : undefined;
  await tell(io, `\n${says}\n\n`);
  if (drawn !== undefined) await io.write(`${drawn}\n`);
  await io.write(`  ${link}\n`);
  if (thenSays !== undefined) await tell(io, `\n${thenSays}\n`);
  await tell(io, "\nIt counts once, within 15 minutes, for whoever is first: show it to nobody.\n");
}

function toReport({ address, notes }: CheckedAccount): {
  readonly address: string;
  readonly notes: readonly string[];
} {
  return { address, notes: notes.map((note) => note.name) };
}

/** Words, broken where they may be; a picture or a link never is. */
async function tell(io: CommandIo, text: string): Promise<void> {
  await io.write(wrapLines(text, io.columns));
}

async function seeToGateway(
  home: HomePaths,
  io: CommandIo,
  { ask, installService }: AddEffects,
  signal: AbortSignal,
): Promise<void> {
  if (await answers(home.socket)) {
    return await io.write("✓ The gateway that runs serves it from now on.\n");
  }
  if (ask === undefined)
    return await io.write("Its messages are read while a gateway runs: nanoclaw gateway\n");
  const choices = ["Run the gateway as a service, from now on", "I start it myself: nanoclaw gateway"];
  const choice = await ask((prompt) =>
    prompt.choose("Its messages are read while a gateway runs.", choices, signal),
  );
  if (choice === 0) await installService(signal);
  else await io.write("Start it before you write to it: nanoclaw gateway\n");
}

function createEffects(io: CommandIo): AddEffects {
  return {
    ask: createAskPerson(io),
    async installService(signal) {
      const [{ runServiceVerb }, { ParsedArguments: Arguments }] = await Promise.all([
        import("./manage-service.ts"),
        import("./arguments.ts"),
      ]);
      const none = new Arguments([], [], new Map([["manager", []]]));
      await runServiceVerb("install", none, io, signal);
    },
  };
}
