import { createChatActor, type PersonKind } from "../authority/actor.ts";
import { clean, toTaintBits } from "../authority/taint.ts";
import type { Channel, IncomingMessage, Receipt } from "../channels/channel.ts";
import type { Clock } from "../clock.ts";
import { hear, keepAttention, type Meaning } from "../hearing/hear.ts";
import { admit, type Admittance } from "../people/admit.ts";
import { answerStranger } from "../people/answer-stranger.ts";
import { settleInOwnGroup } from "../people/own-group.ts";
import { bindChat, seeChat, setChatPerson, type Chat } from "../store/chats.ts";
import type { Database, Transaction } from "../store/database.ts";
import { findGroup, findGroupById, getGroupById, mainGroup, type Group } from "../store/groups.ts";
import type { ChatId, GroupId, MessageId } from "../store/ids.ts";
import { findKnownMessage, receiveMessage, type NewMessage } from "../store/messages.ts";
import { isMember, seePerson, type Person } from "../store/people.ts";
import { closeQuestion } from "../store/questions.ts";
import {
  hiddenCode,
  receiveCode,
  speak,
  toSomebody,
  type ReceptionOptions,
  type Visit,
  type Words,
} from "../people/reception.ts";
import { findAnswer, type Answer } from "./find-answer.ts";
import type { GuardPhrases } from "../words/english/guard-phrases.ts";
import { answerOverLimit } from "./answer-over-limit.ts";
import { hasOthersContent, toMessageBody } from "../incoming/incoming-body.ts";
import { findReachedRate } from "./rate-limits.ts";
import type { ApprovalDesk } from "./approval-desk.ts";

export interface InboxOptions extends ReceptionOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly guard: GuardPhrases;
  /** After the message is on disk. */
  readonly onArrival: (arrival: Arrival) => void;
  /** A reply waits for the chat that belongs to no turn. */
  readonly onReply: (chat: ChatId) => void;
  /** Where presses and words about requests go. */
  readonly approvals?: ApprovalDesk;
}

/** A message that somebody may write here. */
export interface Arrival {
  readonly message: MessageId;
  readonly chat: Chat;
  readonly group: Group;
  /** `told`: it was answered at once. */
  readonly means: Meaning["means"] | "told";
  /** Its name, when it is one. */
  readonly command: string | undefined;
  /** The group in which the owner's answer is carried out. */
  readonly decidedIn?: GroupId;
}

type Received = Receipt & { readonly arrival?: Arrival; readonly woken?: readonly ChatId[] };
type Sender = Pick<Channel, "name" | "account" | "traits">;
type Row = Omit<NewMessage, "state" | "reason">;

const onlyInPrivate = "main answers in private chats only";

/** How what arrives becomes a row: who wrote it, to which group, whether he may, and whether the assistant is meant. */
export class Inbox {
  readonly #options: InboxOptions;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** One transaction: when it resolves, the message is on disk with what was decided about it, and may be acknowledged. */
  async receive(channel: Sender, incoming: IncomingMessage): Promise<Receipt> {
    const { database, clock, onArrival, onReply } = this.#options;
    const { arrival, woken, ...receipt } = await database.transaction((tx) =>
      this.#write(tx, channel, incoming, clock.now()),
    );
    for (const chat of woken ?? []) onReply(chat);
    if (arrival !== undefined) onArrival(arrival);
    return receipt;
  }

  async #write(tx: Transaction, channel: Sender, incoming: IncomingMessage, now: number): Promise<Received> {
    const { sender, title, isPrivate } = incoming;
    const address = { channel: channel.name, account: channel.account };
    const seen = await seeChat(tx, { ...address, chat: incoming.chat, title, isPrivate, now });
    const known = await findKnownMessage(tx, seen.id, incoming.id);
    if (known !== undefined) return { type: "known", message: known };

