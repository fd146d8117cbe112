/** Who somebody is to the owner: what he calls himself, cleaned, and his number. */
export interface Somebody {
  readonly name: string;
  readonly number: number;
  readonly channel: string;
}

/** What is said to people who are not known yet, or just became so, and to the owner of them. A line that begins with two spaces is to be typed. */
export interface PeoplePhrases {
  readonly pairedOwner: string;
  readonly pairedMember: (facts: { group: string }) => string;
  /** To the owner, of somebody who sent a code. */
  readonly hasPaired: (facts: Somebody & { group: string | undefined }) => string;
  readonly codePosted: (facts: Somebody & { chat: string; isPrivate: boolean }) => string;
  readonly codeNotAlone: string;
  readonly codeNotNeeded: string;
  readonly codeWrong: (facts: { isLast: boolean }) => string;
  /** Without a group: in private. */
  readonly stranger: (facts: { number: number; group: string | undefined }) => string;
  readonly chatOfNobody: (facts: { chat: number }) => string;
  readonly strangerWrote: (facts: Somebody & { group: string | undefined }) => string;
  readonly moreStrangers: string;
  readonly spokenTo: (facts: { title: string; channel: string; chat: number }) => string;
  readonly ownGroup: (facts: Somebody & { group: string }) => string;
  /** To somebody whom the owner has let in. */
  readonly allowed: (facts: { group: string; isShared: boolean }) => string;
}

export const peoplePhrases: PeoplePhrases = {
  pairedOwner:
    "Hello! You are my owner here from now on, and this chat is yours alone. What can I do for you?",
  pairedMember: ({ group }) =>
    `Hello! You may write to me here from now on. You talk to the assistant of the group ${group}: whoever is in it can learn from it what is said here.`,
  hasPaired: ({ group, ...who }) =>
    group === undefined
      ? `${call(who)} has sent a pairing code and is an owner now. If that was not you:\n  nanoclaw people remove ${who.number}`
      : `${call(who)} has sent a pairing code and may write in ${group} now.`,
  codePosted: ({ chat, isPrivate, ...who }) =>
    `${call(who)} has posted a pairing code ${isPrivate ? "where nobody can prove who he is" : `where others read it${chat === "" ? "" : `, in “${chat}”`}`}. It is void now. For a new one:\n  nanoclaw people pair`,
  codeNotAlone:
    "There is a code in your message. Send it alone, as a message of its own, and nothing else with it.",
  codeNotNeeded: "I know you already: you need no code here.",
  codeWrong: ({ isLast }) =>
    isLast
      ? "That is no code, or none any more. That were too many: for an hour I look at no code of yours."
      : "That is no code, or none any more: one is good for 15 minutes, and once. For a new one, where I run:\n  nanoclaw people pair",
  stranger: ({ number, group }) =>
    `I do not know you yet. If my owner wants to let you in, this is what to type where I run:\n  nanoclaw people allow ${number}${group === undefined ? "" : ` --group ${group}`}`,
  chatOfNobody: ({ chat }) =>
    `This chat belongs to none of my groups yet. Where I run, my owner can change that:\n  nanoclaw groups bind NAME ${chat}`,
  strangerWrote: ({ group, ...who }) =>
    `${call(who)} has written${group === undefined ? "" : ` in ${group}`}, and I do not know them. To let them in:\n  nanoclaw people allow ${who.number}${group === undefined ? "" : ` --group ${group}`}`,
  moreStrangers:
    "More strangers write today. I tell you of no other; this lists them:\n  nanoclaw people list",
  spokenTo: ({ title, channel, chat }) =>
    `I was spoken to in ${title === "" ? "a chat" : `“${title}”`} (${channel}), which belongs to no group. To answer there:\n  nanoclaw groups bind NAME ${chat}`,
  ownGroup: ({ group, ...who }) =>
    `${call(who)} is on the list allowFrom, has written for the first time and has a group of their own now: ${group}.`,
  allowed: ({ group, isShared }) =>
    isShared
      ? `You may write to me now. You talk to the assistant of the group ${group}: whoever is in it can learn from it what is said here.`
      : "You may write to me now. What is said here stays in this chat; only my owner can look it up.",
};

function call({ name, number, channel }: Somebody): string {
  return `${name === "" ? "Somebody" : `“${name}”`} (${channel}, person ${number})`;
}
