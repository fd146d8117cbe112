import type { AgentEvent } from "../agent/events.ts";
import { createChatActor, type Actor } from "../authority/actor.ts";
import { clean } from "../authority/taint.ts";
import type { Channel } from "../channels/channel.ts";
import type { Clock } from "../clock.ts";
import { AppError, explain } from "../errors.ts";
import type { Log } from "../log.ts";
import { noUsage } from "../providers/provider.ts";
import {
  findApproval,
  finishApproval,
  listAllowed,
  listGroupsToCarryOut,
  type Approval,
} from "../store/approvals.ts";
import type { ChatAddress } from "../store/chats.ts";
import type { Reader } from "../store/database.ts";
import { getGroupById, type Group } from "../store/groups.ts";
import { toMessageId, type GroupId, type MessageId } from "../store/ids.ts";
import { findMessage, listGroupsWithWork, listWaiting, type Message } from "../store/messages.ts";
import { gatherOverheard, type SumUp } from "../hearing/gather.ts";
import type { ChatCommands } from "../slash/chat-commands.ts";
import { findPerson } from "../store/people.ts";
import { listApart } from "../store/unanswered-turns.ts";
import type { Store } from "../store/store.ts";
import { isOfTerminal, readActor } from "../turns/asking-actor.ts";
import { ChatRecord } from "./chat-record.ts";
import type { ChatSpeech } from "../outgoing/chat-speech.ts";
import { ChatView } from "./chat-view.ts";
import type { PersonMessage, TurnEnd } from "../turns/conversation.ts";
import { toPersonMessage } from "./chat-words.ts";
import type { ChatRequest } from "../turns/chat-request.ts";
import { GroupPump, type Leftover } from "./group-pump.ts";
import type { GroupQueue } from "./group-queue.ts";
import type { OwnerNotices } from "../notices/owner-notices.ts";
import type { Outbox } from "./outbox.ts";
import type { OutgoingFilter } from "../outgoing/outgoing-filter.ts";
import { hasOpenFiles, receiveFiles, type KeepFile, type Transcribe } from "../incoming/receive-files.ts";
import { reclaim } from "./reclaim.ts";
import { isShutdown } from "./shutdown.ts";

export interface ChatTurnsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly queue: GroupQueue;
  readonly outbox: Outbox;
  readonly findChannel: (address: ChatAddress) => Channel | undefined;
  readonly openConversation: (group: Group) => Promise<Answering>;
  readonly commands: Pick<ChatCommands, "isImmediate" | "perform">;
  readonly transcribe?: Transcribe;
  /** What a chat is told, in the owner's language. */
  readonly speech: ChatSpeech;
  /** Hears of what keeps us from answering. */
  readonly notices?: OwnerNotices;
  readonly filter: OutgoingFilter;
  readonly log: Log;
}

/** The part of a conversation that answers chats. */
export interface Answering {
  answer(
    request: ChatRequest,
    emit: (event: AgentEvent) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<TurnEnd>;
  /** In a few words, by the model of the group; without it what was overheard is only counted. */
  readonly sumUp?: SumUp;
  /** Puts a file that came along into the group's workspace. */
  readonly keepFile?: KeepFile;
}

/** From waiting messages to answers on disk: one turn at a time in a group, over all that waits there. */
export class ChatTurns {
  readonly #options: ChatTurnsOptions;
  /** The message over which a group's conversation was summed up last. */
  readonly #tooLong = new Map<GroupId, MessageId>();
  readonly #pump: GroupPump;