    const isProven = channel.traits.authenticatesSenders;
    const holdsToken = isProven && sender.isOwner === true;
    const who = { ...address, sender: sender.id, displayName: sender.name, holdsToken, now };
    const person = await seePerson(tx, who);
    if (isPrivate && seen.person === undefined) await setChatPerson(tx, seen.id, person.id);
    const isOwner = isProven && (person.isOwner || holdsToken);
    const admittance = isOwner ? { isAllowed: false } : await this.#admit(tx, person, incoming, now);
    const kind = isOwner ? "owner" : await findKind(tx, seen.group, person, admittance);
    const visit: Visit = { incoming, person, chat: seen, kind, isProven, now };
    const outcome = await receiveCode(tx, visit, this.#options);
    if (outcome !== undefined) {
      const { words, state, reason, ...about } = outcome;
      const row = { ...toRow(visit, about.group, about.personKind), body: { text: hiddenCode } };
      const id = await receiveMessage(tx, { ...row, state, reason });
      const spoken = await speak(tx, words, { ...row, message: id }, this.#options);
      const woken = [...spoken, ...(outcome.woken ?? [])];
      return state === "declined"
        ? { type: "declined", reason: reason ?? "", woken }
        : { type: "accepted", message: id, woken };
    }
    return await this.#enter(tx, visit, admittance);
  }

  /** To the group of the chat, if he may write there. */
  async #enter(tx: Transaction, before: Visit, admittance: Admittance): Promise<Received> {
    const { incoming, person, isProven, now } = before;
    const { isPrivate } = incoming;
    const place = await this.#findPlace(tx, before, admittance);
    const visit: Visit = { ...before, ...place };
    const { chat, kind } = visit;
    const bound = chat.group === undefined ? undefined : await findGroupById(tx, chat.group);
    // A platform may let others into what was a private chat: main answers nobody there.
    const isOpened = bound?.name === mainGroup && !isPrivate;
    const group = isOpened ? undefined : bound;
    const answer = await findAnswer(tx, chat.id, incoming, now);
    const row = withAnswer(toRow(visit, group?.id, kind), answer);
    if (place.refusal !== undefined) return await this.#decline(tx, row, place.refusal);

    const heard = await hear(tx, { incoming, chat, person, group: group?.id, now });
    const turnAway = async (why: string): Promise<Received> => {
      const words = heard.isAddressed ? await this.#answerStranger(tx, visit, group) : {};
      return await this.#decline(tx, row, admittance.problem ?? why, words);
    };
    if (isOpened) return await turnAway(onlyInPrivate);
    if (group === undefined) return await turnAway(place.problem ?? "the chat belongs to no group");

    const actor = createChatActor(kind, person, group.name, isProven);
    const object = { group: group.name, name: incoming.chat };
    const question = { actor, action: "message.write", object, taint: clean } as const;
    const decision = await this.#options.decide(tx, question, now);
    if (decision.verdict !== "allow") return await turnAway(decision.reason);

    const facts = { chat, group, actor, incoming };
    const settled = await this.#options.approvals?.receive(tx, facts);
    if (settled !== undefined) {
      const { state, reason: why, decided } = settled;
      const id = await receiveMessage(tx, { ...row, state, reason: why });
      await this.#options.approvals?.reply(tx, settled, facts, id);
      const where = decided === undefined ? {} : { decidedIn: decided.group };
      const arrival = { message: id, chat, group, means: "told", command: undefined, ...where } as const;
      return { type: "accepted", message: id, arrival };
    }
    if (answer.type === "unknown-button") {
      return await this.#decline(tx, row, "the button belongs to no question of this chat");
    }

    // What answers a question is for us, and no command, whatever its words.
    const meaning = answer.type === "option" ? toAnswerMeaning(heard, answer.reason) : heard;
    const { means, reason, command } = meaning;
    if (meaning.means !== "overheard" && meaning.command !== "stop") {
      const asking = {
        ...row,
        group: group.id,
        isOwner: kind === "owner",
        isFromBot: row.isFromBot === true,
        isCommand: means === "command",
      };
      const { readConfig, guard, tell } = this.#options;
      const reached = await findReachedRate(tx, asking, readConfig().limits);
      if (reached !== undefined) {
        const declined = await this.#decline(tx, row, reached.reason);
        const told = { chat, group: group.id, now, phrases: guard, tell };
        return { ...declined, woken: await answerOverLimit(tx, reached, told) };
      }
    }
    await keepAttention(tx, meaning, { chat, person, now });
    // Only now: who may not write here answers nothing either.
    const isGoingOn = answer.type === "option" || (answer.type === "none" && answer.isOpen && isPrivate);
    if (means === "turn" && isGoingOn) await closeQuestion(tx, chat.id);
    const state = means === "overheard" ? "overheard" : "received";
    const id = await receiveMessage(tx, { ...row, state, reason, command });
    const woken = await speak(tx, place.words ?? {}, { ...row, message: id }, this.#options);
    return { type: "accepted", message: id, arrival: { message: id, chat, group, means, command }, woken };
  }

  async #findPlace(tx: Transaction, visit: Visit, admittance: Admittance): Promise<Place> {
    const { incoming, person, chat, kind, isProven, now } = visit;
    const { decide, phrases } = this.#options;
    if (kind === "owner") return { kind, ...(await this.#bind(tx, visit)) };
    const { isAllowed, isShut = false, problem } = admittance;
    if (isShut) return { kind, chat, refusal: problem ?? "nobody writes here" };
    const isNew = chat.group === undefined && incoming.isPrivate && incoming.isFromBot !== true;
    if (!isNew || !isAllowed) return { kind, chat };
    const settled = await settleInOwnGroup(tx, { person, chat, isProven, now, decide });
    if ("problem" in settled) return { kind, chat, problem: settled.problem };
    const { group, isNew: isFirst } = settled;
    const told = phrases.ownGroup({ ...toSomebody(person), group: group.name });
    return {
      kind: "member",
      chat: { ...chat, group: group.id },
      ...(isFirst ? { words: { told } } : {}),
    };
  }

  /** The owner's private chats are main's, and one that is nobody's is that of the group he names. */
  async #bind(
    tx: Transaction,
    { incoming: { group: wanted, isPrivate }, chat, person, now }: Visit,
  ): Promise<Pick<Place, "chat" | "refusal">> {
    if (wanted === undefined && (chat.group !== undefined || !isPrivate)) return { chat };
    const name = wanted ?? mainGroup;
    const group = await findGroup(tx, name);
    if (group === undefined) return { chat, refusal: `there is no group "${name}"` };
    if (chat.group === group.id) return { chat };
    if (chat.group !== undefined) {
      const holder = await getGroupById(tx, chat.group);
      const fix = `write in another chat, or part them first: nanoclaw groups unbind ${chat.id}`;
      return { chat, refusal: `this chat belongs to the group "${holder.name}"; ${fix}` };
    }
    if (group.name === mainGroup && !isPrivate) return { chat, refusal: onlyInPrivate };
    const actor = createChatActor("owner", person, group.name, true);
    const object = { group: group.name, name: `${chat.channel} ${chat.chat}` };
    const question = { actor, action: "chat.bind", object, taint: clean } as const;
    const decision = await this.#options.decide(tx, question, now);
    if (decision.verdict !== "allow") return { chat, refusal: decision.reason };
    await bindChat(tx, chat.id, group.id);
    return { chat: { ...chat, group: group.id } };
  }

  /** Nothing where nobody proves who sends: a mail that answers mail by itself goes round for ever. */
  async #answerStranger(tx: Transaction, visit: Visit, group: Group | undefined): Promise<Words> {
    const { incoming, kind, isProven } = visit;
    const isPlain =
      incoming.editOf === undefined && incoming.press === undefined && incoming.reactionTo === undefined;
    if (!isProven || !isPlain || incoming.isFromBot === true) return {};
    const { phrases } = this.#options;
    return await answerStranger(tx, { ...visit, isOwner: kind === "owner", group: group?.name, phrases });
  }

