import type { Update } from "@grammyjs/types";
import type { ReadUpdate } from "./read-update.ts";

/** An update as read, and where it stands in the row of them. */
export interface ReadItem {
  readonly id: number;
  readonly read: ReadUpdate;
}

/** Pictures that were sent together are one message: that of the first, with all files and the words of whichever has some. */
export function joinAlbums(items: readonly ReadItem[]): readonly ReadItem[] {
  const joined: ReadItem[] = [];
  for (const item of items) {
    const before = joined.findIndex(({ read }) => isSameAlbum(read, item.read));
    const first = joined[before]?.read;
    if (first?.type !== "message" || item.read.type !== "message") {
      joined.push(item);
      continue;
    }
    const { message } = first;
    const { message: next } = item.read;
    const files = [...(message.files ?? []), ...(next.files ?? [])];
    const text = message.text === "" ? next.text : message.text;
    const note = message.note ?? next.note;
    const isMention = message.isMention === true || next.isMention === true;
    const whole = { ...message, text, files, isMention, ...(note === undefined ? {} : { note }) };
    // All of it is taken when its last part is.
    joined.splice(before, 1);
    joined.push({ id: item.id, read: { ...first, message: whole } });
  }
  return joined;
}

/** More of it may be on the way. */
export function endsInAlbum(updates: readonly Update[]): boolean {
  const last = updates.at(-1);
  return (last?.message ?? last?.channel_post)?.media_group_id !== undefined;
}

function isSameAlbum(one: ReadUpdate, other: ReadUpdate): boolean {
  if (one.type !== "message" || other.type !== "message") return false;
  return one.album !== undefined && one.album === other.album;
}
