import { expect, test } from "bun:test";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import { VirtualClock } from "../../test/fakes/virtual-clock.ts";
import { silentLog } from "../log.ts";
import { dropOldArchives } from "./drop-old-archives.ts";
import { keepTidy } from "./tidy.ts";

const day = 86_400_000;

test("once a day what is too old goes, by the configuration of that day, and a failure is tried again", async () => {
  await using store = await openTemporaryStore();
  const clock = new VirtualClock();
  await store.database.transaction(async (tx) => {
    await tx.run(
      "INSERT INTO chats (channel, account, chat, is_private, created_at) VALUES ('m', 'a', 'c', 1, 0)",
    );
    await tx.run(
      `INSERT INTO messages (chat_id, message, person_kind, state, body, received_at, ended_at)
       VALUES (1, 'm', 'owner', 'declined', '{}', ?, ?)`,
      clock.now() - 10 * day,
      clock.now() - 10 * day,
    );
  });
  const left = async (): Promise<unknown> =>
    (await store.database.get("SELECT count(*) AS n FROM messages"))?.["n"];
  let messageDays = 0;
  let isBroken = false;
  await using _ = keepTidy({
    store: {
      folder: store.folder,
      get database() {
        if (isBroken) throw new Error("the disk is away");
        return store.database;
      },
    },
    clock,
    retention: () => ({ journalDays: 1, messageDays, conversationDays: 0 }),
    log: silentLog,
  });
  await clock.advance(10 * 60_000);
  expect(await left()).toBe(1);
  [messageDays, isBroken] = [5, true];
  await clock.advance(day);
  expect(await left()).toBe(1);
  isBroken = false;
  await clock.advance(day);
  expect(await left()).toBe(0);
});

test("conversations that lie as files go when they are too old; what the owner put beside them stays", async () => {
  await using store = await openTemporaryStore();
  const folder = join(store.folder, "groups/main/conversations");
  await mkdir(folder, { recursive: true });
  const never = new AbortController().signal;
  for (const [name, age] of [
    ["2026-01-02-3-trip.md", 10],
    ["2026-01-09-4.md", 2],
    ["my-own.md", 10],
  ] as const) {
    await writeFile(join(folder, name), "said");
    await utimes(join(folder, name), 20 * 86_400 - age * 86_400, 20 * 86_400 - age * 86_400);
  }
  expect(await dropOldArchives(store, 15 * day, never)).toBe(1);
  expect((await readdir(folder)).toSorted()).toEqual(["2026-01-09-4.md", "my-own.md"]);
  expect(await dropOldArchives(store, 15 * day, never)).toBe(0);
});
