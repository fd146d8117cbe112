import { decideIn } from "../../src/authority/authority.ts";
import type { IncomingMessage, Receipt } from "../../src/channels/channel.ts";
import type { Clock } from "../../src/clock.ts";
import type { Config } from "../../src/config.ts";
import { defaultConfig } from "../../src/config/defaults.ts";
import { Inbox, type InboxOptions } from "../../src/gateway/inbox.ts";
import { tellMain } from "../../src/outgoing/tell-main.ts";
import { createPairingCode } from "../../src/people/create-pairing-code.ts";
import { codeLimits } from "../../src/people/take-code.ts";
import { claimAllowedName } from "../../src/store/allowed-names.ts";
import { addGroup, getGroup } from "../../src/store/groups.ts";
import type { Store } from "../../src/store/store.ts";
import { guardPhrases } from "../../src/words/english/guard-phrases.ts";
import { peoplePhrases } from "../../src/words/english/people-phrases.ts";
import { openTemporaryStore } from "./temporary-store.ts";
import { VirtualClock } from "./virtual-clock.ts";

export interface InboxBenchOptions extends Partial<InboxOptions> {
  readonly channel?: string;
  readonly authenticatesSenders?: boolean;
}

export interface SaidReply {
  readonly chat: unknown;
  readonly text: unknown;
}

/** The inbox alone, over a real store: what is decided about a message, and what is said about it. */
export class InboxBench implements AsyncDisposable {
  readonly store: Store;
  readonly clock: VirtualClock;
  config: Config = defaultConfig;
  readonly arrivals: string[] = [];
  readonly woken: number[] = [];
  readonly #inbox: Inbox;
  readonly #options: InboxBenchOptions;
  #count = 0;

  static async open(options: InboxBenchOptions = {}): Promise<InboxBench> {
    const clock = new VirtualClock();
    return new InboxBench(await openTemporaryStore({}, clock), clock, options);
  }

  constructor(store: Store, clock: VirtualClock, options: InboxBenchOptions) {
    this.store = store;
    this.clock = clock;
    this.#options = options;
    const theClock: Clock = clock;
    this.#inbox = new Inbox({
      database: store.database,
      clock: theClock,
      phrases: peoplePhrases,
      guard: guardPhrases,
      readConfig: () => this.config,
      tell: tellMain,
      decide: decideIn,
      claimName: claimAllowedName,
      codeLimits,
      onArrival: ({ group, means }) => void this.arrivals.push(`${group.name} ${means}`),
      onReply: (chat) => void this.woken.push(chat),
      ...options,
    });
  }

  /** In private, from ben, unless it is said otherwise. */
  async say(text: string, more: Partial<IncomingMessage> = {}): Promise<Receipt> {
    const { channel = "telegram", authenticatesSenders = true } = this.#options;
    const sender = more.sender ?? { id: "555", name: "Ben" };
    const traits = { authenticatesSenders, isIdempotent: false, maxCharacters: 4000 };
    return await this.#inbox.receive(
      { name: channel, account: "default", traits },
      { id: `m${++this.#count}`, chat: sender.id, isPrivate: true, text, ...more, sender },
    );
  }

  async pair(group?: string): Promise<string> {
    const { code } = await this.store.database.transaction(async (tx) =>
      createPairingCode(tx, {
        grant:
          group === undefined
            ? { makes: "owner" }
            : { makes: "member", group: (await getGroup(tx, group)).id },
        now: this.clock.now(),
      }),
    );
    return code;
  }

  /** With a chat that is bound to it. */
  async addGroup(name: string, chat = name): Promise<void> {
    const { channel = "telegram" } = this.#options;
    await this.store.database.transaction(async (tx) => {
      const { id } = await addGroup(tx, { name, now: 0 });
      await tx.run(
        "INSERT INTO chats (channel, account, chat, title, group_id, is_private, created_at) VALUES (?, 'default', ?, ?, ?, 0, 0)",
        channel,
        chat,
        name,
        id,
      );
    });
  }

  /** Of the configuration, for the bench's channel. */
  allow(...allowFrom: readonly string[]): void {
    const { channel = "telegram" } = this.#options;
    const { channels } = defaultConfig;
    const part = Object.entries(channels).find(([name]) => name === channel)?.[1];
    this.config = { ...defaultConfig, channels: { ...channels, [channel]: { ...part, allowFrom } } };
  }

  async replies(): Promise<readonly SaidReply[]> {
    const rows = await this.store.database.all(
      "SELECT chats.chat AS chat, text FROM replies JOIN chats ON chats.id = replies.chat_id ORDER BY replies.id",
    );
    return rows.map(({ chat, text }) => ({ chat, text }));
  }

  /** Everything that stands in the store of what was written and what is known. */
  async rights(): Promise<{ readonly owners: readonly unknown[]; readonly members: readonly unknown[] }> {
    const { database } = this.store;
    const owners = await database.all("SELECT sender FROM people WHERE is_owner = 1 ORDER BY id");
    const members = await database.all(
      `SELECT people.sender AS sender, groups.name AS name FROM members
       JOIN people ON people.id = members.person_id JOIN groups ON groups.id = group_id ORDER BY people.id`,
    );
    return {
      owners: owners.map(({ sender }) => sender),
      members: members.map(({ sender, name }) => `${String(sender)} in ${String(name)}`),
    };
  }

  async messages(): Promise<readonly (readonly unknown[])[]> {
    const rows = await this.store.database.all("SELECT state, reason, body FROM messages ORDER BY id");
    return rows.map(({ state, reason, body }) => [state, reason, JSON.parse(String(body)).text]);
  }

  async groupOf(chat: string): Promise<unknown> {
    const row = await this.store.database.get(
      "SELECT groups.name AS name FROM chats JOIN groups ON groups.id = group_id WHERE chat = ?",
      chat,
    );
    return row?.["name"];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]();
  }
}
