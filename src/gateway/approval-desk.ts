import { listAnswers } from "../approvals/answers.ts";
import { toApprovalFacts, type ApprovalFacts } from "../approvals/approval-facts.ts";
import { formatCard, toButtons, toPieces, type CardText } from "../approvals/card.ts";
import { decideApproval } from "../approvals/decide-approval.ts";
import type { Actor } from "../authority/actor.ts";
import type { Channel, IncomingMessage } from "../channels/channel.ts";
import type { Clock } from "../clock.ts";
import { AppError, explain } from "../errors.ts";
import {
  findApproval,
  promiseChat,
  setCode,
  type Approval,
  type ApprovalAnswer,
} from "../store/approvals.ts";
import { findChatById, listPrivateChats, type Chat, type ChatAddress } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import { findGroup, getGroupById, mainGroup, type Group } from "../store/groups.ts";
import {
  toApprovalId,
  toChatId,
  type ApprovalId,
  type ChatId,
  type GroupId,
  type MessageId,
} from "../store/ids.ts";
import { addReply, findCardRequest } from "../store/replies.ts";
import { approvalWords } from "../words/english/approval.ts";
import type { ApprovalCards } from "../turns/approval-cards.ts";
import type { ChatSpeech } from "../outgoing/chat-speech.ts";
import { splitText } from "./split-text.ts";

export interface ApprovalDeskOptions {
  readonly clock: Clock;
  readonly speech: Pick<ChatSpeech, "approval" | "say">;
  readonly findChannel: (address: ChatAddress) => Channel | undefined;
  /** Whether what is written for the chat reaches a person now. */
  readonly canReach: (chat: ChatAddress) => boolean;
  /** A card is on disk, on its way to the chat. */
  readonly onPosted: (chat: ChatId) => void;
}

/** What a person did in a chat about a request. */
export interface DeskVisit {
  readonly chat: Chat;
  readonly group: Group;
  /** As the transport knows him. */
  readonly actor: Actor;
  readonly incoming: Pick<IncomingMessage, "text" | "press" | "editOf" | "reactionTo" | "isFromBot">;
}

/** What has come of it: for the message's row, for the person, and whose turn it is now. */
export interface DeskAnswer {
  readonly state: "answered" | "declined";
  readonly reason: string;
  readonly texts: readonly string[];
  readonly decided?: { readonly id: ApprovalId; readonly group: GroupId };
}

interface Typed {
  readonly verb: "approve" | "deny";
  readonly id?: number;
  readonly code?: string;
  readonly isAlways: boolean;
}

/** Of what the model wrote, as much as one reads before a press. */
const mostOnCard = 1500;
/** For the lines that tell what was left out. */
const slack = 300;
/** Of a request that is shown as a whole. */
const mostShown = 40_000;
const mostPieces = 20;
const defaultMostCharacters = 4000;

/** The owner's place in chats: his cards go out from here, and his presses and words on them come in. */
export class ApprovalDesk implements ApprovalCards {
  readonly #options: ApprovalDeskOptions;

  constructor(options: ApprovalDeskOptions) {
    this.#options = options;
  }

  async post(tx: Transaction, approval: Approval, group: Group): Promise<ChatId | undefined> {
    const main = await findGroup(tx, mainGroup);
    const chat = main === undefined ? undefined : await this.#findChat(tx, approval, main);
    if (main === undefined || chat === undefined) return undefined;
    const { speech, clock } = this.#options;
    const { text, isWhole } = this.#format(toApprovalFacts(approval, group.name), chat);
    const { id } = approval;
    await addReply(tx, {
      key: `a${id}c${chat.id}`,
      chat: chat.id,
      group: main.id,
      kind: "notice",
      text,
      approval: id,
      // What is not shown whole is not answered by one press.
      ...(isWhole ? { buttons: toButtons(approval, speech.approval) } : {}),
      now: clock.now(),
    });
    return chat.id;
  }

  posted(chat: ChatId): void {
    this.#options.onPosted(chat);
  }

