/** Where Slack puts something: a conversation, and a thread in it. */
export interface Place {
  readonly channel: string;
  readonly thread?: string;
}

/** `C0123`, or `C0123:1700000000.000100` for a thread that is a chat of its own. */
export function toChatAddress({ channel, thread }: Place): string {
  return thread === undefined ? channel : `${channel}:${thread}`;
}

export function parsePlace(address: string): Place {
  const [channel = "", thread] = address.split(":");
  return thread === undefined ? { channel } : { channel, thread };
}

/** `1700000001.000200`, and behind a stroke the thread that it stands in: where an answer belongs is known after a restart. */
export function toMessageId(time: string, thread: string | undefined): string {
  return thread === undefined || thread === time ? time : `${time}/${thread}`;
}

export interface MessagePlace {
  /** Slack's name of a message in its conversation. */
  readonly time: string;
  readonly thread?: string;
}

/** Undefined for what is no message of Slack's: a command, a press. */
export function parseMessageId(id: string): MessagePlace | undefined {
  const [, time, thread] = /^(\d{1,16}\.\d{1,10})(?:\/(\d{1,16}\.\d{1,10}))?$/.exec(id) ?? [];
  if (time === undefined) return undefined;
  return thread === undefined ? { time } : { time, thread };
}

/** Between a person and the bot alone. */
export function isDirect(channel: string): boolean {
  return channel.startsWith("D");
}

/** The thread in which a reply stands. */
export function findThread(
  chat: string,
  answers: string | undefined,
  repliesInThread: boolean,
): string | undefined {
  const { thread } = parsePlace(chat);
  if (thread !== undefined) return thread;
  const answered = answers === undefined ? undefined : parseMessageId(answers);
  return answered?.thread ?? (repliesInThread ? answered?.time : undefined);
}
