import type {
  Channel,
  ChannelTraits,
  IncomingMessage,
  OutgoingFile,
  OutgoingReply,
  Receipt,
  Receiver,
  SendResult,
} from "../../src/channels/channel.ts";
import { AppError } from "../../src/errors.ts";

/** What a person sees in a chat. */
export interface SeenReply {
  readonly chat: string;
  readonly key: string;
  text: string;
  readonly platformId: string;
  /** The buttons below it. */
  readonly options?: readonly string[];
  readonly file?: OutgoingFile;
  /** Signs that were put under it. */
  readonly signs: string[];
}

export interface PlatformOptions {
  /** Of its channel. */
  readonly name?: string;
  readonly isIdempotent?: boolean;
  /** What was sent can be looked for by its key; `shut`: the platform will not say. */
  readonly history?: "open" | "shut";
  readonly canEdit?: boolean;
  /** Buttons, files and reactions. */
  readonly canMore?: boolean;
  readonly authenticatesSenders?: boolean;
  readonly maxCharacters?: number;
  /** Asked before each send; what it returns is the outcome. `accepted`: it arrives, and the answer is lost. */
  readonly fate?: (reply: OutgoingReply, chat: string) => SendResult | "accepted" | undefined;
}

/**
 * A chat platform in memory. It keeps a message until the channel has taken it and delivers it again after each
 * connection, as Telegram does; it numbers what it accepts, and knows a key where it is idempotent.
 */
export class MemoryPlatform {
  readonly seen: SeenReply[] = [];
  readonly sends: OutgoingReply[] = [];
  readonly typed: string[] = [];
  /** Signs under messages of people: `m1 👍`. */
  readonly signs: string[] = [];
  readonly channel: Channel;
  /** Nobody answers at its address. */
  isAway = false;
  readonly #options: PlatformOptions;
  readonly #untaken: { readonly message: IncomingMessage; readonly taken: (receipt: Receipt) => void }[] = [];
  #receiver: Receiver | undefined;
  #cut: (reason: Error) => void = () => {};
  #arrivals: (() => void)[] = [];
  #isHeld: () => boolean = () => false;

  constructor(options: PlatformOptions = {}) {
    this.#options = options;
    this.channel = this.#createChannel();
  }

  /** Resolves when the channel has acknowledged it. */
  deliver(message: Partial<IncomingMessage> & { readonly text: string }): Promise<Receipt> {
    const whole: IncomingMessage = {
      chat: "c1",
      id: crypto.randomUUID(),
      sender: { id: "anna", name: "Anna" },
      isPrivate: true,
      ...message,
    };
    return new Promise((taken) => {
      this.#untaken.push({ message: whole, taken });
      void this.#handOver();
    });
  }

  /** The connection breaks; what was not acknowledged comes again with the next. */
  disconnect(reason = "the connection was lost"): void {
    this.#receiver = undefined;
    this.#cut(new Error(reason));
  }

  textsOf(chat: string): string[] {
    return this.seen.filter((reply) => reply.chat === chat).map(({ text }) => text);
  }

