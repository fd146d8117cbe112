import { channels } from "../channels/registry.ts";
import { systemClock } from "../clock.ts";
import { loadConfig, type Config } from "../config.ts";
import type { ApprovalCards } from "../turns/approval-cards.ts";
import { AttachedSession } from "../control/attached-session.ts";
import { createChatSpeech } from "../outgoing/chat-speech.ts";
import { ControlServer } from "../control/control-server.ts";
import { Conversations } from "../gateway/conversations.ts";
import type { ChannelEntry } from "../gateway/channel-entry.ts";
import { Gateway } from "../gateway/gateway.ts";
import type { GroupConversation } from "../turns/group-conversation.ts";
import { listLateSettings } from "../gateway/late-settings.ts";
import { stampConfig } from "../gateway/config-stamp.ts";
import { watchConfig } from "../gateway/watch-config.ts";
import { findHome, groupPaths, prepareHome, type HomePaths } from "../home.ts";
import { openKeyring } from "../keyring.ts";
import { createLog, joinLogs, type Log } from "../log.ts";
import { openLogFile, type LogFile } from "../log-file.ts";
import { keepDailyBackups } from "../operations/backup/daily.ts";
import { watchIdle } from "../gateway/idle-watch.ts";
import { keepTidy } from "../operations/tidy.ts";
import { findRunningProgram, toCommandWords } from "../operations/service/running-program.ts";
import { Secret } from "../secret.ts";
import { readSecret, writeSecret } from "../secrets.ts";
import { readGroupChoice } from "../store/group-choice.ts";
import type { Group } from "../store/groups.ts";
import { readOwnHolder } from "../store/holder.ts";
import { listGroups } from "../store/groups.ts";
import { wasAskedToEnd } from "../notices/was-asked-to-end.ts";
import { openStore } from "../store/store.ts";
import { TaskZones } from "../scheduler/task-zone.ts";
import { loadLanguage } from "../words/load-language.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandContext } from "./command.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { createChatDesk } from "./chat-desk.ts";
import { tellBackup, tellConfig, toAlivePath, watchHealth } from "./gateway-health.ts";
import type { ReachOptions } from "../reach/reach-options.ts";
import { Spool } from "../gateway/spool.ts";
import type { composeConversation, ConversationPlace } from "./open-conversation.ts";
import { readConfig } from "./read-config.ts";
import { findTimeZone } from "./time-zone.ts";
import { readAllSecrets } from "./read-secrets.ts";
import { allow } from "./own-store.ts";
import { version } from "./version.ts";
import { watchDisk } from "./watch-disk.ts";

/** A little more than the gateway itself gives what runs. */
const patienceMs = 9_500;
/** What the system takes as the path of a socket. */
const longestSocket = 103;
const tokenName = "NANOCLAW_GATEWAY_TOKEN";

