import type { AgentEvent } from "../agent/events.ts";
import type { Channel, OutgoingReply } from "../channels/channel.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { findChatById, type Chat, type ChatAddress } from "../store/chats.ts";
import type { AssistantMessage } from "../providers/provider.ts";
import type { Group } from "../store/groups.ts";
import type { Message } from "../store/messages.ts";
import { toTurnId, type TurnId } from "../store/ids.ts";
import { addDraft, findDraft, finishDraft, setPlatformId, type Reply } from "../store/replies.ts";
import type { Store } from "../store/store.ts";
import type { OutgoingFilter } from "../outgoing/outgoing-filter.ts";
import { StreamFilter } from "../outgoing/stream-filter.ts";

export interface ChatViewOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly findChannel: (address: ChatAddress) => Channel | undefined;
  readonly filter: OutgoingFilter;
  readonly log: Log;
}

/** Of an answer that is quicker nothing is shown before its end. */
const firstDraftMs = 800;
const betweenEditsMs = 1200;
const sendTimeoutMs = 10_000;

const sendingTools: ReadonlySet<string> = new Set(["send_message", "send_file", "ask_user"]);

function isSending(part: AssistantMessage["content"][number]): boolean {
  return part.type === "tool-call" && sendingTools.has(part.name);
}

/**
 * What a chat sees of a turn that goes on: that somebody writes, and where the platform can change what it was sent, the
 * words so far. Nothing of it can fail the turn.
 */
export class ChatView implements AsyncDisposable {
  readonly #options: ChatViewOptions;
  readonly #message: Message;
  readonly #group: Group;
  readonly #chat: Chat | undefined;
  readonly #channel: Channel | undefined;
  readonly #stop = new AbortController();
  readonly #stream: StreamFilter | undefined;
  #typing: Promise<void> = Promise.resolve();
  #draft: Reply | undefined;
  #turn: TurnId | undefined;
  #isClosed = false;
  #text = "";
  #shownAt = Number.POSITIVE_INFINITY;
  #update: Promise<void> | undefined;

  static async open(message: Message, group: Group, options: ChatViewOptions): Promise<ChatView> {
    const chat = await findChatById(options.store.database, message.chat);
    return new ChatView(message, group, chat, options);
  }

  constructor(message: Message, group: Group, chat: Chat | undefined, options: ChatViewOptions) {
    this.#options = options;
    this.#message = message;
    this.#group = group;
    this.#chat = chat;
    this.#channel = chat === undefined ? undefined : options.findChannel(chat);
    this.#typing = this.#showTyping();
    const stream = this.#channel?.stream;
    if (chat === undefined || stream === undefined) return;
    const place = { chat: chat.id, group: group.id, kind: "answer" } as const;
    this.#stream = new StreamFilter(options.filter, options.store.database, place, {
      isHeard: () => stream.isHeard(chat.chat),
      show: (event) => stream.show(chat.chat, event),
    });
  }

  /** Awaits what is on its way when an answer is whole: its last words must not overtake the ones before. */
  readonly show = async (event: AgentEvent): Promise<void> => {
    await this.#stream?.show(event);
    switch (event.type) {
      case "step-start":
        this.#text = "";
        return;
      case "text-delta":
        if (this.#text === "" && this.#draft === undefined) {
          this.#shownAt = this.#options.clock.monotonic() + firstDraftMs - betweenEditsMs;
        }
        this.#text += event.text;
        this.#updateDraft();
        return;
      case "turn-start":
        this.#turn = toTurnId(Number(event.turn));
        return;
      case "message-end":
        await this.#update;
        if (event.message.content.some(isSending)) await this.#closeDraft();
        return;
      default:
    }
  };

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#typing, this.#update]);
  }

  async #showTyping(): Promise<void> {
    const typing = this.#channel?.typing;
    if (typing === undefined || this.#chat === undefined) return;
    try {
      for (;;) {
        await typing.show(this.#chat.chat, this.#stop.signal);
        await this.#options.clock.sleep(typing.everyMs, this.#stop.signal);
      }
    } catch {
      // The end of the turn, or a platform that will not show it.
    }
  }

  /** What is sent now stands below what was said until now; the answer gets a place of its own below that. */
  async #closeDraft(): Promise<void> {
    const { store, log } = this.#options;
    const draft = this.#draft;
    const turn = this.#turn;
    if (draft === undefined || turn === undefined) return;
    this.#isClosed = true;
    const message = this.#message.id;
    const most = this.#channel?.traits.maxCharacters;
    const text = this.#text === "" ? draft.text : this.#text.slice(0, most);
    try {
      await store.database.transaction((tx) => finishDraft(tx, draft.id, { turn, message, text }));
    } catch (error) {
      log.warn("a draft could not be closed", { error });
    }
  }

  #updateDraft(): void {
    const { clock } = this.#options;
    // Where others read along, nothing is shown before it is whole.
    if (this.#channel?.edit === undefined || this.#chat?.isPrivate !== true || this.#isClosed) return;
    if (this.#channel.edit.isCostly === true) return;
    if (this.#update !== undefined || clock.monotonic() - this.#shownAt < betweenEditsMs) return;
    this.#shownAt = clock.monotonic();
    this.#update = this.#send(this.#channel, this.#chat)
      .catch((error: unknown) => this.#options.log.warn("a draft could not be shown", { error }))
      .finally(() => (this.#update = undefined));
  }

  async #send(channel: Channel, chat: Chat): Promise<void> {
    const { store, clock } = this.#options;
    const signal = AbortSignal.timeout(sendTimeoutMs);
    const { filter } = this.#options;
    const soFar = { text: this.#text, chat: chat.id, group: this.#group.id, kind: "answer" } as const;
    const text = (await filter.filterPart(store.database, soFar)).slice(0, channel.traits.maxCharacters);
    if (text.trim() === "") return;
    this.#draft ??= await findDraft(store.database, chat.id);
    this.#draft ??= await store.database.transaction((tx) =>
      addDraft(tx, {
        key: `d${this.#message.id}`,
        chat: chat.id,
        group: this.#group.id,
        message: this.#message.id,
        kind: "answer",
        text,
        now: clock.now(),
      }),
    );
    const draft = this.#draft;
    if (draft === undefined) return;
    const reply: OutgoingReply = { id: draft.id, key: draft.key, text };
    if (draft.platformId !== undefined) {
      await channel.edit?.edit(chat.chat, draft.platformId, reply, signal);
      return;
    }
    // Sent once: of a first send that nobody knows about, the last words tell.
    if (draft.attempts > 0) return;
    this.#draft = { ...draft, attempts: 1 };
    const result = await channel.send(chat.chat, reply, signal);
    if (result.type !== "sent" || result.platformId === undefined) return;
    const { platformId } = result;
    await store.database.transaction((tx) => setPlatformId(tx, draft.id, platformId));
    this.#draft = { ...draft, platformId };
  }
}
