import { clean } from "../authority/taint.ts";
import { createTerminalOwner } from "../authority/actor.ts";
import { createAuthority, decideIn } from "../authority/authority.ts";
import type { Channel, CreateChannel, ProgramParts } from "../channels/channel.ts";
import type { Clock, TimeZone } from "../clock.ts";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { codeLimits } from "../people/take-code.ts";
import type { NamedSecret } from "../egress/secret-finder.ts";
import type { Secret } from "../secret.ts";
import { claimAllowedName } from "../store/allowed-names.ts";
import { openMemory } from "../store/channel-memory.ts";
import { type ChatAddress } from "../store/chats.ts";
import { leaveGateway, takeGateway } from "../store/gateway-lock.ts";
import { listGroups, type Group } from "../store/groups.ts";
import { isProcessAlive, type Holder } from "../store/holder.ts";
import { type GroupId, type MessageId } from "../store/ids.ts";
import { findMessage } from "../store/messages.ts";
import { listOpenChats } from "../store/replies.ts";
import type { Store } from "../store/store.ts";
import { ChatCommands } from "../slash/chat-commands.ts";
import type { ChatDesk } from "../slash/chat-desk.ts";
import { toMenu } from "../slash/menu.ts";
import type { Phrases } from "../words/english/phrases.ts";
import { gatewayWords } from "../words/english/gateway.ts";
import { isSamePart } from "./is-same-part.ts";
import { within } from "./within.ts";
import { isLoopback, WebServer } from "../web/server.ts";
import { ChannelWatch } from "../notices/channel-watch.ts";
import { ApprovalDesk } from "./approval-desk.ts";
import { toRouteAction, type ChannelEntry } from "./channel-entry.ts";
import type { ChatSpeech } from "../outgoing/chat-speech.ts";
import { ChatTurns, type Answering } from "./chat-turns.ts";
import { DiskWatch } from "../notices/disk-watch.ts";
import { followChat } from "./follow-chat.ts";
import { GatewayTasks, type TaskServing } from "./gateway-tasks.ts";
import { GroupQueue } from "./group-queue.ts";
import { readHealth, type Health } from "./health.ts";
import { Inbox, type Arrival } from "./inbox.ts";
import { OutgoingFilter } from "../outgoing/outgoing-filter.ts";
import { Outbox } from "./outbox.ts";
import { OwnerNotices } from "../notices/owner-notices.ts";
import type { Transcribe } from "../incoming/receive-files.ts";
import { createSentReader } from "./sent-reader.ts";
import { RunningChannel } from "./running-channel.ts";
import { createShutdown, isShutdown } from "./shutdown.ts";
import { defaultMostCharacters, splitText } from "./split-text.ts";
import { Spool } from "./spool.ts";
import { tellMain } from "../outgoing/tell-main.ts";
import { superviseChannel, type ChannelState } from "./supervise.ts";

export interface GatewayOptions extends TaskServing {
  readonly store: Store;
  readonly clock: Clock;
  /** The owner's. */
  readonly timeZone: TimeZone;
  readonly random: () => number;
  readonly holder: Holder;
  readonly uid: number;
  readonly config: Config;
  readonly token: Secret;
  readonly channels: Readonly<Record<string, ChannelEntry>>;
  readonly program: ProgramParts;
  readonly openConversation: (group: Group) => Promise<Answering>;
  /** What commands of chats need beside the store. */
  readonly desk: ChatDesk;
  readonly transcribe?: Transcribe;
  readonly speech: ChatSpeech;
  /** All that is said in the owner's language. */
  readonly phrases: Phrases;
  /** What must never be read in a chat; asked again when the configuration changes. */
  readonly readSecrets: () => Promise<readonly NamedSecret[]>;
  /** The gateway before this one was told to end: what it left was cut off, and has not ended the program. */
  readonly isAfterStop?: boolean;
  readonly log: Log;
}