  /** Undefined: it is about no request. Everything is decided in the transaction in which the message is written. */
  async receive(tx: Transaction, visit: DeskVisit): Promise<DeskAnswer | undefined> {
    const { press, text } = visit.incoming;
    const card = press === undefined ? undefined : await findCardRequest(tx, visit.chat.id, press.reply);
    const typed = press === undefined ? parseTyped(visit.incoming, text) : undefined;
    if (card === undefined && typed === undefined) return undefined;
    try {
      if (card !== undefined && press !== undefined) return await this.#press(tx, card, press.option, visit);
      return typed === undefined ? undefined : await this.#type(tx, typed, visit);
    } catch (error) {
      // Nothing was written before it was thrown.
      if (!(error instanceof AppError)) throw error;
      const problem = explain(error);
      return { state: "declined", reason: problem.message, texts: [this.#options.speech.say(problem)] };
    }
  }

  /** What the person is told, behind his message. */
  async reply(
    tx: Transaction,
    { texts, decided }: DeskAnswer,
    visit: DeskVisit,
    message: MessageId,
  ): Promise<void> {
    const { clock, findChannel } = this.#options;
    const { chat, group } = visit;
    if (decided !== undefined) await promiseChat(tx, decided.id, chat.id, message);
    const most = findChannel(chat)?.traits.maxCharacters ?? defaultMostCharacters;
    for (const [index, text] of texts.flatMap((each) => splitText(each, most)).entries()) {
      const reply = {
        key: `p${message}n${index}`,
        chat: chat.id,
        group: group.id,
        message,
        kind: "notice",
      } as const;
      await addReply(tx, { ...reply, text, now: clock.now() });
    }
  }

  async #press(tx: Transaction, id: ApprovalId, option: number, visit: DeskVisit): Promise<DeskAnswer> {
    const approval = await findApproval(tx, id);
    const answer = approval === undefined ? undefined : listAnswers(approval)[option];
    if (answer === undefined) throw new AppError("not-found", approvalWords.unknown({ id: String(id) }));
    return await this.#decide(tx, id, answer, visit);
  }

  async #type(tx: Transaction, { verb, id, code, isAlways }: Typed, visit: DeskVisit): Promise<DeskAnswer> {
    const { speech } = this.#options;
    if (visit.actor.kind !== "owner") {
      return {
        state: "declined",
        reason: "only the owner answers requests",
        texts: [speech.approval.onlyOwner],
      };
    }
    // A card may hold what only main may know.
    if (visit.group.name !== mainGroup || !visit.chat.isPrivate) {
      return {
        state: "declined",
        reason: "not in a private chat of main",
        texts: [speech.approval.onlyInMain],
      };
    }
    const known = id === undefined ? undefined : await findApproval(tx, toApprovalId(id));
    if (known === undefined)
      throw new AppError("not-found", approvalWords.unknown({ id: String(id ?? "?") }));
    if (verb === "deny") return await this.#decide(tx, known.id, "no", visit);
    const isConfirmed = known.code !== undefined && code === known.code;
    if (isConfirmed) return await this.#decide(tx, known.id, isAlways ? "always" : "once", visit);
    return await this.#show(tx, known, visit.chat);
  }

