/** Where something stands on Discord: a chat, and the channel of its own that a thread in it is. */
export interface Place {
  readonly chat: string;
  readonly channel: string;
}

/** A message's id as it is unique in its chat: `123`, or `45:123` in the thread 45. */
export function toMessageId({ chat, channel }: Place, message: string): string {
  return channel === chat ? message : `${channel}:${message}`;
}

/** Where a message stands that was named so, also by one of its corrections. Undefined: it names none, as that of a command does. */
export function parseMessageId(
  chat: string,
  id: string,
): { readonly channel: string; readonly message: string } | undefined {
  const [, thread, message] = /^(?:(\d{1,20}):)?(\d{1,20})(?:e\d+)?$/.exec(id) ?? [];
  return message === undefined ? undefined : { channel: thread ?? chat, message };
}

/** In which channel a message is answered; that of a command or a press stands there as well: `i7`, `45:i7`. */
export function toChannel(chat: string, id: string | undefined): string {
  return /^(\d{1,20}):/.exec(id ?? "")?.[1] ?? chat;
}
