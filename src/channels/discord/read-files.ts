import type { IncomingFile } from "../channel.ts";
import { toFields, toList } from "./fields.ts";
import { isSnowflake } from "./snowflake.ts";

/**
 * What was sent along, also with what was passed on. An address on Discord's file server lasts a day: a file is named by
 * its message, and asked for when it is wanted.
 */
export function readFiles(
  { attachments, message_snapshots: snapshots }: Readonly<Record<string, unknown>>,
  message: string,
): readonly IncomingFile[] {
  const forwarded = toList(snapshots).flatMap((each) =>
    toList(toFields(toFields(each)["message"])["attachments"]),
  );
  return [...toList(attachments), ...forwarded].flatMap((each) => {
    const { id, filename, content_type: type, size, waveform } = toFields(each);
    if (!isSnowflake(id)) return [];
    const mediaType = typeof type === "string" ? type.split(";")[0] : undefined;
    const file: IncomingFile = {
      reference: `${message}/${id}`,
      kind: waveform === undefined ? toKind(mediaType ?? "") : "voice",
      ...(typeof filename === "string" ? { name: filename } : {}),
      ...(mediaType === undefined ? {} : { mediaType }),
      ...(typeof size === "number" ? { bytes: size } : {}),
    };
    return [file];
  });
}

function toKind(mediaType: string): IncomingFile["kind"] {
  if (/^image\/(?:jpeg|png|webp|gif)$/.test(mediaType)) return "photo";
  if (mediaType.startsWith("audio/")) return "audio";
  return mediaType.startsWith("video/") ? "video" : "document";
}
