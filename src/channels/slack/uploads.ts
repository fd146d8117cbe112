import type { ChannelMemory } from "../channel.ts";
import { toFields } from "./fields.ts";

/** A file that was handed to Slack, and the reply that it belongs to. */
export interface Upload {
  readonly key: string;
  readonly file: string;
}

/** A chat's replies go one after the other: the last file of each is enough. */
export async function noteUpload(memory: ChannelMemory, chat: string, upload: Upload): Promise<void> {
  await memory.write(`upload ${chat}`, JSON.stringify(upload));
}

export async function findUpload(memory: ChannelMemory, chat: string): Promise<Upload | undefined> {
  const stored = await memory.read(`upload ${chat}`);
  if (stored === undefined) return undefined;
  const { key, file } = toFields(JSON.parse(stored));
  return typeof key === "string" && typeof file === "string" ? { key, file } : undefined;
}
