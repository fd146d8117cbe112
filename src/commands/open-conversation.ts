import { mark } from "../trace.ts";
import { createTerminalOwner } from "../authority/actor.ts";
import { createAuthority } from "../authority/authority.ts";
import { systemClock } from "../clock.ts";
import { loadConfig, type Config } from "../config.ts";
import type { ApprovalCards } from "../turns/approval-cards.ts";
import type { ConversationOptions } from "../turns/conversation.ts";
import { createGroupMemoryTools } from "../turns/memory-tools.ts";
import { createWebAccess } from "../turns/web-access.ts";
import type { MoreTools } from "../turns/session-tools.ts";
import { GroupConversation } from "../turns/group-conversation.ts";
import type { ModelInUse } from "../turns/model-in-use.ts";
import { createGroupTaskTools } from "../turns/task-tools.ts";
import { prepareGroup } from "../groups/prepare-group.ts";
import { findHome, groupPaths, prepareHome, type HomePaths } from "../home.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { toSandboxPaths } from "../sandbox/sandbox-paths.ts";
import { readSecret } from "../secrets.ts";
import type { KeepFiles, TurnSnapshotsOptions } from "../snapshots/turn-snapshots.ts";
import { readGroupChoice } from "../store/group-choice.ts";
import { getGroup, mainGroup, type Group } from "../store/groups.ts";
import { readOwnHolder } from "../store/holder.ts";
import { openStore, type Store } from "../store/store.ts";
import type { CommandIo } from "./command-io.ts";
import { createDecode } from "./create-decode.ts";
import { composeWeb } from "./compose-web.ts";
import { findModel, openModel } from "./model.ts";
import type { FolderPlace } from "../mounts/folder-place.ts";
import { chooseMounts } from "../mounts/shared-folders.ts";
import { readConfig } from "./read-config.ts";
import { findTimeZone } from "./time-zone.ts";
import { watchDisk } from "./watch-disk.ts";

/** One on this machine's own store, whether a gateway runs or not. */
export async function openAlone(
  options: ConversationOptions,
  io: CommandIo,
  signal: AbortSignal,
): Promise<GroupConversation> {
  const home = findHome(io.env);
  await prepareHome(home.root);
  mark("home");
  const config = await readConfig(home, io);
  mark("config");
  await using scope = new AsyncDisposableStack();
  const { sandboxes, onFull } = watchDisk(io);
  const store = scope.use(await openStore({ folder: home.root, clock: systemClock, onFull }, signal));
  mark("store");
  const belongings = (): AsyncDisposable => scope.move();
  return await composeConversation(options, { home, config, store, io, sandboxes, belongings }, signal);
}

export interface ConversationPlace {
  readonly home: HomePaths;
  readonly config: Config;
  readonly store: Store;
  readonly io: CommandIo;
  /** All that are open: `watchDisk` ends what runs in them. */
  readonly sandboxes: Set<Sandbox>;
  /** What is closed with the conversation; handed over when there is one. */
  readonly belongings?: () => AsyncDisposable;
  /** Those who are answered stand in no folder of this machine. */
  readonly isForChats?: boolean;
  /** What the group's assistant reaches beside its sandbox, while a gateway runs. */
  readonly moreTools?: (group: Group) => Promise<MoreTools>;
  /** Where the owner is asked what they need his yes for. */
  readonly cards?: ApprovalCards;
  /** The gateway's own conversations tell its scheduler; others have none to tell. */
  readonly tasksChanged?: () => void;
}

