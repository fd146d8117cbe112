/** What chats are told of filters, limits and budgets. */
export interface GuardPhrases {
  readonly secretStruck: (facts: { secret: string; group: string }) => string;
}

export const guardPhrases: GuardPhrases = {
  secretStruck: ({ secret, group }) =>
    `The secret ${secret} was about to be written into a chat of ${group}. I struck it out: nobody read it there. Ask yourself how it came to be known, and replace it if you cannot tell.`,
};
