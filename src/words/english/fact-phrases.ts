/** What stands before a fact, in a list of such. */
export interface FactPhrases {
  readonly group: string;
  readonly session: string;
  readonly entries: (facts: { session: string; entries: number }) => string;
  readonly model: string;
  readonly tokens: string;
  readonly inAndOut: (facts: { sent: number; received: number }) => string;
  readonly sandbox: string;
  readonly shared: string;
  readonly canRead: string;
  readonly canWrite: string;
  readonly nothing: string;
  readonly name: string;
  readonly role: string;
  readonly id: string;
  readonly chat: string;
  readonly now: string;
  readonly atWork: string;
  readonly idle: string;
}

export const factPhrases: FactPhrases = {
  group: "group",
  session: "session",
  entries: ({ session, entries }) => `${session}, ${entries} ${entries === 1 ? "entry" : "entries"}`,
  model: "model",
  tokens: "tokens",
  inAndOut: ({ sent, received }) => `${sent} in, ${received} out`,
  sandbox: "sandbox",
  shared: "shared",
  canRead: "read",
  canWrite: "write",
  nothing: "nothing",
  name: "name",
  role: "you are",
  id: "id",
  chat: "chat",
  now: "now",
  atWork: "at work",
  idle: "nothing is running",
};
