import type { PersonKind } from "../authority/actor.ts";
import type { decideIn } from "../authority/authority.ts";
import type { IncomingMessage } from "../channels/channel.ts";
import type { Config } from "../config.ts";
import { cleanName } from "./clean-name.ts";
import { grantPairing } from "./grant-pairing.ts";
import { takeCode, type CodeLimits } from "./take-code.ts";
import type { claimAllowedName } from "../store/allowed-names.ts";
import type { Chat } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import { findGroupById } from "../store/groups.ts";
import type { ChatId, GroupId, MessageId } from "../store/ids.ts";
import type { NewMessage } from "../store/messages.ts";
import type { PairingGrant } from "../store/pairing-codes.ts";
import type { Person } from "../store/people.ts";
import { addReply } from "../store/replies.ts";
import type { PeoplePhrases, Somebody } from "../words/english/people-phrases.ts";

export interface ReceptionOptions {
  /** As it is now. */
  readonly readConfig: () => Config;
  readonly phrases: PeoplePhrases;
  readonly decide: typeof decideIn;
  readonly claimName: typeof claimAllowedName;
  readonly codeLimits: CodeLimits;
  /** Puts something before the owner. */
  readonly tell: (
    tx: Transaction,
    notice: { readonly key: string; readonly text: string; readonly now: number },
  ) => Promise<Pick<Chat, "id"> | undefined>;
}

/** Somebody at the door. */
export interface Visit {
  readonly incoming: IncomingMessage;
  readonly person: Person;
  readonly chat: Chat;
  readonly kind: PersonKind;
  /** By the channel's word. */
  readonly isProven: boolean;
  readonly now: number;
}

/** What becomes of a message that holds a code, or was meant to; its words are kept nowhere. */
export interface CodeOutcome extends Pick<NewMessage, "state" | "reason" | "personKind" | "group"> {
  readonly words: Words;
  /** Chats in which something waits already. */
  readonly woken?: readonly ChatId[];
}

/** What is said about a message that no turn answers. */
export interface Words {
  readonly notice?: string;
  readonly told?: string;
}

/** What stands in a message's place that held a code. */
export const hiddenCode = "[pairing code]";

/** Undefined: the message has nothing to do with codes. */
export async function receiveCode(
  tx: Transaction,
  visit: Visit,
  options: ReceptionOptions,
): Promise<CodeOutcome | undefined> {
  const { chat, kind, isProven, incoming } = visit;
  const { phrases, codeLimits: limits } = options;
  const taken = await takeCode(tx, { ...visit, ...options, authenticatesSenders: isProven, limits });
  const declined = { state: "declined", personKind: kind, group: chat.group } as const;
  switch (taken.type) {
    case "none":
      return undefined;
    case "live":
      return await welcome(tx, taken.grant, visit, options);
    case "void": {
      const place = { chat: cleanName(chat.title), isPrivate: incoming.isPrivate };
      const told = phrases.codePosted({ ...toSomebody(visit.person), ...place });
      return { ...declined, reason: `it held a pairing code, void now. ${taken.reason}`, words: { told } };
    }
    case "not-alone":
      return {
        ...declined,
        reason: "it held a pairing code among other words",
        words: { notice: phrases.codeNotAlone },
      };
    case "needless": {
      const reason = "it held a pairing code, and the owner needs none";
      return { ...declined, state: "answered", reason, words: { notice: phrases.codeNotNeeded } };
    }
    case "wrong": {
      const notice = phrases.codeWrong({ isLast: taken.isLast });
      return { ...declined, reason: "no pairing code, or none any more", words: { notice } };
    }
    case "ignored":
      return { ...declined, reason: "too many wrong pairing codes in an hour", words: {} };
    default:
      return taken satisfies never;
  }
}

async function welcome(
  tx: Transaction,
  grant: PairingGrant,
  visit: Visit,
  { phrases, tell, decide }: ReceptionOptions,
): Promise<CodeOutcome> {
  const { person, chat, now } = visit;
  const known = grant.makes === "member" ? await findGroupById(tx, grant.group) : undefined;
  const text = phrases.hasPaired({ ...toSomebody(person), group: known?.name });
  // Before the chat is main's: who was there first is to hear of it.
  const key = `paired${person.id}at${now}`;
  const told = await tell(tx, { key, text, now });
  const group = await grantPairing(tx, grant, { person, chat, now, decide });
  return {
    state: "answered",
    reason: `a pairing code: ${grant.makes} of ${group.name} from now on`,
    personKind: grant.makes,
    group: group.id,
    woken: told === undefined ? [] : [told.id],
    words: {
      notice: grant.makes === "owner" ? phrases.pairedOwner : phrases.pairedMember({ group: group.name }),
    },
  };
}

/** Says it, in the message's own transaction. Returns the chats in which something waits. */
export async function speak(
  tx: Transaction,
  { notice, told }: Words,
  about: {
    readonly message: MessageId;
    readonly chat: ChatId;
    readonly group: GroupId | undefined;
    readonly now: number;
  },
  { tell }: Pick<ReceptionOptions, "tell">,
): Promise<readonly ChatId[]> {
  const { message, chat, group, now } = about;
  const woken: ChatId[] = [];
  if (notice !== undefined) {
    await addReply(tx, { key: `n${message}`, chat, group, message, kind: "notice", text: notice, now });
    woken.push(chat);
  }
  if (told !== undefined) {
    const owner = await tell(tx, { key: `n${message}m`, text: told, now });
    if (owner !== undefined) woken.push(owner.id);
  }
  return woken;
}

export function toSomebody({ id, displayName, channel }: Person): Somebody {
  return { name: cleanName(displayName), number: id, channel };
}