/** A group's conversation of store, model, folders, sandbox. */
export async function composeConversation(
  options: ConversationOptions,
  {
    home,
    config,
    store,
    io,
    sandboxes,
    belongings,
    isForChats = false,
    moreTools,
    cards,
    tasksChanged,
  }: ConversationPlace,
  signal: AbortSignal,
): Promise<GroupConversation> {
  await using scope = new AsyncDisposableStack();
  const known = await getGroup(store.database, options.group ?? mainGroup);
  const paths = groupPaths(home, known.name);
  const group = await prepareGroup(known, home, store);

  mark("group");
  const wanted = options.model ?? (await readGroupChoice(store.database, group.id, "model"));
  const model = await chooseModel(
    wanted === undefined ? options : { ...options, model: wanted },
    { home, config, isForChats },
    io,
    signal,
  );
  mark("model");
  const place = toFolderPlace(store, group, home, io);
  const { mounts, isHereShared, readHiddenNames, giveBack } = await chooseMounts(
    {
      folders: options.folders,
      currentFolder: options.currentFolder,
      ...(options.askAboutFolder === undefined ? {} : { ask: options.askAboutFolder }),
    },
    place,
    signal,
  );
  scope.defer(giveBack);
  mark("folders");
  const timeZone = await findTimeZone(io.env);
  const decode = createDecode({ config, group, home });
  return new GroupConversation({
    store,
    authority: createAuthority({ database: store.database, clock: systemClock }),
    clock: systemClock,
    holder: await readOwnHolder(),
    timeZone,
    actor: createTerminalOwner(place.uid, group.name),
    group,
    folder: paths.root,
    ...(options.session === undefined ? {} : { sessionName: options.session }),
    model,
    ...(wanted === undefined ? {} : { modelName: wanted }),
    // The configuration may have changed meanwhile, by /login for one.
    findModel: async (name) => {
      const { config: fresh } = await loadConfig(home.config, io.env);
      const found = await findModel({ home, config: fresh, environment: io.env }, name, signal);
      return await openModel(found, { home, config: fresh }, systemClock, options.thinking);
    },
    limits: toLimits(config),
    budget: config.limits,
    shortenAt: config.agents.defaults.contextWindow * config.agents.defaults.compactionThreshold,
    mounts,
    isHereShared: isHereShared || isForChats,
    paths: toSandboxPaths({ mounts }),
    openSandbox: async (session, network) => {
      const { openSandbox } = await import("../sandbox/open-sandbox.ts");
      const { toSandboxLimits } = await import("../sandbox/limits.ts");
      const { keepReserve } = await import("../store/reserve.ts");
      keepReserve(home.root);
      const sandbox = await openSandbox(config.sandbox.runtime, {
        uid: group.uid,
        workspace: paths.workspace,
        home: paths.home,
        temporary: `${paths.temporary}/${session}`,
        mounts,
        network,
        limits: toSandboxLimits(config.sandbox),
        readHiddenNames,
      });
      sandboxes.add(sandbox);
      return {
        paths: sandbox.paths,
        spawn: (argv, call) => sandbox.spawn(argv, call),
        async [Symbol.asyncDispose]() {
          sandboxes.delete(sandbox);
          await sandbox[Symbol.asyncDispose]();
        },
      };
    },
    cards,
    readSecret: async (name) => await readSecret(home.secrets, name),
    mostJobs: config.sandbox.limits.jobs,
    moreTools: joinTools(
      createGroupMemoryTools(store, group, systemClock),
      await loadMailAccess(config.tools.mailbox, group),
      createWebAccess(composeWeb({ config, group, home, store, environment: io.env })),
      createGroupTaskTools({
        store,
        group,
        clock: systemClock,
        zone: timeZone.name,
        ...(tasksChanged === undefined ? {} : { changed: tasksChanged }),
      }),
      await moreTools?.(group),
    ),
    keepFiles: keepLazily({ store, group, folder: paths.snapshots, mounts, log: options.log }),
    openUndo: async (jobs, actor) => {
      const { composeUndo } = await import("./compose-undo.ts");
      return await composeUndo(place, config.sandbox.runtime, jobs, actor);
    },
    readDocument: async (name, bytes, stop) =>
      (await decode({ url: name, contentType: "", bytes }, stop)).text,
    probeSandbox: async (probeSignal) => {
      const { loadSandboxRuntime } = await import("../sandbox/registry.ts");
      const runtime = await loadSandboxRuntime(config.sandbox.runtime);
      return { name: runtime.name, ...(await runtime.probe(probeSignal)) };
    },
    sawUntrusted: options.sawUntrusted,
    currentFolder: options.currentFolder,
    homeFolder: io.env["HOME"] ?? "/",
    belongings: own(scope, belongings),
    log: options.log,
  });
}

