import { cp, mkdtemp, rm } from "node:fs/promises";
import { defaultLimits } from "../../src/agent/limits.ts";
import { createAuthority } from "../../src/authority/authority.ts";
import type { Channel, SendResult } from "../../src/channels/channel.ts";
import type { Clock } from "../../src/clock.ts";
import type { TurnRecord } from "../../src/turns/begin-turn.ts";
import { ChatTurns, type Answering } from "../../src/gateway/chat-turns.ts";
import { GroupQueue } from "../../src/gateway/group-queue.ts";
import { defaultConfig } from "../../src/config/defaults.ts";
import { decideIn } from "../../src/authority/authority.ts";
import { codeLimits } from "../../src/people/take-code.ts";
import { claimAllowedName } from "../../src/store/allowed-names.ts";
import { Inbox } from "../../src/gateway/inbox.ts";
import { tellMain } from "../../src/outgoing/tell-main.ts";
import { OutgoingFilter } from "../../src/outgoing/outgoing-filter.ts";
import { Outbox } from "../../src/gateway/outbox.ts";
import { SessionTools } from "../../src/turns/session-tools.ts";
import { superviseChannel } from "../../src/gateway/supervise.ts";
import { runTurn } from "../../src/turns/turn.ts";
import { silentLog } from "../../src/log.ts";
import { noUsage, type Provider, type ProviderEvent } from "../../src/providers/provider.ts";
import { toSandboxPaths } from "../../src/sandbox/sandbox-paths.ts";
import { addGroup, type Group } from "../../src/store/groups.ts";
import { listMessages, redriveMessage } from "../../src/store/messages.ts";
import { readOwnHolder } from "../../src/store/holder.ts";
import type { Store } from "../../src/store/store.ts";
import { peoplePhrases } from "../../src/words/english/people-phrases.ts";
import type { Saying } from "../../src/words/define-words.ts";
import { phrases } from "../../src/words/english/phrases.ts";
import { answerTexts, judge, toMark, type Delivered, type Verdict } from "./gateway-ledger.ts";
import { saying } from "./loop.ts";
import { createRandom } from "./random.ts";
import { openReadyStore } from "./ready-database.ts";
import { VirtualClock } from "./virtual-clock.ts";

export const plantedBugs = [
  "acknowledged before it is on disk",
  "a redelivery is a new message",
  "sent before it is sent",
  "an error of the model is the answer",
  "given up after three tries",
] as const;

export type PlantedBug = (typeof plantedBugs)[number];

export interface SimulationOptions {
  readonly seed: number;
  readonly isIdempotent: boolean;
  readonly bug?: PlantedBug;
  /** Every fault of the network there is, and most sends meet one. */
  readonly isHarsh?: boolean;
}

export interface SimulationResult extends Verdict {
  readonly crashes: number;
  readonly unknownSends: number;
  readonly written: number;
  /** Of all that the platform and the model saw, with the time of each. */
  readonly trace: string;
}

const messages = 30;
const chats = 3;
const faultyMs = 60_000;
/** After the last fault everything must be settled within this time. */
const patienceMs = 40 * 60_000;
const redriveAtMs = faultyMs + 10 * 60_000;

/** Which of the faults this world has: most worlds lack some, so that what is left is met more often. */
interface Profile {
  readonly crash: number;
  readonly refuse: number;
  readonly loseRequest: number;
  readonly loseAnswer: number;
  readonly modelFails: number;
  readonly hasJumps: boolean;
}

/**
 * Inbox, queue, turns and outbox over a real database, in a world whose time, network, platform, model and crashes come from
 * one seed: the same seed is the same story to the last event. Every world begins with a copy of one database.
 */
export class Simulation implements AsyncDisposable {
  readonly #folder: string;