  constructor(options: ChatTurnsOptions) {
    this.#options = options;
    this.#pump = new GroupPump({
      ...options,
      lane: "people",
      serve: (group, signal) => this.#serve(group, signal),
      reclaim: (group, left) => reclaim(group, options, left === "ours"),
      retryMessage: "a turn is tried again later",
    });
  }

  /** Finds what waits and what an earlier process left: to be asked before anything new comes. Returns what takes it up. */
  async recover(left: Leftover): Promise<() => void> {
    const { database } = this.#options.store;
    const groups = new Set([
      ...(await listGroupsWithWork(database)),
      ...(await listGroupsToCarryOut(database)),
    ]);
    return this.#pump.recover([...groups], left);
  }

  /** No turn is tried again any more. */
  stop(): void {
    this.#pump.stop();
  }

  /** Something waits in the group. */
  wake(group: GroupId): void {
    this.#pump.wake(group);
  }

  /** One turn. True: more may wait. Throws when it has to be tried again later. */
  async #serve(groupId: GroupId, signal: AbortSignal): Promise<boolean> {
    const { store, clock, openConversation, commands, notices } = this.#options;
    const { database } = store;
    const all = await listWaiting(database, groupId);
    // Those that an earlier process left; the others are answered as they come.
    for (const message of all.filter((each) => commands.isImmediate(each))) {
      await commands.perform(message, signal);
    }
    const group = await getGroupById(database, groupId);
    if (await this.#carryOut(group, signal)) return true;
    if (all.length === 0) return false;
    const waiting = all.filter((each) => !commands.isImmediate(each));
    const first = waiting[0];
    if (first === undefined) return true;
    if (first.command !== undefined) {
      await using _ = await ChatView.open(first, group, this.#options);
      await commands.perform(first, signal);
      return true;
    }
    const apart = await listApart(database, waiting);
    const isApart = apart.has(first.id);
    const asked = isApart ? [first] : takeAlike(waiting, apart);
    const actor = await this.#findActor(first, group);
    await using view = await ChatView.open(asked.at(-1) ?? first, group, this.#options);
    const batch = await this.#withFiles(asked, group, actor, signal);
    const sumUp: SumUp = async (text, until) => await (await openConversation(group)).sumUp?.(text, until);
    const overheard = await gatherOverheard(groupId, { database, clock, sumUp }, signal);
    const mayBeShortened = this.#tooLong.get(groupId) !== first.id;
    const record = new ChatRecord(batch, overheard, {
      ...this.#options,
      group,
      signal,
      mayBeShortened,
      isApart,
    });
    const { taint = clean } = await toPersonMessage(database, batch, overheard);
    const end = await this.#answer(
      openConversation,
      { group, actor, taint, record, view, isTooLong: !mayBeShortened },
      signal,
    );
    await view[Symbol.asyncDispose]();
    const outcome = await record.settle(end);
    for (const chat of record.wakes) this.#options.outbox.wake(chat);
    if (end.error !== undefined) notices?.tell();
    else if (outcome === "done" && end.reason !== "aborted") void notices?.settle("model", "chats");
    if (outcome === "done" || outcome === "apart") return true;
    if (outcome === "later" && end.error?.code === "too-long") {
      this.#tooLong.set(groupId, first.id);
      return true;
    }
    if (outcome === "lost") this.#pump.leave(groupId, end);
    throw new AppError("network", end.error?.message ?? "The turn did not end.");
  }

  /** One turn over what the owner has allowed since. False: there is nothing, or it is a terminal's to do. */
  async #carryOut(group: Group, signal: AbortSignal): Promise<boolean> {
    const { store, openConversation, outbox } = this.#options;
    const { database } = store;
    const allowed = (await listAllowed(database, group.id)).find((each) => !isOfTerminal(each));
    if (allowed === undefined) return false;
    const { id, session } = allowed;
    const batch = await readPromised(database, allowed);
    const nothing = { recent: [], taint: 0 };
    const record = new ChatRecord(batch, nothing, { ...this.#options, group, signal, isContinuation: true });
    const last = batch.at(-1);
    const view = last === undefined ? undefined : await ChatView.open(last, group, this.#options);
    const actor = readActor(allowed, group.name);
    const end = await this.#answer(
      openConversation,
      { group, actor, taint: clean, record, view, session },
      signal,
    );
    await view?.[Symbol.asyncDispose]();
    await record.settle(end);
    for (const chat of record.chats().keys()) outbox.wake(chat);
    const after = await findApproval(database, id);
    const isUntouched = after?.state === allowed.state && after.carriedBy === allowed.carriedBy;
    // A turn that could not even begin to do it would be tried for ever.
    if (isUntouched && !isShutdown(signal.reason)) await database.transaction((tx) => finishApproval(tx, id));
    return true;
  }

  async #answer(
    openConversation: ChatTurnsOptions["openConversation"],
    turn: Omit<ChatRequest, "takeJoining" | "record"> & {
      readonly group: Group;
      readonly record: ChatRecord;
      readonly view: ChatView | undefined;
    },
    signal: AbortSignal,
  ): Promise<TurnEnd> {
    const { group, view, ...request } = turn;
    const { record } = request;
    try {
      const conversation = await openConversation(group);
      const takeJoining = (stop: AbortSignal): Promise<readonly PersonMessage[]> =>
        this.#takeJoining(group, request.actor, record, stop);
      return await conversation.answer({ ...request, takeJoining }, view?.show ?? (() => {}), signal);
    } catch (error) {
      const code = error instanceof AppError ? error.code : "bug";
      if (code === "bug")
        this.#options.log.error("a group could not be opened", { group: group.name, error });
      return {
        type: "turn-end",
        reason: "error",
        text: "",
        usage: noUsage,
        error: { code, ...explain(error) },
      };
    }
  }

  /** What has come meanwhile from the same kind of person: nobody lends another his rights. */
  async #takeJoining(
    group: Group,
    actor: Actor,
    record: ChatRecord,
    signal: AbortSignal,
  ): Promise<readonly PersonMessage[]> {
    const { database } = this.#options.store;
    const { commands } = this.#options;
    const waiting = (await listWaiting(database, group.id)).filter((each) => !commands.isImmediate(each));
    const fresh = waiting.filter(({ id }) => !record.has(id));
    const apart = await listApart(database, waiting);
    // What is tried by itself is not joined, and joins nothing.
    const isOpen = !record.isApart && fresh[0]?.personKind === record.personKind;
    const mine = isOpen ? takeAlike(fresh, apart) : [];
    const alike = await this.#withFiles(mine, group, actor, signal);
    return await Promise.all(
      alike.map(async (message) => {
        record.expect(message);
        return { ...(await toPersonMessage(database, [message])), inbox: message.id };
      }),
    );
  }

  /** The messages with what came along, as far as it could be had. A group that cannot be opened says so when it answers. */
  async #withFiles(
    messages: readonly Message[],
    group: Group,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<readonly Message[]> {
    if (!hasOpenFiles(messages)) return messages;
    const { store, openConversation, transcribe = deaf } = this.#options;
    const keep: KeepFile = async (file, from, stop) => {
      const { keepFile } = await openConversation(group);
      if (keepFile === undefined) throw new AppError("not-found", "This group has no workspace for files.");
      return await keepFile(file, from, stop);
    };
    const options = { ...this.#options, database: store.database, keep, transcribe };
    return await receiveFiles(messages, actor, options, signal);
  }

  async #findActor({ person: id, personKind, chat }: Message, group: Group): Promise<Actor> {
    const { store } = this.#options;
    const person = id === undefined ? undefined : await findPerson(store.database, id);
    if (person === undefined) throw new Error(`Nobody wrote in chat ${chat}`);
    // As it was decided when the message came: only one who was proven is an owner.
    return createChatActor(personKind, person, group.name, personKind === "owner");
  }
}

const deaf: Transcribe = async () => ({ problem: "I cannot hear recordings here." });

/** As many as come from the same kind of person, in their order; nothing passes a command, or one that is tried by itself. */
function takeAlike(messages: readonly Message[], apart: ReadonlySet<MessageId>): readonly Message[] {
  const other = messages.findIndex(
    ({ id, personKind, command }) =>
      command !== undefined || personKind !== messages[0]?.personKind || apart.has(id),
  );
  return other < 0 ? messages : messages.slice(0, other);
}

/** The messages whose chats wait for what comes of it. */
async function readPromised(reader: Reader, { chats }: Approval): Promise<readonly Message[]> {
  const promised: unknown = JSON.parse(chats);
  const messages: Message[] = [];
  for (const each of Array.isArray(promised) ? promised : []) {
    const message = Array.isArray(each) ? await findMessage(reader, toMessageId(each[1])) : undefined;
    if (message !== undefined) messages.push(message);
  }
  return messages;
}
