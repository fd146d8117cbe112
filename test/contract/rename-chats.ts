import type { Channel } from "../../src/channels/channel.ts";

/** How a platform names what the contract calls `c1`, `c2` and `m1`. */
export interface Renaming {
  readonly toChat: (name: string) => string;
  readonly toMessage?: (id: string) => string;
  /** Of a message that arrives. */
  readonly toId?: (message: string) => string;
}

const same = (id: string): string => id;

/** The same channel in the contract's words. */
export function renameChats(channel: Channel, { toChat, toMessage = same, toId = same }: Renaming): Channel {
  const toName = (chat: string): string => ["c1", "c2"].find((name) => toChat(name) === chat) ?? chat;
  const { edit, ask, react, files } = channel;
  return {
    ...channel,
    start: (receiver, signal) =>
      channel.start(
        {
          ...receiver,
          receive: (message) =>
            receiver.receive({ ...message, chat: toName(message.chat), id: toId(message.id) }),
        },
        signal,
      ),
    send: (chat, ...rest) => channel.send(toChat(chat), ...rest),
    ...(edit && { edit: { edit: (chat, id, ...rest) => edit.edit(toChat(chat), toMessage(id), ...rest) } }),
    ...(ask && { ask: { ask: (chat, ...rest) => ask.ask(toChat(chat), ...rest) } }),
    ...(react && {
      react: { react: (chat, id, ...rest) => react.react(toChat(chat), toMessage(id), ...rest) },
    }),
    ...(files && { files: { ...files, send: (chat, ...rest) => files.send(toChat(chat), ...rest) } }),
  };
}