/** Serves until it is told to stop. `more` are channels beside those of the registry. */
export async function runGatewayCommand(
  args: ParsedArguments,
  io: CommandIo,
  context: Pick<CommandContext, "endsBySignal">,
  signal: AbortSignal,
  more: Readonly<Record<string, ChannelEntry>> = {},
): Promise<ExitCode> {
  const began = performance.now();
  context.endsBySignal?.(patienceMs);
  const home = findHome(io.env);
  await prepareHome(home.root);
  await using scope = new AsyncDisposableStack();
  const since = await stampConfig(home.root);
  const config = await readConfig(home, io);
  const log = createGatewayLog(args, io, scope.use(openLogFile({ path: `${home.logs}/gateway.log` })));
  const { sandboxes, onFull } = watchDisk(io);
  let onNoRoom = (): void => {};
  const store = scope.use(
    await openStore({ folder: home.root, clock: systemClock, onFull, onNoRoom: () => onNoRoom() }, signal),
  );
  const language = await loadLanguage(io.env);
  let current = config;
  const reach: ReachOptions = {
    store,
    home,
    clock: systemClock,
    readHolder: readOwnHolder,
    phrases: language.phrases.chat,
    findChannel: (address) => gateway.findChannel(address),
    spool: new Spool(home.spool),
    wake: (chat) => gateway.outbox.wake(chat),
    checkModel: async (name, stop) => {
      const { findModel } = await import("./model.ts");
      await findModel({ home, config: current, environment: io.env }, name, stop);
    },
    onChange: () => regroup(),
    health: () => gateway.health(),
    examine: async (stop) => {
      const { listFindings } = await import("./doctor.ts");
      return await listFindings(io, stop);
    },
  };
  const place = (): ConversationPlace => ({
    home,
    config: current,
    store,
    io,
    sandboxes,
    moreTools: async (group) => (await import("../reach/reach.ts")).createReach(reach)(group),
  });
  const cards: ApprovalCards = {
    post: (tx, approval, group) => gateway.approvals.post(tx, approval, group),
    posted: (chat) => gateway.approvals.posted(chat),
  };
  const conversations = scope.use(
    new Conversations((group, session) =>
      compose(
        {
          group: group.name,
          ...(session === undefined ? {} : { session }),
          folders: [],
          currentFolder: home.root,
          sawUntrusted: false,
          log,
        },
        { ...place(), isForChats: true, cards, tasksChanged: () => gateway.tasks.wake() },
        signal,
      ),
    ),
  );
  const holder = await readOwnHolder();
  const timeZone = await findTimeZone(io.env);
  const zones = new TaskZones(timeZone.name);
  const converse = async (group: Group): Promise<GroupConversation> => {
    const conversation = await conversations.get(group);
    await conversation.followModel(await readGroupChoice(store.database, group.id, "model"));
    return conversation;
  };
  const token = config.gateway.token ?? (await findToken(home));
  const gateway = scope.use(
    await Gateway.open({
      store,
      clock: systemClock,
      timeZone,
      random: Math.random,
      holder,
      uid: process.getuid?.() ?? 0,
      config,
      token,
      channels: { ...channels, ...more },
      program: { command: toCommandWords(findRunningProgram()), plugins: home.plugins },
      openConversation: converse,
      transcribe: async (recording, stop) => {
        const { createTranscribe } = await import("../incoming/transcribe.ts");
        const keyring = await openKeyring({ environment: io.env, secretsPath: home.secrets });
        return await createTranscribe(current, keyring, log)(recording, stop);
      },
      desk: {
        ...createChatDesk({ place, io, converse }),
        tasks: async (group) => {
          const { listTaskLines } = await import("../scheduler/list-task-lines.ts");
          return await listTaskLines(store.database, group.id, zones);
        },
      },
      phrases: language.phrases,
      speech: createChatSpeech(language),
      readSecrets: () => readAllSecrets(home, current, io.env, token),
      zone: timeZone.name,
      openTask: async (group, session) =>
        await conversations.openTask(
          group,
          session,
          await readGroupChoice(store.database, group.id, "model"),
        ),
      isAfterStop: wasAskedToEnd(toAlivePath(home)),
      readHeartbeat: (group) => readHeartbeat(groupPaths(home, group.name).heartbeat),
      log,
    }),
  );
  const regroup = async (): Promise<void> => {
    conversations.refresh();
    await conversations.keepOnly(await listGroups(store.database));
    await gateway.outbox.wakeAll();
  };
  if (Buffer.byteLength(home.socket) > longestSocket) {
    log.warn("the data folder's path is too long for a socket: the terminal works beside the gateway");
  } else {
    scope.use(
      new ControlServer({
        path: home.socket,
        log,
        openSession: () =>
          new AttachedSession({
            store,
            queue: gateway.queue,
            allow: (call) => allow(store, "control.call", call),
            wake: (group) => gateway.wake(group),
            regroup,
            openConversation: (options, tell, stop) =>
              compose({ ...options, log }, { ...place(), io: toAttachedIo(io, tell) }, stop),
          }),
      }),
    );
  }
  onNoRoom = () => gateway.disk.noteFull();
  await gateway.start();
  // It was read just now.
  tellConfig(gateway, undefined);
  scope.use(await watchHealth(gateway, { home, holder, log }, signal));
  scope.use(
    watchConfig({
      folder: home.root,
      since,
      clock: systemClock,
      log,
      load: async () => (await loadConfig(home.config, io.env)).config,
      apply: async (changed) => {
        current = changed;
        const late = listLateSettings(config, changed);
        if (late.length > 0) {
          log.warn("what was changed counts when the gateway is started again", {
            settings: late.join(", "),
          });
        }
        conversations.refresh();
        await gateway.configure(changed);
      },
      onOutcome: (problem) => tellConfig(gateway, problem),
    }),
  );
  scope.use(
    keepDailyBackups({
      program: toCommandWords(findRunningProgram()),
      environment: { PATH: "/usr/bin:/bin", HOME: io.env["HOME"] ?? "/", NANOCLAW_HOME: home.root },
      clock: systemClock,
      log,
      onOutcome: (outcome) => tellBackup(gateway, outcome),
    }),
  );
  scope.use(
    watchIdle({
      store,
      clock: systemClock,
      idleHours: () => current.agents.defaults.idleHours,
      rest: async (group, stop) =>
        await gateway.queue.run(group, "tasks", async (stopped) => {
          const { restConversation } = await import("../gateway/rest-conversation.ts");
          const either = AbortSignal.any([stop, stopped]);
          await restConversation(group, { store, uid: process.getuid?.() ?? 0, converse, log }, either);
        }),
      log,
    }),
  );
  scope.use(keepTidy({ store, clock: systemClock, retention: () => current.retention, log }));
  log.info("gateway serves", { version, port: gateway.server.port, channels: gateway.channels });
  await tellReady(args, io, gateway, config, performance.now() - began);
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
  log.info("gateway stops");
  const turns = gateway.queue.runningCount;
  const words = `nanoclaw: ${language.phrases.operations.stopping({ turns })}\n`;
  // A terminal that is gone keeps nothing from its end.
  if (turns > 0) await io.writeError(words).catch(() => {});
  // As long as those are attached whose turns may end meanwhile.
  await gateway.stop();
  return 0;
}

