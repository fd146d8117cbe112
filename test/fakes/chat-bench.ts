import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits, type LoopLimits } from "../../src/agent/limits.ts";
import type { Authority } from "../../src/authority/decision.ts";
import { createAuthority } from "../../src/authority/authority.ts";
import { createTerminalOwner } from "../../src/authority/actor.ts";
import type { Channel } from "../../src/channels/channel.ts";
import type { Clock } from "../../src/clock.ts";
import type { Config } from "../../src/config.ts";
import { defaultConfig } from "../../src/config/defaults.ts";
import { createChatSpeech } from "../../src/outgoing/chat-speech.ts";
import type { NamedSecret } from "../../src/egress/secret-finder.ts";
import { Gateway } from "../../src/gateway/gateway.ts";
import { Spool } from "../../src/gateway/spool.ts";
import { createReach } from "../../src/reach/reach.ts";
import { GroupConversation, type GroupConversationOptions } from "../../src/turns/group-conversation.ts";
import type { MoreTools } from "../../src/turns/session-tools.ts";
import type { Transcribe } from "../../src/incoming/receive-files.ts";
import { createGroupTaskTools } from "../../src/turns/task-tools.ts";
import { silentLog, type Log } from "../../src/log.ts";
import { AppError } from "../../src/errors.ts";
import { noUsage, type Provider } from "../../src/providers/provider.ts";
import type { ChatDesk } from "../../src/slash/chat-desk.ts";
import { Secret } from "../../src/secret.ts";
import type { BudgetLimits } from "../../src/sessions/day-budget.ts";
import { addGroup, type Group } from "../../src/store/groups.ts";
import { readOwnHolder } from "../../src/store/holder.ts";
import { addMember, seePerson, setOwner } from "../../src/store/people.ts";
import type { Store } from "../../src/store/store.ts";
import { peoplePhrases } from "../../src/words/english/people-phrases.ts";
import { phrases } from "../../src/words/english/phrases.ts";
import type { Language } from "../../src/words/language.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createHostSandbox } from "./host-sandbox.ts";
import type { MemoryPlatform } from "./memory-platform.ts";
import type { MortalLife } from "./mortal-store.ts";
import { openReadyStore } from "./ready-database.ts";

export interface ChatBenchOptions {
  readonly provider: Provider;
  readonly platform: MemoryPlatform;
  /** Beside that one. */
  readonly others?: readonly { readonly channel: Channel }[];
  readonly clock: Clock;
  readonly log?: Log;
  /** What is said comes with what to do about it. */
  readonly saysHints?: boolean;
  /** With the tools that reach chats and groups. */
  readonly canReach?: boolean;
  /** In place of the table: what an attack meets where nobody decides. */
  readonly authority?: Authority;
  /** Where its folder is made. */
  readonly parent?: string;
  readonly desk?: Partial<ChatDesk>;
  readonly language?: Language;
  readonly limits?: Partial<LoopLimits>;
  /** Why no conversation can be opened. */
  readonly problem?: AppError;
  /** What its filter strikes out. */
  readonly secrets?: readonly NamedSecret[];
  /** In place of the usual ones. */
  readonly rates?: Partial<Config["limits"]> | undefined;
  readonly budget?: Partial<BudgetLimits> | undefined;
  /** Beside those for tasks and chats. */
  readonly moreTools?: MoreTools;
  /** Other than usual. */
  readonly conversation?: Partial<GroupConversationOptions>;
  readonly transcribe?: Transcribe;
  /** What all of it reads and writes through, in place of its store. */
  readonly through?: (store: Store) => Store;
  /** Off by default: a beat looks into the sandbox, which takes real time. */
  readonly hasHeartbeat?: boolean;
}

const english: Language = { name: "en", phrases, people: peoplePhrases };

/** A gateway with a chat platform and a model in memory, over a real store; it can be ended and started again. */
export class ChatBench implements AsyncDisposable {
  readonly store: Store;
  readonly #options: ChatBenchOptions;
  readonly #folder: string;
  readonly #sandbox: Sandbox;
  /** The same for who lives on and on. */
  #living: Store;
  /** The owner's `HEARTBEAT.md` of a group. */
  readonly heartbeats = new Map<string, string>();
  #gateway: Gateway | undefined;
  #conversations: GroupConversation[] = [];

