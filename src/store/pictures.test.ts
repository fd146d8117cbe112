import { expect, test } from "bun:test";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import type { ImagePart } from "../image.ts";
import { forgottenImage } from "../image-window.ts";
import type { Message } from "../providers/provider.ts";
import { appendEntries, loadTranscript } from "./entries.ts";
import { getGroup, mainGroup } from "./groups.ts";
import { appendJournal, listJournal } from "./journal.ts";
import { ensureCurrentSession } from "./sessions.ts";
import type { Store } from "./store.ts";
import { beginTurn } from "./turns.ts";

const now = Date.UTC(2026, 0, 31, 12);

test("pictures come back as they were, and lie once beside entries and journal", async () => {
  await using store = await openTemporaryStore();
  const messages: Message[] = [
    { role: "user", content: [toImage(1), { type: "text", text: "look" }] },
    { role: "assistant", content: [{ type: "tool-call", id: "a", name: "read_file", arguments: "{}" }] },
    {
      role: "tool",
      callId: "a",
      name: "read_file",
      content: "PNG image",
      images: [toImage(2), toImage(1)],
      isError: false,
    },
  ];
  const session = await append(store, messages);
  const event = { type: "tool-end", message: messages[2] };
  const turn = await store.database.transaction(async (tx) => {
    const { id } = await getGroup(tx, mainGroup);
    const started = await beginTurn(tx, { group: id, session, epoch: 1, model: "m", taint: 0, now });
    await appendJournal(tx, started, [event], now);
    return started;
  });
  expect((await loadTranscript(store.database, session)).messages).toEqual(messages);
  const rows = await store.database.all("SELECT length(bytes) AS size FROM pictures");
  expect(rows).toEqual([{ size: 3000 }, { size: 3000 }]);
  const bodies = await store.database.all("SELECT max(length(body)) AS longest FROM entries");
  expect(Number(bodies[0]?.["longest"])).toBeLessThan(500);
  const [row] = await listJournal(store.database, turn);
  expect(JSON.stringify(row?.event).length).toBeLessThan(500);
  expect(row?.event).toMatchObject({
    message: { images: [{ type: "image", mediaType: "image/png", size: 4000 }, {}] },
  });
});

test("a long conversation reads only the pictures that are still shown", async () => {
  await using store = await openTemporaryStore();
  const messages = Array.from({ length: 60 }, (_, n): Message => {
    return { role: "user", content: [toImage(n, 900_000), { type: "text", text: String(n) }] };
  });
  const session = await append(store, messages);
  const { messages: loaded } = await loadTranscript(store.database, session);
  const kept = loaded.filter(
    ({ content }) => typeof content !== "string" && content.some((part) => part.type === "image"),
  );
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThanOrEqual(20);
  expect(loaded.at(-1)).toEqual(messages.at(-1));
  expect(loaded[0]).toEqual({
    role: "user",
    content: [
      { type: "text", text: forgottenImage },
      { type: "text", text: "0" },
    ],
  });
  expect(JSON.stringify(loaded).length).toBeLessThan(21_000_000);
});

test("a picture that is lost is said to have been there", async () => {
  await using store = await openTemporaryStore();
  const session = await append(store, [
    {
      role: "tool",
      callId: "a",
      name: "read_file",
      content: "PNG image",
      images: [toImage(1)],
      isError: false,
    },
  ]);
  await store.database.transaction((tx) => tx.run("DELETE FROM pictures"));
  expect((await loadTranscript(store.database, session)).messages).toEqual([
    { role: "tool", callId: "a", name: "read_file", content: `PNG image\n${forgottenImage}`, isError: false },
  ]);
});

test("text that looks like a stored picture stays text", async () => {
  await using store = await openTemporaryStore();
  const text = JSON.stringify({ type: "image", mediaType: "image/png", hash: "x", size: 3 });
  const messages: Message[] = [{ role: "user", content: [{ type: "text", text }] }];
  const session = await append(store, messages);
  expect((await loadTranscript(store.database, session)).messages).toEqual(messages);
});

async function append(store: Store, messages: readonly Message[]) {
  return await store.database.transaction(async (tx) => {
    const { id } = await getGroup(tx, mainGroup);
    const session = await ensureCurrentSession(tx, id, now);
    const entries = messages.map((message) => {
      return { kind: message.role === "tool" ? "tool" : message.role, message, taint: 0 } as const;
    });
    await appendEntries(tx, entries, { session: session.id, now });
    return session.id;
  });
}

function toImage(seed: number, length = 3000): ImagePart {
  const bytes = Buffer.alloc(length, seed);
  return { type: "image", mediaType: "image/png", data: bytes.toString("base64") };
}
