import type { Log } from "../log.ts";
import { moveChat, type ChatAddress } from "../store/chats.ts";
import type { Store } from "../store/store.ts";

/** The platform gave a chat another id: group and replies go along. */
export async function followChat(
  { store, log }: { readonly store: Store; readonly log: Log },
  address: ChatAddress,
  to: string,
): Promise<void> {
  await store.database.transaction((tx) => moveChat(tx, address, to));
  log.info("a chat has another id now", { channel: address.channel, chat: address.chat, to });
}
