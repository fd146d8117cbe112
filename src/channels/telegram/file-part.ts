import type { OutgoingFile } from "../channel.ts";

export interface FileMethod {
  readonly method: "sendPhoto" | "sendAnimation" | "sendVoice" | "sendAudio" | "sendVideo" | "sendDocument";
  readonly field: string;
}

/** Telegram takes a larger picture as a file only. */
const largestPhoto = 10_000_000;

/** How a file is best shown: a picture to look at, a sound to hear, or something to open. */
export function toFilePart({ mediaType, bytes }: OutgoingFile): FileMethod {
  const [kind = ""] = mediaType.split(";");
  if (/^image\/(?:jpeg|png|webp)$/.test(kind) && bytes.length <= largestPhoto) {
    return { method: "sendPhoto", field: "photo" };
  }
  if (kind === "image/gif") return { method: "sendAnimation", field: "animation" };
  if (/^audio\/(?:ogg|opus)$/.test(kind)) return { method: "sendVoice", field: "voice" };
  if (/^audio\/(?:mpeg|mp3|mp4|x-m4a|m4a)$/.test(kind)) return { method: "sendAudio", field: "audio" };
  if (kind === "video/mp4") return { method: "sendVideo", field: "video" };
  return { method: "sendDocument", field: "document" };
}
