import type { Channel } from "../../../src/channels/channel.ts";

/** Says it as an answer, and then once more as one that has grown; files too, where it is to stand below one. */
export async function sendAndEdit(channel: Channel, chat: string, text: string): Promise<void> {
  const { signal } = new AbortController();
  const sent = await channel.send(chat, { id: 1, key: "k1", text: "first words" }, signal);
  const id = sent.type === "sent" ? (sent.platformId ?? "") : "";
  await channel.send(chat, { id: 2, key: "k2", text }, signal);
  await channel.edit?.edit(chat, id, { id: 1, key: "k1", text }, signal);
  await channel.ask?.ask(chat, { id: 3, key: "k3", text }, ["Yes"], signal);
  const file = { name: "a.txt", mediaType: "text/plain", bytes: new Uint8Array([1]) };
  await channel.files?.send(chat, { id: 4, key: "k4", text }, file, signal);
}

export const addressOfThief = "https://thief.test/?what=secret";