  static async open(): Promise<Simulation> {
    const folder = await mkdtemp("/dev/shm/nanoclaw-simulation-");
    await using store = await openReadyStore(
      { folder, clock: new VirtualClock() },
      new AbortController().signal,
    );
    await store.database.transaction(async (tx) => {
      for (let chat = 0; chat < chats; chat++) await addGroup(tx, { name: `c${chat}`, now: 0 });
    });
    return new Simulation(folder);
  }

  constructor(folder: string) {
    this.#folder = folder;
  }

  async run(options: SimulationOptions): Promise<SimulationResult> {
    const folder = await mkdtemp("/dev/shm/nanoclaw-world-");
    await cp(this.#folder, folder, { recursive: true });
    await using world = new World(options, folder);
    return await world.run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

class World implements AsyncDisposable {
  readonly #options: SimulationOptions;
  readonly #folder: string;
  readonly #clock = new VirtualClock();
  readonly #random: () => number;
  readonly #hash = new Bun.CryptoHasher("sha1");
  readonly #profile: Profile;
  readonly #shown: Delivered[] = [];
  readonly #acknowledged: { readonly chat: string; readonly text: string }[] = [];
  #updates: { readonly id: number; readonly chat: string; readonly text: string }[] = [];
  #nextId = 1;
  #epoch: Epoch | undefined;
  #hasFaults = true;
  #crashes = 0;
  #unknownSends = 0;
  #written = 0;

  constructor(options: SimulationOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.#random = createRandom(options.seed);
    const some = (most: number): number => (this.#random() < 0.7 ? this.#random() * most : 0);
    const lost = (): number => (options.isHarsh === true ? 0.2 : some(0.1));
    this.#profile = {
      crash: some(0.05),
      refuse: lost(),
      loseRequest: lost(),
      loseAnswer: lost(),
      modelFails: some(0.3),
      hasJumps: this.#random() < 0.3,
    };
  }

  async run(): Promise<SimulationResult> {
    const never = new AbortController().signal;
    for (let n = 0; n < messages; n++) {
      void this.#clock.sleep(this.#random() * 20_000, never).then(() => this.#say(n % chats));
    }
    void this.#clock.sleep(faultyMs, never).then(() => (this.#hasFaults = false));
    if (this.#profile.hasJumps) {
      for (const hours of [3, -5, 2]) {
        void this.#clock
          .sleep(this.#random() * faultyMs, never)
          .then(() => this.#clock.jump(hours * 3_600_000));
      }
    }
    await this.#boot();
    for (let at = 0; at < faultyMs + patienceMs;) {
      const step = at < faultyMs ? 1000 : 30_000;
      await this.#clock.advance(step, () => this.#settle());
      at += step;
      if (at > faultyMs && this.#isSettled()) break;
      // What too many deaths had set aside, and no later turn answered along with its own, is asked for again, as its
      // owner would: then nothing may be missing.
      if (at === redriveAtMs) await this.#epoch?.redrive(this.#answered());
    }
    const accepted = new Map<string, string[]>();
    for (const { chat, text } of this.#acknowledged) {
      accepted.set(chat, [...(accepted.get(chat) ?? []), text]);
    }
    return {
      ...judge(accepted, this.#shown),
      crashes: this.#crashes,
      unknownSends: this.#unknownSends,
      written: this.#written,
      trace: this.#hash.digest("hex"),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#epoch?.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #answered(): ReadonlySet<string> {
    return new Set(this.#shown.flatMap(({ text }) => text.match(/m\d+x\d+/g) ?? []));
  }

  #isSettled(): boolean {
    return this.#updates.length === 0 && this.#answered().size === messages;
  }

  #note(...facts: readonly unknown[]): void {
    this.#hash.update(`${this.#clock.monotonic()} ${facts.join(" ")}\n`);
  }

  #say(chat: number): void {
    const text = toMark(chat, this.#written++);
    this.#updates.push({ id: this.#nextId++, chat: `c${chat}`, text });
  }

  async #settle(): Promise<void> {
    for (let quiet = 0; quiet < 4; quiet++) {
      await new Promise((resolve) => setImmediate(resolve));
      if ((this.#epoch?.pending ?? 0) > 0) quiet = 0;
      if (this.#epoch?.isDead === true) await this.#reboot();
    }
  }

  async #reboot(): Promise<void> {
    this.#crashes++;
    await this.#epoch?.close();
    await this.#boot();
  }

  /** A point at which the process may die. Returns for ever never if it does. */
  #point(epoch: Epoch, name: string): boolean {
    if (epoch.isDead) return true;
    if (!this.#hasFaults || this.#random() >= this.#profile.crash) return false;
    this.#note("crash", name);
    epoch.isDead = true;
    return true;
  }

  async #boot(): Promise<void> {
    const store = await openReadyStore(
      { folder: this.#folder, clock: this.#clock },
      new AbortController().signal,
    );
    const epoch = new Epoch(store, this.#clock, (name) => this.#point(epoch, name));
    this.#epoch = epoch;
    await epoch.run(this.#createChannel(epoch), this.#createProvider(epoch), this.#random, this.#options.bug);
  }

  /** A request to the platform, over a network that loses some. */
  async #request<T>(epoch: Epoch, name: string, serve: () => T): Promise<T | "refused" | "unknown"> {
    if (this.#point(epoch, `before ${name}`)) return await forever();
    const { refuse, loseRequest, loseAnswer } = this.#profile;
    const fate = this.#hasFaults ? this.#random() : 1;
    const latency = (): number => 1 + Math.floor(this.#random() * 80);
    const never = new AbortController().signal;
    if (fate < refuse) {
      await epoch.clock.sleep(3, never);
      return "refused";
    }
    if (fate < refuse + loseRequest) {
      await epoch.clock.sleep(5000, never);
      return "unknown";
    }
    const answer = Promise.withResolvers<T>();
    // It arrives, whether or not the one who sent it still lives.
    void this.#clock.sleep(latency(), never).then(() => answer.resolve(serve()));
    const value = await answer.promise;
    if (this.#hasFaults && this.#random() < loseAnswer) {
      await epoch.clock.sleep(5000, never);
      return "unknown";
    }
    await epoch.clock.sleep(latency(), never);
    return this.#point(epoch, `after ${name}`) ? await forever() : value;
  }

  #createChannel(epoch: Epoch): Channel {
    const { isIdempotent, bug } = this.#options;
    const tries = new Map<string, number>();
    const send = async (chat: string, key: string, text: string): Promise<SendResult> => {
      const answer = await this.#request(epoch, "send", () => {
        const isKnown = isIdempotent && this.#shown.some((each) => each.key === key && each.chat === chat);
        this.#note("send", chat, key, text);
        if (!isKnown) this.#shown.push({ chat, key, text });
        return String(this.#shown.length);
      });
      if (answer === "refused") return { type: "not-sent", reason: "refused" };
      if (answer === "unknown") this.#unknownSends++;
      return answer === "unknown"
        ? { type: "unknown", reason: "no answer" }
        : { type: "sent", platformId: answer };
    };
    return {
      name: "platform",
      account: "default",
      traits: { authenticatesSenders: true, isIdempotent, maxCharacters: 4000 },
      start: async (receiver, signal) => {
        for (let offset = 0; !signal.aborted;) {
          const updates = await this.#request(epoch, "poll", () => this.#poll(offset));
          if (typeof updates === "string") throw new Error(updates);
          receiver.connected();
          const last = updates.at(-1)?.id ?? 0;
          if (bug === "acknowledged before it is on disk" && last > 0) {
            offset = last + 1;
            await this.#request(epoch, "poll", () => this.#poll(offset));
          }
          for (const { id, chat, text } of updates) {
            const copy = bug === "a redelivery is a new message" ? `-${this.#random()}` : "";
            await receiver.receive({
              chat,
              id: `${id}${copy}`,
              sender: { id: "owner", isOwner: true },
              text,
              isPrivate: true,
              group: chat,
            });
            offset = Math.max(offset, id + 1);
          }
          await epoch.clock.sleep(updates.length > 0 ? 10 : 300, signal);
        }
      },
      send: async (chat, { key, text }) => {
        if (bug === "sent before it is sent") {
          void send(chat, key, text);
          return { type: "sent" };
        }
        const result = await send(chat, key, text);
        tries.set(key, (tries.get(key) ?? 0) + 1);
        const isGivenUp = bug === "given up after three tries" && (tries.get(key) ?? 0) >= 3;
        return isGivenUp && result.type !== "sent" ? { type: "refused", reason: "given up" } : result;
      },
    };
  }

  #poll(offset: number): { readonly id: number; readonly chat: string; readonly text: string }[] {
    this.#note("poll", offset);
    this.#acknowledged.push(...this.#updates.filter(({ id }) => id < offset));
    this.#updates = this.#updates.filter(({ id }) => id >= offset);
    return this.#updates.slice(0, 4);
  }

  #createProvider(epoch: Epoch): Provider {
    const point = (name: string): boolean => this.#point(epoch, name);
    const fails = (): boolean => this.#hasFaults && this.#random() < this.#profile.modelFails;
    const wait = (): Promise<void> =>
      epoch.clock.sleep(20 + this.#random() * 200, new AbortController().signal);
    const note = (text: string): void => this.#note("model", text);
    return {
      name: "simulated",
      async *stream({ messages: said }): AsyncGenerator<ProviderEvent> {
        await wait();
        const texts = said.flatMap((message) =>
          message.role === "tool"
            ? []
            : message.content.flatMap((part) =>
                part.type === "text" ? [{ role: message.role, text: part.text }] : [],
              ),
        );
        const text = answerTexts(texts);
        note(text);
        if (point("model")) await forever();
        if (fails()) {
          yield { type: "text-delta", text: "half of" };
          const error = { class: "retry", message: "It is away.", wasCut: true } as const;
          yield { type: "error", usage: noUsage, error };
          return;
        }
        yield* saying(text);
      },
    };
  }
}

/** One process, from its start to its death. */
class Epoch {
  readonly clock: Clock;
  readonly store: Store;
  readonly #stop = new AbortController();
  isDead = false;
  /** Of the database: what is under way. */
  pending = 0;

  constructor(store: Store, clock: VirtualClock, point: (name: string) => boolean) {
    this.clock = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal);
        if (this.isDead) await forever();
      },
    };
    const count = async <T>(work: () => Promise<T>): Promise<T> => {
      if (this.isDead) return await forever();
      this.pending++;
      try {
        return await work();
      } finally {
        this.pending--;
      }
    };
    this.store = {
      ...store,
      database: {
        all: (sql, ...values) => count(() => store.database.all(sql, ...values)),
        get: (sql, ...values) => count(() => store.database.get(sql, ...values)),
        transaction: async (work) => {
          if (point("before a transaction")) return await forever();
          const outcome = await count(() =>
            store.database
              .transaction(async (tx) => {
                const value = await work(tx);
                if (point("in a transaction")) throw new Error("dead");
                return { value };
              })
              .catch((error: unknown) => {
                if (this.isDead) return "dead" as const;
                throw error;
              }),
          );
          if (outcome === "dead" || point("after a transaction")) return await forever();
          return outcome.value;
        },
        [Symbol.asyncDispose]: async () => {},
      },
    };
    this.#close = async () => {
      await store[Symbol.asyncDispose]();
    };
  }

  readonly #close: () => Promise<void>;

  async run(
    channel: Channel,
    provider: Provider,
    random: () => number,
    bug: PlantedBug | undefined,
  ): Promise<void> {
    const { store, clock } = this;
    const { database } = store;
    const queue = new GroupQueue({ places: 8, keptForPeople: 2 });
    const findChannel = (): Channel => channel;
    // Nothing of a file is in the flow.
    const spool = { read: async () => undefined, remove: async () => {}, sweep: async () => {} };
    const speech = {
      phrases: { ...phrases.prompt, ...phrases.chat },
      people: peoplePhrases,
      approval: phrases.approval,
      say: ({ message }: Saying) => message,
      sayShort: ({ message }: Saying) => message,
    };
    const filter = new OutgoingFilter({ readSecrets: async () => [], clock, speech, log: silentLog });
    await filter.prepare();
    const outbox = new Outbox({ database, clock, random, findChannel, spool, filter, log: silentLog });
    const openConversation = await this.#createAnswering(provider, bug);
    const turns = new ChatTurns({
      store,
      clock,
      queue,
      outbox,
      findChannel,
      openConversation: async (group) => openConversation(group),
      commands: { isImmediate: () => false, perform: async () => {} },
      speech,
      filter,
      log: silentLog,
    });
    this.#turns = turns;
    const inbox = new Inbox({
      database,
      clock,
      phrases: peoplePhrases,
      guard: phrases.chat,
      readConfig: () => defaultConfig,
      tell: tellMain,
      decide: decideIn,
      claimName: claimAllowedName,
      codeLimits,
      onArrival: ({ group }) => turns.wake(group.id),
      onReply: (chat) => outbox.wake(chat),
    });
    // A death meanwhile leaves these waiting for ever, as it should.
    void (async () => {
      const resume = [await outbox.recover(), await turns.recover("died")];
      void superviseChannel(
        {
          channel,
          receive: (message) => inbox.receive(channel, message),
          clock,
          random,
          log: silentLog,
          onState: ({ state }) => {
            if (state === "connected") outbox.hurry();
          },
        },
        this.#stop.signal,
      );
      for (const takeUp of resume) takeUp();
    })();
  }

  async redrive(answered: ReadonlySet<string>): Promise<void> {
    const all = await listMessages(this.store.database, { onlyDead: true, limit: 1000 });
    const dead = all.filter(({ body }) => !answered.has(body.text));
    await this.store.database.transaction(async (tx) => {
      for (const { id } of dead) await redriveMessage(tx, id);
    });
    for (const { group } of dead) if (group !== undefined) this.#turns?.wake(group);
  }

  #turns: ChatTurns | undefined;

  async close(): Promise<void> {
    this.isDead = true;
    await this.#close();
  }

  async #createAnswering(provider: Provider, bug: PlantedBug | undefined) {
    const { store, clock } = this;
    const holder = await readOwnHolder();
    return (group: Group): Answering => ({
      answer: async (request, emit, signal) => {
        const { taint, ...more } = request;
        const { record } = request;
        const options = {
          store,
          clock,
          authority: createAuthority({ database: store.database, clock }),
          holder,
          timeZone: { name: "UTC", offsetAt: () => 0 },
          group,
          provider,
          model: "simulated",
          maxTokens: 1000,
          limits: defaultLimits,
          paths: toSandboxPaths({ mounts: [] }),
          isHereShared: true,
          instructions: [],
          toolsFor: async ({ id }: { readonly id: SessionTools["session"] }) =>
            new SessionTools(id, () => Promise.reject(new Error("there is no sandbox here"))),
          keepFiles: async () => {},
          log: silentLog,
          ...more,
          ...(bug === "an error of the model is the answer"
            ? {
                record: {
                  begin: record.begin.bind(record),
                  join: record.join.bind(record),
                  end: (tx, turn, end) =>
                    record.end(
                      tx,
                      turn,
                      end.reason === "error"
                        ? { ...end, reason: "done", text: "Something went wrong." }
                        : end,
                    ),
                } satisfies TurnRecord,
              }
            : {}),
        };
        return await runTurn({ text: "", taint, replacesLast: false }, options, emit, signal);
      },
    });
  }
}

function forever<T>(): Promise<T> {
  return new Promise<T>(() => {});
}
