import { expect, test } from "bun:test";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import type { Reader, Transaction } from "./database.ts";
import { toChatId, toGroupId, toMessageId, toPersonId, toReplyId, toSessionId, toTurnId } from "./ids.ts";
import * as chats from "./chats.ts";
import { findGroupOfPerson } from "./groups.ts";
import * as messages from "./messages.ts";
import { listLivePairingCodes } from "./pairing-codes.ts";
import * as people from "./people.ts";
import * as overheard from "./overheard.ts";
import * as replies from "./replies.ts";
import { findUnansweredTurns, withdrawTurns } from "./unanswered-turns.ts";

const [group, chat, message] = [toGroupId(1), toChatId(1), toMessageId(1)];
const [turn, reply] = [toTurnId(1), toReplyId(1)];
const person = toPersonId(1);
const now = 0;
const end = { state: "answered", reason: undefined, now } as const;
const newReply = { key: "k", chat, group, kind: "answer", text: "x", now } as const;

/** All that a message meets on its way, from its arrival to its answer, and what a start looks for. */
const steps: Readonly<Record<string, (tx: Transaction) => Promise<unknown>>> = {
  listLivePairingCodes: (tx) => listLivePairingCodes(tx, now),
  listChatsOfPerson: (tx) => chats.listChatsOfPerson(tx, person),
  findGroupOfPerson: (tx) => findGroupOfPerson(tx, person),
  countTold: (tx) => people.countTold(tx, now),
  declineWaitingOf: (tx) => messages.declineWaitingOf(tx, person, { reason: "r", now }),
  findKnownMessage: (tx) => messages.findKnownMessage(tx, chat, "m"),
  listWaiting: (tx) => messages.listWaiting(tx, group),
  listOverheard: (tx) => overheard.listOverheard(tx, group, { before: message, limit: 10 }),
  countOverheard: (tx) => overheard.countOverheard(tx, group, { from: message, before: message }),
  takeOverheard: (tx) => overheard.takeOverheard(tx, group, message, turn),
  listGroupsWithWork: (tx) => messages.listGroupsWithWork(tx),
  claimMessages: (tx) => messages.claimMessages(tx, [message], turn),
  endMessages: (tx) => messages.endMessages(tx, turn, end),
  endMessage: (tx) => messages.endMessage(tx, message, end),
  releaseMessages: (tx) => messages.releaseMessages(tx, turn),
  declineWaiting: (tx) =>
    messages.declineWaiting(tx, group, { reason: "r", now, before: message, except: ["stop"] }),
  beginCommand: (tx) => messages.beginCommand(tx, message),
  endCommand: (tx) => messages.endCommand(tx, message, end),
  reclaimMessages: (tx) =>
    messages.reclaimMessages(tx, group, { most: 3, reason: "r", isForgiven: false, now }),
  listEntered: (tx) => messages.listEntered(tx, [], toSessionId(1)),
  listClaimed: (tx) => messages.listClaimed(tx, group),
  findUnansweredTurns: (tx) => findUnansweredTurns(tx, turn, true),
  withdrawTurns: (tx) => withdrawTurns(tx, [turn]),
  listDead: (tx) => messages.listMessages(tx, { onlyDead: true, limit: 10 }),
  addReply: (tx) => replies.addReply(tx, newReply),
  findDraft: (tx) => replies.findDraft(tx, chat),
  listOpenChats: (tx) => replies.listOpenChats(tx),
  findNextReply: (tx) => replies.findNextReply(tx, chat),
  recoverReplies: (tx) => replies.recoverReplies(tx),
  startSending: (tx) => replies.startSending(tx, reply),
  listAnswersTo: (tx) => replies.listAnswersTo(tx, message),
  listSentAfter: (tx) => replies.listSentAfter(tx, chat, 5, 10),
};

test.each(Object.keys(steps))("%s finds its rows by an index, however many there are", async (name) => {
  await using store = await openTemporaryStore();
  const asked: string[] = [];
  await store.database.transaction(async (tx) => {
    const note = (sql: string): number => asked.push(sql);
    const noting: Reader & Pick<Transaction, "run"> = {
      all: async (sql, ...values) => (note(sql), await tx.all(sql, ...values)),
      get: async (sql, ...values) => (note(sql), await tx.get(sql, ...values)),
      run: async (sql, ...values) => (note(sql), await tx.run(sql, ...values)),
    };
    await tx.run("PRAGMA defer_foreign_keys = ON");
    await steps[name]?.(noting);
    await tx.run("DELETE FROM replies");
  });
  for (const sql of asked) {
    const plan = await store.database.all(
      `EXPLAIN QUERY PLAN ${sql.replace(/\?1/g, "1").replace(/\?/g, "1")}`,
    );
    for (const { detail } of plan) {
      // A scan of an index over what is open only is as long as what is open.
      expect(String(detail)).not.toMatch(
        /^SCAN (?:messages|replies|chats|people|pairing_codes|groups)(?! USING (?:COVERING )?INDEX \w+_(?:open|claimed|waiting|dead))/,
      );
      expect(String(detail)).not.toMatch(/replies_of_chat \(chat_id=\?\)/);
    }
  }
});
