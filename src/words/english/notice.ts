import { defineWords } from "../define-words.ts";

/** What the owner is told by itself, of the state of the program; each names what he can do about it. */
export const noticeWords = defineWords("notice", {
  channelDown: ({ channel, since, reason }: { channel: string; since: string; reason: string }) => ({
    message: `The channel ${channel} has been down since ${since}: ${reason}`,
    hint: "It is tried again by itself, at least once a minute. See more:\n  nanoclaw logs -n 20",
  }),
  setAside: ({ id, group, times }: { id: number; group: string; times: number }) => ({
    message: `Message ${id} of the group ${group} was set aside: the program ended ${times} times while it was at work on it.`,
    hint: `See what happened, and try again:\n  nanoclaw why ${id}\n  nanoclaw messages redrive ${id}`,
  }),
  setAsideTogether: ({
    first,
    count,
    group,
    times,
  }: {
    first: number;
    count: number;
    group: string;
    times: number;
  }) => ({
    message: `${count} messages of the group ${group}, ${first} the first of them, were set aside: the program ended ${times} times while it was at work on them.`,
    hint: `See which they are, and try one after the other again:\n  nanoclaw messages dead\n  nanoclaw messages redrive ${first}`,
  }),
  replyFailed: ({
    chat,
    reason,
    message,
  }: {
    chat: string;
    reason: string;
    message: number | undefined;
  }) => ({
    message: `A reply to ${chat} could not be delivered: ${reason}`,
    hint: `See what was to be said there:\n  nanoclaw ${message === undefined ? "messages list" : `why ${message}`}`,
  }),
  taskPaused: ({ task, reason }: { task: string; reason: string }) => ({
    message: `The task ${task} is paused: ${reason}`,
    hint: "See the tasks there are:\n  nanoclaw tasks list",
  }),
  away: ({ from, to }: { from: string; to: string }) => ({
    message: `I was away from ${from} to ${to}: the program did not run.`,
    hint: "What was written meanwhile is answered now. If nobody stopped it, see what happened:\n  nanoclaw logs -n 20",
  }),
  slept: ({ from, to }: { from: string; to: string }) => ({
    message: `I was away from ${from} to ${to}: this machine slept, or its clock was put forward.`,
    hint: "What was written meanwhile is answered now. To be reached at any time, keep the machine awake.",
  }),
  configBroken: ({ reason }: { reason: string }) => ({
    message: `The configuration has an error, and the one before stays in use: ${reason}`,
    hint: "It is read again by itself when it is mended. See the place:\n  nanoclaw config check",
  }),
  backupFailed: ({ reason }: { reason: string }) => ({
    message: `The daily backup failed: ${reason}`,
    hint: "It is tried again tomorrow. To try now:\n  nanoclaw backup --daily",
  }),
});