/** What is open for the conversation, and what the caller hands over with it. */
function own(scope: AsyncDisposableStack, belongings: ConversationPlace["belongings"]): AsyncDisposable {
  const owned = new AsyncDisposableStack();
  if (belongings !== undefined) owned.use(belongings());
  owned.use(scope.move());
  return owned;
}

/** Always in this order: the prompt's cached prefix depends on it. */
/** Only for the groups that the owner named: the others have no such tool, and load none. */
async function loadMailAccess(
  mailbox: Config["tools"]["mailbox"],
  { name }: Group,
): Promise<MoreTools | undefined> {
  if (!mailbox.groups.includes(name)) return undefined;
  const { createMailAccess } = await import("../turns/mail-access.ts");
  return createMailAccess({ mailbox, clock: systemClock });
}

function joinTools(...all: readonly (MoreTools | undefined)[]): MoreTools {
  return (party) => all.flatMap((each) => each?.(party) ?? []);
}

/** The group and the machine, for the rules of what may be shared. */
export function toFolderPlace(store: Store, group: Group, home: HomePaths, io: CommandIo): FolderPlace {
  return {
    store,
    group,
    clock: systemClock,
    uid: process.getuid?.() ?? 0,
    tell: (text) => io.writeError(`nanoclaw: ${text}\n`),
    home: io.env["HOME"] ?? "/",
    dataFolder: home.root,
    programFolder: programFolder(),
    environment: io.env,
  };
}

/** Nothing of it is loaded for a turn that writes nothing. */
function keepLazily({
  store: { database },
  ...options
}: Omit<TurnSnapshotsOptions, "database" | "clock"> & { readonly store: Store }): KeepFiles {
  let keep: KeepFiles | undefined;
  return async (turn, signal) => {
    const { createKeepFiles } = await import("../snapshots/turn-snapshots.ts");
    keep ??= createKeepFiles({ ...options, database, clock: systemClock });
    await keep(turn, signal);
  };
}

/** Without a model a person at a terminal is offered one; where nobody can answer, the demo serves and says so. */
async function chooseModel(
  { model: wanted, thinking }: Pick<ConversationOptions, "model" | "thinking">,
  { home, config, isForChats }: Pick<ConversationPlace, "home" | "config" | "isForChats">,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ModelInUse> {
  const place = { home, config, environment: io.env };
  let resolved = await findModel(place, wanted, signal);
  // Whoever serves chats is not asked in the middle of it; the demo says in a chat what it is.
  if (resolved.chosenBy === "nothing" && isForChats !== true && io.isTerminal.input && io.isTerminal.error) {
    const [{ offerModel }, { wrapLines }] = await Promise.all([
      import("./offer-model.ts"),
      import("./wrap-text.ts"),
    ]);
    await io.writeError(wrapLines(`✓ ${await offerModel(home, io, signal)}\n\n`, io.columns));
    resolved = await findModel({ ...place, config: await readConfig(home, io) }, wanted, signal);
  }
  if (resolved.chosenBy === "nothing") {
    const { demoNotice } = await import("../providers/resolve.ts");
    await io.writeError(`nanoclaw: ${demoNotice}\n`);
  }
  if (resolved.chosenBy === "local") {
    await io.writeError(
      `nanoclaw: using ${resolved.model} from ${resolved.label} on this machine (${resolved.apiBase}).\n`,
    );
  }
  return await openModel(resolved, { home, config }, systemClock, thinking);
}

function toLimits({ limits, agents }: Config) {
  const { contextWindow, maxTokens } = agents.defaults;
  return {
    // A window that an answer would fill alone leaves at least its half to what is read.
    contextTokens: Math.max(contextWindow - maxTokens, contextWindow / 2),
    steps: limits.steps,
    durationMs: limits.seconds * 1000,
    tokens: limits.tokens,
    bytes: limits.bytes,
    callsPerStep: 32,
    repeats: 5,
  };
}

/** Compiled, the folder of the executable; from source, the folder of the project. */
function programFolder(): string {
  const path = import.meta.dir.startsWith("/$bunfs")
    ? process.execPath
    : import.meta.dir.replace(/\/src\/commands$/, "/src");
  return path.slice(0, path.lastIndexOf("/"));
}