  async #decide(
    tx: Transaction,
    id: ApprovalId,
    answer: ApprovalAnswer,
    { actor }: DeskVisit,
  ): Promise<DeskAnswer> {
    const { speech, clock } = this.#options;
    const decided = await decideApproval(tx, { id, answer, actor, now: clock.now() });
    if (decided.type === "refused") {
      return { state: "declined", reason: decided.reason, texts: [speech.approval.onlyOwner] };
    }
    const { approval, group } = decided;
    const meant = approval.answer ?? answer;
    return {
      state: "answered",
      reason: `request #${id}: ${meant}`,
      texts: [speech.approval.decided({ id, answer: meant })],
      decided: { id, group: group.id },
    };
  }

  /** All of it, and the word that makes it count: only who has been shown it knows that. */
  async #show(tx: Transaction, approval: Approval, chat: Chat): Promise<DeskAnswer> {
    const { phrases, clock } = { phrases: this.#options.speech.approval, clock: this.#options.clock };
    const { id } = approval;
    if (approval.state !== "pending" || approval.expiresAt.getTime() <= clock.now()) {
      const state = approval.state === "pending" ? "expired" : approval.state;
      throw new AppError("conflict", approvalWords.over({ id, state }));
    }
    const code = createCode();
    await setCode(tx, id, code);
    const { name } = await getGroupById(tx, approval.group);
    const facts = toApprovalFacts(approval, name);
    const below = phrases.confirm({ id, code, hasAlways: listAnswers(approval).includes("always") });
    const room = this.#options.findChannel(chat)?.traits.maxCharacters ?? defaultMostCharacters;
    const whole = formatCard(facts, { phrases, most: mostShown, frame: "fence" });
    const shown = { state: "answered", reason: `request #${id} was shown` } as const;
    if (whole.isWhole && whole.text.length <= room) return { ...shown, texts: [whole.text, below] };
    const pieces = toPieces(facts, room);
    // What no chat can show whole is answered where it can be.
    if (pieces.length > mostPieces) return { ...shown, texts: [phrases.onlyThere({ id })] };
    const card = formatCard(facts, { phrases, most: "above", frame: "fence" });
    return { ...shown, texts: [...pieces, card.text, below] };
  }

  /** One message of the chat, with as much of what the model wrote as has room in it. */
  #format(facts: ApprovalFacts, chat: Chat): CardText {
    const { speech, findChannel } = this.#options;
    const room = findChannel(chat)?.traits.maxCharacters ?? defaultMostCharacters;
    const format = (most: number): CardText => {
      const { text, isWhole } = formatCard(facts, { phrases: speech.approval, most, frame: "fence" });
      const { id } = facts;
      const below = isWhole ? speech.approval.typed({ id }) : speech.approval.tooLong({ id });
      return { text: `${text}\n\n${below}`, isWhole };
    };
    const card = format(mostOnCard);
    const excess = card.text.length - room;
    if (excess <= 0) return card;
    const shorter = format(Math.max(0, Math.min(mostOnCard, facts.arguments.length) - excess - slack));
    return shorter.text.length <= room ? shorter : { text: speech.approval.tooLong(facts), isWhole: false };
  }

  /** One of those that wait for the answer, if it is the owner's alone; else the one in which he wrote last. */
  async #findChat(tx: Transaction, { chats }: Approval, main: Group): Promise<Chat | undefined> {
    const promised: unknown = JSON.parse(chats);
    for (const each of Array.isArray(promised) ? promised : []) {
      const chat = Array.isArray(each) ? await findChatById(tx, toChatId(each[0])) : undefined;
      if (chat?.group === main.id && chat.isPrivate) return chat;
    }
    const own = await listPrivateChats(tx, main.id);
    return own.find(this.#options.canReach) ?? own[0];
  }
}

/** `/approve 12`, `/approve 12 k7f3 always`, `/deny 12`: written by a person, as a message of its own. */
function parseTyped(incoming: DeskVisit["incoming"], text: string): Typed | undefined {
  const { editOf, reactionTo, isFromBot } = incoming;
  if (editOf !== undefined || reactionTo !== undefined || isFromBot === true) return undefined;
  const [, verb, number, code, always] =
    /^\s*\/(approve|deny)(?:@\w+)?(?:\s+#?(\d{1,15}))?(?:\s+([a-z0-9]{4}))?(?:\s+(always))?\s*$/i.exec(
      text,
    ) ?? [];
  if (verb === undefined) return undefined;
  const id = Number(number);
  return {
    verb: verb.toLowerCase() === "deny" ? "deny" : "approve",
    ...(Number.isSafeInteger(id) && id > 0 ? { id } : {}),
    ...(code === undefined ? {} : { code: code.toLowerCase() }),
    isAlways: always !== undefined,
  };
}

const letters = "abcdefghjkmnpqrstuvwxyz23456789";

/** Four signs that are read and typed without a mistake. */
function createCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(4));
  return [...bytes].map((byte) => letters[byte % letters.length]).join("");
}
