import type { IncomingMessage } from "../channels/channel.ts";
import type { MessageBody } from "../store/message-body.ts";

/** What is kept of a message as it came. */
export function toMessageBody(incoming: IncomingMessage): MessageBody {
  const { text, images = [], quote, note, files = [], editOf, reactionTo } = incoming;
  return {
    text,
    ...(images.length === 0 ? {} : { images }),
    ...(quote === undefined ? {} : { quote }),
    ...(note === undefined ? {} : { note }),
    ...(files.length === 0 ? {} : { files }),
    ...(editOf === undefined ? {} : { editOf }),
    ...(reactionTo === undefined ? {} : { reactionTo }),
  };
}

/** What is quoted, passed on or sent along was made by anybody, whoever sends it. */
export function hasOthersContent({ images, quote, note, files }: MessageBody): boolean {
  return [images, quote, note, files].some((part) => part !== undefined);
}
