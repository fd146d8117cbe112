import type { IncomingFile } from "../channel.ts";
import { number, part, words } from "./content.ts";
import type { MessageContent } from "./wire.ts";

const kinds = [
  ["imageMessage", "photo", "Image"],
  ["audioMessage", "audio", "Audio"],
  ["videoMessage", "video", "Video"],
  ["ptvMessage", "video", "Video"],
  ["documentMessage", "document", "Document"],
  ["stickerMessage", "photo", "Image"],
] as const;

/** Which keys its bytes are encrypted with depends on it. */
export type MediaKind = (typeof kinds)[number][2];

/** Where the bytes of a file are, and how they are read: what a reference to one holds. */
export interface MediaPlace {
  readonly path: string;
  readonly key: string;
  readonly kind: MediaKind;
  /** Of the encrypted bytes, in base64. */
  readonly hash: string;
}

export function readFiles(content: MessageContent): readonly IncomingFile[] {
  for (const [name, kind, media] of kinds) {
    const file = part(content, name);
    if (file === undefined) continue;
    const place: MediaPlace = {
      path: words(file, "directPath"),
      key: words(file, "mediaKey"),
      kind: media,
      hash: words(file, "fileEncSha256"),
    };
    if (place.path === "" || place.key === "" || place.hash === "") return [];
    const called = words(file, "fileName");
    const mediaType = words(file, "mimetype");
    const bytes = number(file, "fileLength");
    const isVoice = name === "audioMessage" && Object.getOwnPropertyDescriptor(file, "ptt")?.value === true;
    return [
      {
        reference: JSON.stringify(place),
        kind: isVoice ? "voice" : kind,
        ...(called === "" ? {} : { name: called }),
        ...(mediaType === "" ? {} : { mediaType }),
        ...(bytes === undefined ? {} : { bytes }),
      },
    ];
  }
  return [];
}