  static async open(options: ChatBenchOptions): Promise<ChatBench> {
    const folder = await mkdtemp(join(options.parent ?? tmpdir(), "nanoclaw-chats-"));
    const store = await openReadyStore({ folder, clock: options.clock }, new AbortController().signal);
    const bench = new ChatBench(options, folder, store, await createHostSandbox());
    await bench.know("anna", "owner");
    return bench;
  }

  constructor(options: ChatBenchOptions, folder: string, store: Store, sandbox: Sandbox) {
    this.#options = options;
    this.#folder = folder;
    this.store = store;
    this.#living = store;
    this.#sandbox = sandbox;
  }

  get gateway(): Gateway {
    if (this.#gateway === undefined) throw new Error("the gateway was not started");
    return this.#gateway;
  }

  /** With a life it ends at a moment, and `bury` makes room for the next. */
  async start(life?: MortalLife): Promise<Gateway> {
    const {
      platform,
      others = [],
      clock,
      log = silentLog,
      saysHints = false,
      language = english,
      transcribe,
    } = this.#options;
    const speech = createChatSpeech(language);
    const entries = [platform, ...others]
      .map(({ channel }) => life?.channel(channel) ?? channel)
      .map((channel) => [channel.name, { isEnabled: () => true, load: async () => () => channel }] as const);
    const { through = (same) => same } = this.#options;
    this.#living = life?.store(this.store) ?? through(this.store);
    const store = this.#living;
    this.#gateway = await Gateway.open({
      program: { command: [], plugins: "" },
      store,
      clock,
      timeZone: { name: "UTC", offsetAt: () => 0 },
      // Like what chance gives: no round number.
      random: () => 0.4567,
      holder: await readOwnHolder(),
      uid: 0,
      config: {
        ...defaultConfig,
        limits: { ...defaultConfig.limits, ...this.#options.rates },
        gateway: { ...defaultConfig.gateway, port: 0 },
        heartbeat: { ...defaultConfig.heartbeat, enabled: this.#options.hasHeartbeat ?? false },
      },
      longestSleepMs: 24 * 60 * 60_000,
      token: new Secret("token"),
      channels: Object.fromEntries(entries),
      openConversation: async (group) => await this.#converse(group),
      ...(transcribe === undefined ? {} : { transcribe }),
      desk: this.#createDesk(),
      phrases: language.phrases,
      speech: saysHints ? speech : { ...speech, say: (problem) => speech.sayShort(problem) },
      readSecrets: async () => this.#options.secrets ?? [],
      openTask: async (group, session) => await this.#converse(group, session),
      zone: "UTC",
      readHeartbeat: async (group) => this.heartbeats.get(group.name) ?? "",
      log,
    });
    await this.#gateway.start();
    return this.#gateway;
  }

  async stop(): Promise<void> {
    await this.#gateway?.[Symbol.asyncDispose]();
    await Promise.all(this.#conversations.splice(0).map((each) => each[Symbol.asyncDispose]()));
    this.#gateway = undefined;
  }

  /** Puts away what is left of a life that has ended. */
  async bury(): Promise<void> {
    this.#options.platform.disconnect();
    await this.store.database.transaction((tx) => tx.run("DELETE FROM gateway"));
    await this.#gateway?.server[Symbol.asyncDispose]();
    this.#conversations = [];
    this.#gateway = undefined;
  }

  /** Makes a sender of the platform someone whom the installation knows. */
  async know(sender: string, as: "owner" | "member", group = "main", channel = "memory"): Promise<void> {
    await this.store.database.transaction(async (tx) => {
      const address = { channel, account: "default" };
      const person = await seePerson(tx, { ...address, sender, displayName: sender, now: 0 });
      if (as === "owner") return await setOwner(tx, person.id, true);
      const row = await tx.get("SELECT id FROM groups WHERE name = ?", group);
      await addMember(tx, row?.["id"] as Group["id"], person.id, 0);
    });
  }

  async addGroup(name: string): Promise<Group> {
    return await this.store.database.transaction((tx) => addGroup(tx, { name, now: 0 }));
  }

  async bind(chat: string, group: Group, isPrivate = false): Promise<void> {
    await this.store.database.transaction(async (tx) => {
      await tx.run(
        `INSERT INTO chats (channel, account, chat, group_id, is_private, created_at)
         VALUES ('memory', 'default', ?, ?, ?, 0)`,
        chat,
        group.id,
        isPrivate ? 1 : 0,
      );
    });
  }

  /** `[state, reason]` of each message, in the order they came. */
  async messages(): Promise<readonly (readonly [unknown, unknown])[]> {
    const rows = await this.store.database.all("SELECT state, reason FROM messages ORDER BY id");
    return rows.map(({ state, reason }) => [state, reason]);
  }

  async replies(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return await this.store.database.all("SELECT * FROM replies ORDER BY id");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#sandbox[Symbol.asyncDispose]();
    await this.store[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** What stands in the sandbox's workspace. */
  get workspace(): string {
    return this.#sandbox.paths.workspace;
  }

  #createReach(): ReturnType<typeof createReach> {
    const { clock } = this.#options;
    const folder = this.#folder;
    return createReach({
      store: this.store,
      home: {
        root: folder,
        groups: `${folder}/groups`,
        templates: `${folder}/templates`,
        logs: `${folder}/logs`,
      },
      clock,
      readHolder: readOwnHolder,
      phrases: phrases.chat,
      findChannel: (address) => this.gateway.findChannel(address),
      spool: new Spool(`${folder}/spool`),
      wake: (chat) => this.gateway.outbox.wake(chat),
      checkModel: async () => {},
      onChange: async () => {},
      health: () => this.gateway.health(),
      examine: async () => ["space: warning: The disk is nearly full."],
    });
  }

  #createDesk(): ChatDesk {
    return {
      describe: async (group) => ({
        group: group.name,
        session: "1",
        model: "test",
        provider: "Test",
        entries: 0,
        usage: noUsage,
        sandbox: "host",
        sharedFolders: [{ path: "/home/anna/notes", canWrite: false }],
      }),
      models: async () => [{ model: "other", label: "Test" }],
      findModel: async (name = "test") => {
        if (["test", "other"].includes(name)) return name;
        throw new AppError("not-found", `There is no model ${name}.`);
      },
      compact: async (group, request, signal) =>
        await (await this.#converse(group)).compactFor(request, signal),
      undo: () => Promise.reject(new AppError("not-found", "There is nothing to undo.")),
      ...this.#options.desk,
    };
  }

  async #converse(group: Group, session?: string): Promise<GroupConversation> {
    const { provider, clock, problem } = this.#options;
    if (problem !== undefined) throw problem;
    const store = this.#living;
    const model = { provider, label: "Test", model: "test", maxTokens: 1000 };
    const sandbox = this.#sandbox;
    const tasks = createGroupTaskTools({
      store,
      group,
      clock,
      zone: "UTC",
      changed: () => this.#gateway?.tasks.wake(),
    });
    const reach = this.#options.canReach === true ? this.#createReach()(group) : undefined;
    const conversation = new GroupConversation({
      store,
      authority: this.#options.authority ?? createAuthority({ database: store.database, clock }),
      clock,
      holder: await readOwnHolder(),
      timeZone: { name: "UTC", offsetAt: () => 0 },
      actor: createTerminalOwner(0, group.name),
      group,
      folder: this.#folder,
      model,
      findModel: async () => model,
      limits: { ...defaultLimits, ...this.#options.limits },
      ...(this.#options.budget === undefined
        ? {}
        : { budget: { ...defaultConfig.limits, ...this.#options.budget } }),
      mounts: [],
      isHereShared: true,
      paths: sandbox.paths,
      openSandbox: async () => ({
        paths: sandbox.paths,
        spawn: (argv, options) => sandbox.spawn(argv, options),
        [Symbol.asyncDispose]: async () => {},
      }),
      keepFiles: async () => {},
      cards: {
        post: (tx, approval, of) => this.gateway.approvals.post(tx, approval, of),
        posted: (chat) => this.gateway.approvals.posted(chat),
      },
      ...(session === undefined ? {} : { sessionName: session }),
      moreTools: (party) => [
        ...tasks(party),
        ...(reach?.(party) ?? []),
        ...(this.#options.moreTools?.(party) ?? []),
      ],
      ...this.#options.conversation,
      openUndo: () => Promise.reject(new Error("nothing is undone here")),
      probeSandbox: async () => ({ name: "host", isAvailable: true, facts: [], limits: [] }),
      sawUntrusted: false,
      currentFolder: this.#folder,
      homeFolder: this.#folder,
      log: silentLog,
    });
    this.#conversations.push(conversation);
    return conversation;
  }
}
