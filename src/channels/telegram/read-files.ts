import type { Message } from "@grammyjs/types";
import type { IncomingFile } from "../channel.ts";

interface TelegramFile {
  readonly file_id: string;
  readonly file_size?: number;
  readonly file_name?: string;
  readonly mime_type?: string;
}

/** What was sent along; of a photo the largest that Telegram made of it. */
export function readFiles(message: Message): readonly IncomingFile[] {
  const { photo, voice, audio, video, video_note: round, animation, document } = message;
  const picture = photo?.at(-1);
  if (picture !== undefined) return [toFile("photo", { ...picture, mime_type: "image/jpeg" })];
  if (voice !== undefined) return [toFile("voice", { mime_type: "audio/ogg", ...voice })];
  if (audio !== undefined) return [toFile("audio", audio)];
  if (video !== undefined) return [toFile("video", video)];
  if (round !== undefined) return [toFile("video", { mime_type: "video/mp4", ...round })];
  // Telegram calls a moving picture a document as well.
  if (animation !== undefined) return [toFile("video", animation)];
  return document === undefined ? [] : [toFile("document", document)];
}

function toFile(kind: IncomingFile["kind"], file: TelegramFile): IncomingFile {
  return {
    reference: file.file_id,
    kind,
    ...(file.file_name === undefined ? {} : { name: file.file_name }),
    ...(file.mime_type === undefined ? {} : { mediaType: file.mime_type }),
    ...(file.file_size === undefined ? {} : { bytes: file.file_size }),
  };
}