async function tellReady(
  args: ParsedArguments,
  io: CommandIo,
  gateway: Gateway,
  config: Config,
  ms: number,
): Promise<void> {
  const { groups } = await gateway.describe();
  const { host } = config.gateway;
  const address = `http://${host.includes(":") ? `[${host}]` : host}:${gateway.server.port}`;
  const readyMs = Math.round(ms);
  if (args.has("json")) {
    const facts = { type: "ready", version, address, channels: gateway.channels, groups, readyMs };
    return await io.write(`${JSON.stringify(facts)}\n`);
  }
  await io.write(
    [
      `nanoclaw ${version} serves ${address} (ready in ${readyMs} ms)`,
      `  Channels  ${gateway.channels.join(", ") || "none: see nanoclaw config"}`,
      `  Groups    ${groups.join(", ")}`,
      "  Ctrl-C stops it; nothing is lost.",
      "",
    ].join("\n"),
  );
}

/** Lines for a person at a terminal, JSON elsewhere; what needs someone is always said. All of it goes into the file. */
function createGatewayLog(args: ParsedArguments, io: CommandIo, file: LogFile): Log {
  const isTold = args.has("logs");
  const common = { now: Date.now };
  return joinLogs(
    createLog({
      ...common,
      level: isTold ? "debug" : "warn",
      write: (line) => void io.writeError(line).catch(() => {}),
      pretty: io.isTerminal.error,
    }),
    createLog({ ...common, level: isTold ? "debug" : "info", write: (line) => file.write(line) }),
  );
}

/** Loaded with the first turn: a gateway that waits holds little. */
const compose: typeof composeConversation = async (options, place, signal) => {
  const { composeConversation } = await import("./open-conversation.ts");
  return await composeConversation(options, place, signal);
};

const longestHeartbeat = 32_000;

/** The owner's file: it lies outside of what a sandbox writes. */
async function readHeartbeat(path: string): Promise<string> {
  const file = Bun.file(path);
  return (await file.exists()) ? await file.slice(0, longestHeartbeat).text() : "";
}

/** Made at the first start, and kept with the other secrets. */
async function findToken({ secrets }: HomePaths): Promise<Secret> {
  const known = await readSecret(secrets, tokenName);
  if (known !== undefined) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  const token = new Secret(Buffer.from(bytes).toString("base64url"));
  await writeSecret(secrets, tokenName, token);
  return token;
}

/** Prints the token, for scripts. */
export async function runGatewayToken(io: CommandIo): Promise<ExitCode> {
  const home = findHome(io.env);
  await prepareHome(home.root);
  const config = await readConfig(home, io);
  await io.write(`${(config.gateway.token ?? (await findToken(home))).open()}\n`);
  return 0;
}

/** What a conversation says to the person goes to where he sits. */
function toAttachedIo(io: CommandIo, tell: (text: string) => void): CommandIo {
  return {
    ...io,
    env: io.env,
    isTerminal: { input: false, output: false, error: false },
    writeError: async (text) => tell(text),
  };
}
