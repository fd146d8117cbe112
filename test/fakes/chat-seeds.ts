import { systemClock } from "../../src/clock.ts";
import { seeChat, type Chat } from "../../src/store/chats.ts";
import { addGroup } from "../../src/store/groups.ts";
import { receiveMessage } from "../../src/store/messages.ts";
import { seePerson } from "../../src/store/people.ts";
import { openStore, type Store } from "../../src/store/store.ts";

export interface SeededChat {
  readonly chat: string;
  readonly title?: string;
  readonly isPrivate?: boolean;
  /** Who wrote last there. */
  readonly by?: "owner" | "stranger";
  readonly sender?: string;
  readonly channel?: string;
}

/** What an inbox leaves behind when somebody writes where nobody serves: a chat that is known and belongs to no group. */
export async function seedChat(store: Store, seeded: SeededChat): Promise<Chat> {
  const { title, isPrivate = false, by = "stranger", sender = "bert", channel = "telegram" } = seeded;
  const now = systemClock.now();
  return await store.database.transaction(async (tx) => {
    const address = { channel, account: "default" };
    const chat = await seeChat(tx, { ...address, chat: seeded.chat, title, isPrivate, now });
    const person = await seePerson(tx, { ...address, sender, displayName: sender, now });
    await receiveMessage(tx, {
      chat: chat.id,
      message: crypto.randomUUID(),
      person: person.id,
      personKind: by,
      group: undefined,
      state: "declined",
      reason: "the chat belongs to no group",
      body: { text: "hello?" },
      taint: 0,
      sentAt: undefined,
      now,
    });
    return chat;
  });
}

/** Groups without a folder yet: it is made at their first use. A start of the program less for each. */
export async function seedGroups(folder: string, ...names: readonly string[]): Promise<void> {
  await using store = await openStoreOf(folder);
  for (const name of names) {
    await store.database.transaction((tx) => addGroup(tx, { name, now: systemClock.now() }));
  }
}

/** The store of a program that does not run just now. */
export async function openStoreOf(folder: string): Promise<Store> {
  return await openStore({ folder, clock: systemClock }, new AbortController().signal);
}
