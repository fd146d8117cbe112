import type { ChannelSetting, StoredReply } from "../channels/channel.ts";
import { findChat, findChatById } from "../store/chats.ts";
import type { Database } from "../store/database.ts";
import { toMessageId, toReplyId } from "../store/ids.ts";
import { findMessage } from "../store/messages.ts";
import { findReply, listAnswersTo, listSentAfter, type Reply } from "../store/replies.ts";
import { toNumberedText } from "./deliver.ts";
import { filterReply } from "../outgoing/filter-reply.ts";
import type { OutgoingFilter } from "../outgoing/outgoing-filter.ts";
import type { Spool } from "./spool.ts";

interface SentPlace {
  readonly database: Database;
  readonly filter: OutgoingFilter;
  readonly spool: Pick<Spool, "read">;
}

/** What one channel's chats were sent, for clients that fetch. */
export function createSentReader(
  place: SentPlace,
  channel: string,
  account: () => string,
): Pick<ChannelSetting, "readReplies" | "readAnswers" | "readFile"> {
  const { database, spool, filter } = place;
  return {
    async readReplies(address, after, limit) {
      const chat = await findChat(database, { channel, account: account(), chat: address });
      if (chat === undefined) return [];
      return await toStored(await listSentAfter(database, chat.id, after, limit), place);
    },
    readAnswers: async (message) =>
      await toStored(await listAnswersTo(database, toMessageId(message)), place),
    // Of a chat of that channel: what another sends is not its to read.
    async readFile(id) {
      const reply = await findReply(database, toReplyId(id));
      if (reply?.extras?.type !== "file") return undefined;
      const chat = await findChatById(database, reply.chat);
      if (chat?.channel !== channel) return undefined;
      const { name, mediaType, spool: file } = reply.extras;
      const bytes = await spool.read(file);
      if (bytes === undefined || (await filter.findInFile(bytes)).length > 0) return undefined;
      return { name, mediaType, bytes };
    },
  };
}

async function toStored(
  replies: readonly Reply[],
  { database, filter }: SentPlace,
): Promise<readonly StoredReply[]> {
  return await Promise.all(
    replies.map(async (unfiltered) => {
      // Where it was not sent yet, nothing else has looked at it.
      const { reply } = await filterReply(filter, database, unfiltered);
      const { id, text, kind, createdAt, message, extras } = reply;
      return {
        id,
        text: extras?.type === "question" ? toNumberedText(text, extras.options) : text,
        kind,
        at: createdAt,
        answers: message === undefined ? undefined : (await findMessage(database, message))?.message,
        ...(extras?.type === "question" ? { options: extras.options } : {}),
        ...(extras?.type === "file"
          ? { file: { name: extras.name, mediaType: extras.mediaType, size: extras.bytes } }
          : {}),
      };
    }),
  );
}