const queueOptions = { places: 8, keptForPeople: 2 };
/** What runs may end by itself; then it is cut, and goes on in the next process. */
const turnsMs = 6_000;
const sendsMs = 2_000;

/** Everything between a message and its answer: inbox, queue, turns, outbox, channels, and the one server. */
export class Gateway implements AsyncDisposable {
  readonly queue: GroupQueue = new GroupQueue(queueOptions);
  readonly outbox: Outbox;
  readonly turns: ChatTurns;
  readonly filter: OutgoingFilter;
  readonly approvals: ApprovalDesk;
  readonly tasks: GatewayTasks;
  readonly server: WebServer;
  readonly notices: OwnerNotices;
  readonly disk: DiskWatch;
  readonly #options: GatewayOptions;
  readonly #inbox: Inbox;
  readonly spool: Spool;
  readonly findChannel: (address: ChatAddress) => Channel | undefined;
  readonly #commands: ChatCommands;
  readonly #ending = new AbortController();
  readonly #channels = new Map<string, RunningChannel>();
  /** Those whose part of the configuration cannot work, and why. */
  readonly #broken = new Map<string, ChannelState>();
  #config: Config;
  #stopping: Promise<void> | undefined;
  #isDisposed = false;

  /** Throws `AppError("conflict")`: another gateway serves the folder, or another program the port. */
  static async open(options: GatewayOptions): Promise<Gateway> {
    const { store, clock, holder, uid } = options;
    const authority = createAuthority({ database: store.database, clock });
    const actor = createTerminalOwner(uid);
    const decision = await authority.decide(actor, "gateway.serve", { name: store.folder }, clean);
    if (decision.verdict !== "allow") throw new AppError("denied", decision.reason);
    const other = await store.database.transaction((tx) =>
      takeGateway(tx, holder, { now: clock.now(), isAlive: isProcessAlive }),
    );
    if (other !== undefined) {
      throw new AppError("conflict", gatewayWords.runsAlready({ pid: other.pid, folder: store.folder }));
    }
    try {
      return new Gateway(options);
    } catch (error) {
      await store.database.transaction((tx) => leaveGateway(tx, holder));
      throw error;
    }
  }

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#config = options.config;
    const { store, clock, log, config, token, uid } = options;
    const { database } = store;
    const findChannel = ({ channel }: ChatAddress): Channel | undefined =>
      this.#channels.get(channel)?.channel;
    const authority = createAuthority({ database, clock });
    const notices = new OwnerNotices({
      ...options,
      database,
      lookAt: ({ channel }) => this.#channels.get(channel)?.look(notices),
      wake: (chat) => this.outbox.wake(chat),
    });
    this.notices = notices;
    this.disk = new DiskWatch({ store, clock, notices });
    this.findChannel = findChannel;
    this.spool = new Spool(`${store.folder}/spool`);
    this.filter = new OutgoingFilter(options);
    const { filter } = this;
    this.outbox = new Outbox({ ...options, database, findChannel, notices, spool: this.spool, filter });
    this.#commands = new ChatCommands({
      ...options,
      say: (problem) => options.speech.say(problem),
      split: (chat, text) =>
        splitText(text, findChannel(chat)?.traits.maxCharacters ?? defaultMostCharacters),
      wake: (chat) => this.outbox.wake(chat),
      stop: (group, meanwhile) => this.queue.stop(group, new AppError("cancelled", "Stopped."), meanwhile),
      isAtWork: (group) => this.queue.isRunning(group),
      isShutdown,
    });
    const served = { ...options, queue: this.queue, outbox: this.outbox, notices, filter, findChannel };
    const canReach = (chat: ChatAddress): boolean => this.canReach(chat);
    this.turns = new ChatTurns({ ...served, commands: this.#commands });
    this.tasks = new GatewayTasks({ ...served, canReach }, config);
    this.approvals = new ApprovalDesk({
      ...options,
      findChannel,
      canReach,
      onPosted: (chat) => this.outbox.wake(chat),
    });
    this.#inbox = new Inbox({
      database,
      clock,
      phrases: options.speech.people,
      guard: options.speech.phrases,
      readConfig: () => this.#config,
      tell: (tx, notice) => tellMain(tx, { ...notice, canReach }),
      decide: decideIn,
      claimName: claimAllowedName,
      codeLimits,
      approvals: this.approvals,
      onArrival: (arrival) => this.#arrive(arrival),
      onReply: (chat) => this.outbox.wake(chat),
    });
    const { host, port } = config.gateway;
    this.server = new WebServer({
      host,
      port,
      token,
      log,
      // The token is in the owner's keeping, like the data folder itself.
      allow: async (action, name) =>
        (await authority.decide(createTerminalOwner(uid), action, { name }, clean)).verdict === "allow",
    });
    this.server.add({
      method: "GET",
      path: "/health",
      action: "gateway.read",
      isOpenOnLoopback: isLoopback(host),
      handle: async (request) => {
        if (new URL(request.url).searchParams.has("live")) return Response.json({ isLive: true });
        const health = await this.health();
        return Response.json(health, { status: health.isReady ? 200 : 503 });
      },
    });
  }

  /** Takes up what an earlier process left, then opens the channels. */
  async start(): Promise<void> {
    await this.filter.prepare();
    const left = this.#options.isAfterStop === true ? "ours" : "died";
    const resume = [
      await this.outbox.recover(),
      await this.turns.recover(left),
      await this.tasks.recover(left),
    ];
    await this.notices.recover();
    await this.#openChannels();
    this.#settleNotices();
    for (const takeUp of resume) takeUp();
  }

  health(): Promise<Health> {
    const running = [...this.#channels].map(([name, { state }]) => [name, state] as const);
    const channels = new Map([...running, ...this.#broken]);
    const { queue, outbox, disk } = this;
    return readHealth({ ...this.#options, channels, queue, outbox, disk }, this.#stopping !== undefined);
  }

  /** Another program of the owner's has written something: messages of the group that wait, tasks, replies for any chat. */
  wake(group: GroupId): void {
    const { store, log } = this.#options;
    this.turns.wake(group);
    this.tasks.wake();
    void listOpenChats(store.database).then(
      (chats) => chats.forEach((chat) => this.outbox.wake(chat)),
      (error: unknown) => log.error("the outbox could not be read", { error }),
    );
  }

  /** Whether what is written for a chat reaches a person now. */
  canReach({ channel }: ChatAddress): boolean {
    const running = this.#channels.get(channel);
    return running?.state.state === "connected" && running.channel.traits.isFetched !== true;
  }

  get channels(): readonly string[] {
    return [...this.#channels.keys()];
  }

  /** A channel whose part is another now is started again; one that is switched off ends. */
  async configure(config: Config): Promise<void> {
    const before = this.#config;
    this.#config = config;
    await this.filter.prepare();
    for (const [name, running] of this.#channels) {
      if (isSamePart(before, config, name)) continue;
      this.#channels.delete(name);
      await running[Symbol.asyncDispose]();
    }
    await this.#openChannels();
    this.#settleNotices();
    await this.tasks.configure(config);
  }

  /** Nothing new begins; what runs, for whomever, has a while to end, and what it says to be sent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#windDown();
    return this.#stopping;
  }

  /** Nothing is lost: what has not ended when the time is up goes on in the next process. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    await this.stop();
    const { store, holder, log } = this.#options;
    await this.outbox[Symbol.asyncDispose]();
    await this.disk[Symbol.asyncDispose]();
    await this.notices[Symbol.asyncDispose]();
    await Promise.all([...this.#channels.values()].map((running) => running[Symbol.asyncDispose]()));
    await this.server[Symbol.asyncDispose]();
    try {
      await store.database.transaction((tx) => leaveGateway(tx, holder));
    } catch (error) {
      log.warn("the gateway's row could not be removed; the next one takes it over", { error });
    }
  }

  async #windDown(): Promise<void> {
    const { clock } = this.#options;
    this.turns.stop();
    this.#ending.abort(createShutdown());
    await this.tasks.stop();
    // Nothing comes in any more, and what goes out still can.
    for (const running of this.#channels.values()) running.stopReceiving();
    await within(clock, turnsMs, (deadline) => this.queue.close(deadline));
    await within(clock, sendsMs, (deadline) => this.outbox.drain(deadline));
  }

  #arrive({ means, chat, group, message, command, decidedIn }: Arrival): void {
    void this.tasks.meet(group.id);
    if (means === "told") this.outbox.wake(chat.id);
    if (decidedIn !== undefined) this.turns.wake(decidedIn);
    if (means === "told") return;
    if (means === "overheard") return;
    if (!this.#commands.isImmediate({ command })) return this.turns.wake(group.id);
    // What cannot be written now is taken up with the next turn of the group.
    void this.#answerAtOnce(message).catch((error: unknown) =>
      this.#options.log.error("a command could not be answered", { error }),
    );
  }

  async #answerAtOnce(id: MessageId): Promise<void> {
    const message = await findMessage(this.#options.store.database, id);
    if (message?.state === "received") await this.#commands.perform(message, this.#ending.signal);
  }

  async #openChannels(): Promise<void> {
    const { channels, clock, log } = this.#options;
    this.#broken.clear();
    for (const [name, { isEnabled, load }] of Object.entries(channels)) {
      if (this.#channels.has(name) || !isEnabled(this.#config)) continue;
      try {
        this.#channels.set(name, this.#openChannel(name, await load()));
      } catch (error) {
        // The others are served all the same; a correction is read as soon as it is written.
        if (!(error instanceof AppError)) throw error;
        log.error("a channel cannot be served as it is configured", {
          channel: name,
          error,
          fix: error.hint,
        });
        this.#broken.set(name, { state: "down", since: clock.now(), reason: error.message });
      }
    }
    this.outbox.hurry();
  }

  /** What an earlier process or configuration left: of a channel that is no longer served nothing is to be told. */
  #settleNotices(): void {
    for (const name of this.notices.listOpen("channel")) {
      if (!this.#channels.has(name)) void this.notices.settle("channel", name, { isTold: false });
    }
    if (this.notices.listOpen("disk").length > 0) this.disk.noteFull();
  }

  #openChannel(name: string, create: CreateChannel): RunningChannel {
    const { clock, log, random } = this.#options;
    const routes = new DisposableStack();
    const watch = routes.use(new ChannelWatch({ name, clock, notices: this.notices }));
    const channel = create({
      config: this.#config,
      clock,
      log: log.child({ channel: name }),
      program: this.#options.program,
      memory: openMemory(this.#options.store.database, name, () => channel.account),
      menu: toMenu(this.#options.phrases.slash),
      addRoute: (route) => routes.use(this.server.add({ ...route, action: toRouteAction(route) })),
      ...createSentReader(
        { database: this.#options.store.database, filter: this.filter, spool: this.spool },
        name,
        () => channel.account,
      ),
    });
    const running = new RunningChannel(channel, routes);
    running.over = superviseChannel(
      {
        channel,
        receive: (message) => this.#inbox.receive(channel, message),
        moved: (chat, to) => followChat(this.#options, { channel: name, account: channel.account, chat }, to),
        clock,
        random,
        log,
        onState: (state) => {
          running.state = state;
          watch.note(state);
          if (state.state === "connected") this.outbox.hurry();
        },
      },
      running.receiving,
    );
    return running;
  }

  /** What it serves, in words. */
  async describe(): Promise<{ readonly groups: readonly string[] }> {
    return { groups: (await listGroups(this.#options.store.database)).map(({ name }) => name) };
  }
}