  async #decline(tx: Transaction, row: Row, reason: string, words: Words = {}): Promise<Received> {
    const message = await receiveMessage(tx, { ...row, state: "declined", reason });
    return {
      type: "declined",
      reason,
      woken: await speak(tx, words, { ...row, message }, this.#options),
    };
  }

  #admit(tx: Transaction, person: Person, incoming: IncomingMessage, now: number): Promise<Admittance> {
    const { readConfig, claimName } = this.#options;
    const { sender, chat, isPrivate } = incoming;
    const { channel } = person;
    return admit(tx, readConfig(), { channel, sender, chat, isPrivate, person, now, claimName });
  }
}

/** Where a message belongs, and as what its sender writes there. */
interface Place extends Pick<Visit, "chat" | "kind"> {
  /** It goes nowhere, and nothing is said about it. */
  readonly refusal?: string;
  /** Why it belongs to no group. */
  readonly problem?: string;
  readonly words?: Words;
}

function toRow(
  { incoming, person, chat, now }: Visit,
  group: GroupId | undefined,
  personKind: PersonKind,
): Row {
  const body = toMessageBody(incoming);
  return {
    chat: chat.id,
    message: incoming.id,
    person: person.id,
    personKind,
    group,
    body,
    taint: toTaintBits({ ...clean, sawUntrusted: personKind !== "owner" || hasOthersContent(body) }),
    isFromBot: incoming.isFromBot === true,
    sentAt: incoming.sentAt,
    now,
  };
}

/** What was chosen, in our own words. */
function withAnswer(row: Row, answer: Answer): Row {
  return answer.type === "option" ? { ...row, body: { ...row.body, text: answer.text } } : row;
}

/** Main is the owner's alone. */
async function findKind(
  tx: Transaction,
  group: GroupId | undefined,
  person: Person,
  { isAllowed }: Admittance,
): Promise<"member" | "stranger"> {
  if (group === undefined || (await findGroupById(tx, group))?.name === mainGroup) return "stranger";
  return isAllowed || (await isMember(tx, group, person.id)) ? "member" : "stranger";
}

function toAnswerMeaning({ attention }: Meaning, reason: string): Meaning {
  return { means: "turn", command: undefined, reason, isAddressed: true, attention };
}
