import { createChatActor } from "../authority/actor.ts";
import { decideIn } from "../authority/authority.ts";
import { clean, toTaintBits } from "../authority/taint.ts";
import type { Channel, IncomingMessage, Receipt } from "../channels/channel.ts";
import type { Clock } from "../clock.ts";
import { bindChat, seeChat, type Chat } from "../store/chats.ts";
import type { Database, Transaction } from "../store/database.ts";
import { readGroupSettings } from "../store/group-settings.ts";
import { findGroup, findGroupById, mainGroup, type Group } from "../store/groups.ts";
import type { MessageId } from "../store/ids.ts";
import { findKnownMessage, receiveMessage, type NewMessage } from "../store/messages.ts";
import { isMember, seePerson, type Person } from "../store/people.ts";
import { findAddressing } from "./triggers.ts";

export interface InboxOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** After the message is on disk. */
  readonly onArrival: (arrival: Arrival) => void;
}

/** A message that somebody may write here. */
export interface Arrival {
  readonly message: MessageId;
  readonly chat: Chat;
  readonly group: Group;
  /** `stop`: whoever wrote it may stop what runs. `overheard`: nobody is asked anything. */
  readonly means: "turn" | "stop" | "overheard";
}

type Received = Receipt & { readonly arrival?: Arrival };

/** How what arrives becomes a row: who wrote it, to which group, whether he may, and whether the assistant is meant. */
export class Inbox {
  readonly #options: InboxOptions;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** One transaction: when it resolves, the message is on disk with what was decided about it, and may be acknowledged. */
  async receive(
    channel: Pick<Channel, "name" | "account" | "traits">,
    incoming: IncomingMessage,
  ): Promise<Receipt> {
    const { database, clock, onArrival } = this.#options;
    const { arrival, ...receipt } = await database.transaction((tx) =>
      this.#write(tx, channel, incoming, clock.now()),
    );
    if (arrival !== undefined) onArrival(arrival);
    return receipt;
  }

  async #write(
    tx: Transaction,
    { name, account, traits }: Pick<Channel, "name" | "account" | "traits">,
    incoming: IncomingMessage,
    now: number,
  ): Promise<Received> {
    const { sender, title, isPrivate } = incoming;
    const address = { channel: name, account };
    const seen = await seeChat(tx, { ...address, chat: incoming.chat, title, isPrivate, now });
    const known = await findKnownMessage(tx, seen.id, incoming.id);
    if (known !== undefined) return { type: "known", message: known };
    const person = await seePerson(tx, { ...address, sender: sender.id, displayName: sender.name, now });
    const isOwner = traits.authenticatesSenders && (person.isOwner || sender.isOwner === true);
    const { chat, problem } = isOwner ? await bind(tx, seen, incoming, person, now) : { chat: seen };
    const group = chat.group === undefined ? undefined : await findGroupById(tx, chat.group);
    const personKind = isOwner ? "owner" : await findKind(tx, group, person);
    const images = incoming.images ?? [];
    const row: Omit<NewMessage, "state" | "reason"> = {
      chat: chat.id,
      message: incoming.id,
      person: person.id,
      personKind,
      group: group?.id,
      body: images.length === 0 ? { text: incoming.text } : { text: incoming.text, images },
      // What a picture shows was made by anybody.
      taint: toTaintBits({ ...clean, sawUntrusted: !isOwner || images.length > 0 }),
      sentAt: incoming.sentAt,
      now,
    };
    if (group === undefined || problem !== undefined) {
      return await decline(tx, row, problem ?? "the chat belongs to no group");
    }
    const actor = createChatActor(
      personKind,
      { ...address, sender: sender.id },
      group.name,
      traits.authenticatesSenders,
    );
    const isStop = /^\/stop\s*$/i.test(incoming.text.trim());
    const object = { group: group.name, name: incoming.chat };
    const action = isStop ? "turn.stop" : "message.write";
    const decision = await decideIn(tx, { actor, action, object, taint: clean }, now);
    if (decision.verdict !== "allow") return await decline(tx, row, decision.reason);
    const heard = { text: incoming.text, isPrivate, isMention: incoming.isMention === true };
    const { isAddressed, reason } = findAddressing(heard, await readGroupSettings(tx, group.id));
    const means = isStop ? "stop" : isAddressed ? "turn" : "overheard";
    const state = ({ stop: "answered", turn: "received", overheard: "overheard" } as const)[means];
    const id = await receiveMessage(tx, { ...row, state, reason });
    return { type: "accepted", message: id, arrival: { message: id, chat, group, means } };
  }
}

async function decline(
  tx: Transaction,
  row: Omit<NewMessage, "state" | "reason">,
  reason: string,
): Promise<Receipt> {
  await receiveMessage(tx, { ...row, state: "declined", reason });
  return { type: "declined", reason };
}

/** The owner's private chats are main's, or those of the group that he names. */
async function bind(
  tx: Transaction,
  chat: Chat,
  { group: wanted, isPrivate }: IncomingMessage,
  person: Person,
  now: number,
): Promise<{ readonly chat: Chat; readonly problem?: string }> {
  if (wanted === undefined && (chat.group !== undefined || !isPrivate)) return { chat };
  const name = wanted ?? mainGroup;
  const group = await findGroup(tx, name);
  if (group === undefined) return { chat, problem: `there is no group "${name}"` };
  if (chat.group === group.id) return { chat };
  const actor = createChatActor("owner", person, group.name, true);
  const object = { group: group.name, name: `${chat.channel} ${chat.chat}` };
  const decision = await decideIn(tx, { actor, action: "chat.bind", object, taint: clean }, now);
  if (decision.verdict !== "allow") return { chat, problem: decision.reason };
  await bindChat(tx, chat.id, group.id);
  return { chat: { ...chat, group: group.id } };
}

async function findKind(
  tx: Transaction,
  group: Group | undefined,
  person: Person,
): Promise<"member" | "stranger"> {
  if (group === undefined) return "stranger";
  return (await isMember(tx, group.id, person.id)) ? "member" : "stranger";
}
