/** What chats are told of filters, limits and budgets. */
export interface GuardPhrases {
  readonly secretStruck: (facts: { secret: string; group: string }) => string;
  readonly secretInFile: (facts: { secret: string; group: string }) => string;
  readonly slowDown: (facts: { limit: number }) => string;
  readonly enoughToday: (facts: { limit: number }) => string;
  readonly groupEnoughToday: (facts: { limit: number }) => string;
  readonly botsStopped: (facts: { chat: string; rounds: number }) => string;
  readonly overBudget: (facts: { problem: string }) => string;
}

export const guardPhrases: GuardPhrases = {
  secretStruck: ({ secret, group }) =>
    `The secret ${secret} was about to be written into a chat of ${group}. I struck it out: nobody read it there. Ask yourself how it came to be known, and replace it if you cannot tell.`,
  secretInFile: ({ secret, group }) =>
    `A file with the secret ${secret} in it was about to be sent to a chat of ${group}. I did not send it. Ask yourself how it came to be known, and replace it if you cannot tell.`,
  slowDown: ({ limit }) =>
    `That is more than ${limit} messages in a minute: I do not answer all of them. Write again in a minute.`,
  enoughToday: ({ limit }) =>
    `You have asked me ${limit} times today, which is as often as I answer one person. I answer again after midnight.`,
  groupEnoughToday: ({ limit }) =>
    `I have answered ${limit} times in this group today, which is as often as I do. I answer again after midnight.`,
  botsStopped: ({ chat, rounds }) =>
    `In ${chat} a program and I have answered each other ${rounds} times: I stopped, and go on when a person writes there. How many rounds I allow: nanoclaw config set limits.botRounds NUMBER`,
  overBudget: ({ problem }) => `I answer nothing more here today. ${problem}`,
};
