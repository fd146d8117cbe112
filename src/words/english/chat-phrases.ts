import { wellAgain, type WellAgain } from "./well-again.ts";

/** What a chat is told that is not the assistant's own words. */
export interface ChatPhrases {
  readonly failed: (facts: { problem: string }) => string;
  readonly waiting: (facts: { problem: string }) => string;
  readonly setAside: (facts: { times: number; message: number }) => string;
  readonly asks: (facts: { question: string }) => string;
  readonly cut: string;
  readonly wellAgain: WellAgain;
  /** Follows a problem that is told to somebody else. */
  readonly ownerCanHelp: string;
  /** Behind an answer, and instead of one. */
  readonly limit: string;
  readonly limitWithoutAnswer: string;
  readonly forOwner: (facts: { command: string }) => string;
  readonly unknownCommand: (facts: { typed: string; nearest: string | undefined }) => string;
  readonly commandSetAside: (facts: { command: string; times: number }) => string;
  readonly youCan: string;
  /** How the assistant is called here: undefined, it answers everything. */
  readonly calling: (facts: { name: string | undefined; isSticky: boolean }) => string;
  readonly answersNothing: string;
  readonly noTasks: string;
  readonly modelsKnown: (facts: { models: readonly string[] }) => string;
  readonly asConfigured: string;
  readonly doUndo: (facts: { line: string }) => string;
  readonly who: Readonly<Record<"owner" | "member" | "stranger", string>>;
  /** A task was due while nothing ran. */
  readonly taskMissed: (facts: { name: string; due: string; count: string; runsNow: boolean }) => string;
  readonly taskFailed: (facts: { name: string; problem: string; next: string | undefined }) => string;
  readonly taskPaused: (facts: { id: number; name: string; group: string; problem: string }) => string;
}

export const chatPhrases: ChatPhrases = {
  failed: ({ problem }) => `I could not answer. ${problem}`,
  waiting: ({ problem }) =>
    `I cannot answer right now. ${problem}\nYour message is kept: I answer it as soon as I can.`,
  setAside: ({ times, message }) =>
    `I have set your message aside: the program ended ${times} times while it was at work on it. To try again: nanoclaw messages redrive ${message}`,
  asks: ({ question }) => `Question from the assistant: ${question}`,
  cut: "(cut off here)",
  wellAgain,
  ownerCanHelp: "The owner can look into it.",
  limit: "(I stopped here at a limit. Write “go on”, and I do.)",
  limitWithoutAnswer: "I stopped at a limit before I had an answer. Write “go on”, and I go on from there.",
  forOwner: ({ command }) => `Only the owner can use ${command} here.`,
  unknownCommand: ({ typed, nearest }) =>
    `I do not know ${typed}.${nearest === undefined ? "" : ` Did you mean ${nearest}?`} /help shows what I do.`,
  commandSetAside: ({ command, times }) =>
    `I have set ${command} aside: the program ended ${times} times while it was at work on it.`,
  youCan: "What you can write here:",
  calling: ({ name, isSticky }) =>
    name === undefined
      ? "I answer everything here."
      : isSticky
        ? `I answer when you write @${name}, and then what you say next, for ten minutes.`
        : `I answer when you write @${name}.`,
  answersNothing: "I answer nothing here but commands.",
  noTasks: "No tasks yet.",
  modelsKnown: ({ models }) => `Known, by /model NAME:\n${models.map((model) => `  ${model}`).join("\n")}`,
  asConfigured: "“/model default” goes back to what is configured.",
  doUndo: ({ line }) => `To do it, write: ${line}`,
  who: { owner: "the owner", member: "a member", stranger: "a stranger" },
  taskMissed: ({ name, due, count, runsNow }) =>
    `I was off when the task “${name}” was due (${count}, last ${due}). ${runsNow ? "It runs now." : "It does not run any more for that."}`,
  taskFailed: ({ name, problem, next }) =>
    `The task “${name}” failed. ${problem}${next === undefined ? "" : `\nIt is tried again at ${next}.`}`,
  taskPaused: ({ id, name, group, problem }) =>
    `The task “${name}” of the group ${group} is paused. ${problem}\nWhen that is mended: nanoclaw cron resume ${id} --group ${group}`,
};