  /** Resolves when there are that many in all chats together. */
  async waitForReplies(count: number): Promise<void> {
    while (this.seen.length < count) await new Promise<void>((resolve) => this.#arrivals.push(resolve));
  }

  async #handOver(): Promise<void> {
    for (const waiting of [...this.#untaken]) {
      const receiver = this.#receiver;
      if (receiver === undefined) return;
      try {
        const receipt = await receiver.receive(waiting.message);
        const at = this.#untaken.indexOf(waiting);
        if (at >= 0) this.#untaken.splice(at, 1);
        waiting.taken(receipt);
      } catch {
        // Not acknowledged: it comes again.
      }
    }
  }

  #createChannel(): Channel {
    const { isIdempotent = false, canEdit = false, authenticatesSenders = false } = this.#options;
    const traits: ChannelTraits = {
      authenticatesSenders,
      isIdempotent,
      maxCharacters: this.#options.maxCharacters ?? 1000,
    };
    return {
      name: this.#options.name ?? "memory",
      account: "default",
      traits,
      start: async (receiver, signal) => {
        if (this.isAway) throw new Error("nobody answers");
        this.#receiver = receiver;
        receiver.connected();
        void this.#handOver();
        await new Promise<void>((resolve, reject) => {
          this.#cut = reject;
          if (signal.aborted) resolve();
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
        this.#receiver = undefined;
      },
      send: async (chat, reply) => this.#send(chat, reply),
      ...(canEdit
        ? { edit: { edit: async (_chat, id, reply): Promise<SendResult> => this.#edit(id, reply) } }
        : {}),
      ...(this.#options.canMore === true ? this.#createMore() : {}),
      ...(this.#options.history === undefined
        ? {}
        : { history: { has: async (_, reply) => this.#has(reply.key) } }),
      typing: { everyMs: 4000, show: async (chat) => void this.typed.push(chat) },
    };
  }

  #has(key: string): boolean | undefined {
    return this.#options.history === "open" ? this.seen.some((each) => each.key === key) : undefined;
  }

  /** A person presses a button of a reply. */
  async press(reply: SeenReply, option: number, from: Partial<IncomingMessage> = {}): Promise<Receipt> {
    const press = { reply: reply.key, option };
    return await this.deliver({ chat: reply.chat, text: reply.options?.[option] ?? "", press, ...from });
  }

  /** As long as it says so, nothing that is sent reaches the platform. */
  holdSends(isHeld: () => boolean): void {
    this.#isHeld = isHeld;
  }

  #createMore(): Pick<Channel, "ask" | "files" | "react"> {
    return {
      ask: { ask: async (chat, reply, options) => this.#send(chat, reply, { options }) },
      react: {
        react: async (_chat, message, emoji) => {
          const fate = this.#options.fate?.({ id: 0, key: "", text: emoji }, "");
          if (fate !== undefined && fate !== "accepted") return fate;
          const known = this.seen.find(({ platformId }) => platformId === message);
          if (known === undefined) this.signs.push(`${message} ${emoji}`);
          else known.signs.push(emoji);
          for (const resolve of this.#arrivals.splice(0)) resolve();
          return { type: "sent" };
        },
      },
      files: {
        maxBytes: 100_000,
        fetch: (reference) => Promise.reject(new AppError("not-found", `There is no ${reference}.`)),
        send: async (chat, reply, file) => this.#send(chat, reply, { file }),
      },
    };
  }

  #send(chat: string, reply: OutgoingReply, more: Pick<SeenReply, "options" | "file"> = {}): SendResult {
    this.sends.push(reply);
    if (reply.text.length > this.channel.traits.maxCharacters) {
      return { type: "refused", reason: "message is too long" };
    }
    if (this.#isHeld()) return { type: "not-sent", reason: "the platform is away" };
    const fate = this.#options.fate?.(reply, chat);
    if (fate !== undefined && fate !== "accepted") return fate;
    const known = this.channel.traits.isIdempotent
      ? this.seen.find((each) => each.key === reply.key && each.chat === chat)
      : undefined;
    const platformId = known?.platformId ?? String(this.seen.length + 1);
    if (known === undefined) {
      this.seen.push({ chat, key: reply.key, text: reply.text, platformId, signs: [], ...more });
    }
    for (const resolve of this.#arrivals.splice(0)) resolve();
    return fate === "accepted" ? { type: "unknown", reason: "no answer came" } : { type: "sent", platformId };
  }

  #edit(platformId: string, reply: OutgoingReply): SendResult {
    const fate = this.#options.fate?.(reply, "");
    if (fate !== undefined && fate !== "accepted") return fate;
    const known = this.seen.find((each) => each.platformId === platformId);
    if (known === undefined) return { type: "refused", reason: "there is no such message" };
    known.text = reply.text;
    for (const resolve of this.#arrivals.splice(0)) resolve();
    return { type: "sent", platformId };
  }
}
