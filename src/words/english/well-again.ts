/** What lasts until it is over. */
export const ailments = ["channel", "model", "disk", "chat", "task", "backup", "audit", "config"] as const;

export type Ailment = (typeof ailments)[number];

/** Of what the owner was told that it is ill: it is over. `from` and `to` are times of the day, with the day where it is another. */
export type WellAgain = Readonly<
  Record<Ailment, (facts: { readonly name: string; readonly from: string; readonly to: string }) => string>
>;

export const wellAgain: WellAgain = {
  channel: ({ name, from, to }) =>
    `The channel ${name} is connected again; it was down from ${from} to ${to}.`,
  model: ({ from, to }) => `The model answers again; it did not from ${from} to ${to}.`,
  disk: ({ from, to }) => `There is room on the disk again; it was full from ${from} to ${to}.`,
  chat: ({ name, from, to }) => `Replies to ${name} arrive again; they did not from ${from} to ${to}.`,
  task: ({ name }) => `The task ${name} goes on.`,
  backup: () => "The daily backup works again.",
  audit: () => "The audit log is whole again.",
  config: () => "The configuration is in order again, and in use.",
};
