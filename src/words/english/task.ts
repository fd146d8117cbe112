import { defineWords } from "../define-words.ts";

/** Tasks: when they are due, and what cannot be. */
export const taskWords = defineWords("task", {
  noSchedule: () => ({
    message: "It is not said when the task is due.",
    hint: 'One of these:\n  nanoclaw cron add -m "stretch" --in 20m\n  nanoclaw cron add -m "news" --cron "0 9 * * 1-5"',
  }),
  twoSchedules: ({ first, second }: { first: string; second: string }) => ({
    message: `${first} and ${second} are both given, and a task has one schedule.`,
    hint: "Leave one out, or make two tasks.",
  }),
  badCron: ({ expression, problem }: { expression: string; problem: string }) => ({
    message: `"${expression}" is no cron expression: ${problem}.`,
    hint: 'Minute, hour, day, month, weekday: "0 9 * * 1-5" is nine o\'clock from Monday to Friday.',
  }),
  badTime: ({ text }: { text: string }) => ({
    message: `"${text}" is no time.`,
    hint: "Write it as 2027-03-01T09:00, or 09:00 for the next time that it is nine.",
  }),
  badDuration: ({ text }: { text: string }) => ({
    message: `"${text}" is no length of time.`,
    hint: "Write it as 90s, 20m, 2h, 3d, or 1h30m.",
  }),
  past: ({ at, now }: { at: string; now: string }) => ({
    message: `${at} is over: it is ${now} now.`,
    hint: "Give a time to come, or how long from now: --in 20m",
  }),
  tooFar: ({ at }: { at: string }) => ({
    message: `${at} is more than a hundred years away.`,
    hint: "Give a nearer time.",
  }),
  tooOften: ({ least }: { least: string }) => ({
    message: `That is due more often than every ${least}.`,
    hint: `Choose times that lie at least ${least} apart.`,
  }),
  unknownZone: ({ zone, nearest }: { zone: string; nearest: string | undefined }) => ({
    message: `There is no time zone "${zone}".`,
    hint:
      nearest === undefined ? "Name a city of it, as in Europe/Berlin, or UTC." : `Did you mean ${nearest}?`,
  }),
  noPrompt: () => ({
    message: "It is not said what is to be done.",
    hint: 'Say it with -m:\n  nanoclaw cron add -m "Time to stretch" --in 20m',
  }),
  tooLong: ({ part, most }: { part: string; most: number }) => ({
    message: `The task's ${part} is longer than ${most} characters.`,
    hint: "Make it shorter; a long text can lie in a file of the workspace that the task reads.",
  }),
  badChoice: ({ flag, value, known }: { flag: string; value: string; known: readonly string[] }) => ({
    message: `${flag} is "${value}", and takes ${known.join(", ")}.`,
    hint: `Choose one of ${known.join(", ")}.`,
  }),
  noTask: ({ id, group }: { id: string; group: string }) => ({
    message: `There is no task ${id} in the group "${group}".`,
    hint: `See which there are:\n  nanoclaw cron list --all --group ${group}`,
  }),
  isOver: ({ id, state }: { id: number; state: string }) => ({
    message: `Task ${id} is ${state}.`,
    hint: "Make a new one, or give it a time to come:\n  nanoclaw cron update ID --at TIME",
  }),
  tooMany: ({ most }: { most: number }) => ({
    message: `The group has ${most} tasks, and more are only for its owner to add.`,
    hint: "Cancel one that is no longer needed:\n  nanoclaw cron list",
  }),
  tooManyToday: ({ most }: { most: number }) => ({
    message: `The assistant has made ${most} tasks in this group within a day, and makes no more.`,
    hint: "Its owner can:\n  nanoclaw cron add",
  }),
  byTask: () => ({
    message: "This is a task's own run, and it may not make or change tasks.",
    hint: "Its owner can allow it:\n  nanoclaw cron update ID --may-make-tasks",
  }),
  ofOwner: ({ id }: { id: number }) => ({
    message: `Task ${id} was made by the owner, and only the owner changes it.`,
    hint: "Ask the owner.",
  }),
  tooManyNeeds: ({ most }: { most: number }) => ({
    message: `A task needs at most ${most} hosts and chats together.`,
    hint: "Name those that it really uses, or make two tasks.",
  }),
  noGrants: ({ id }: { id: number }) => ({
    message: `Task ${id} has nothing that could be taken back.`,
    hint: `See what it may do:\n  nanoclaw cron show ${id}`,
  }),
  heartbeat: ({ id }: { id: number }) => ({
    message: `Task ${id} is the heartbeat of its group, and is set in the configuration.`,
    hint: "For instance:\n  nanoclaw config set heartbeat.enabled false",
  }),
  halfAChat: () => ({
    message: "A chat is named by --channel and --to together.",
    hint: "For instance --channel telegram --to 42; without both it is the chat last active.",
  }),
  unknownChannel: ({
    channel,
    nearest,
    known,
  }: {
    channel: string;
    nearest: string | undefined;
    known: readonly string[];
  }) => ({
    message: `There is no channel "${channel}".`,
    hint: nearest === undefined ? `Known: ${known.join(", ")}.` : `Did you mean ${nearest}?`,
  }),
  chatElsewhere: ({ chat, group }: { chat: string; group: string }) => ({
    message: `The chat ${chat} does not belong to the group "${group}".`,
    hint: "A task writes to the chats of its own group; leave --channel and --to out for the one last active.",
  }),
  clockUnset: ({ year }: { year: number }) => ({
    message: `This machine's clock says that it is ${year}.`,
    hint: "Set the clock first: a task made now would be due at another time than you mean.",
  }),
});
