import type { Clock } from "../clock.ts";
import { findGroupById } from "../store/groups.ts";
import type { GroupId } from "../store/ids.ts";
import type { Transaction } from "../store/database.ts";
import { listClaimed, reclaimMessages } from "../store/messages.ts";
import { findUnansweredTurns, withdrawTurns } from "../store/unanswered-turns.ts";
import { addReply, findDraft, finishDraft } from "../store/replies.ts";
import type { Store } from "../store/store.ts";
import { noticeWords } from "../words/english/notice.ts";
import type { ChatSpeech } from "../outgoing/chat-speech.ts";
import type { OwnerNotices } from "../notices/owner-notices.ts";
import type { Outbox } from "./outbox.ts";

/** A message that the process ended so often over is not tried again by itself. */
const mostAttempts = 3;

export interface ReclaimOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly speech: ChatSpeech;
  readonly notices?: OwnerNotices;
}

/** Puts back what a turn that nobody ended had taken; its chat and the owner are told of what is set aside. */
export async function reclaim(
  group: GroupId,
  { store, clock, outbox, speech, notices }: ReclaimOptions,
  wasOurs: boolean,
): Promise<void> {
  const reason = `the program ended ${mostAttempts} times while it was at work on it`;
  const dead = await store.database.transaction(async (tx) => {
    const now = clock.now();
    const most = wasOurs ? Number.MAX_SAFE_INTEGER : mostAttempts;
    if (!wasOurs) await setApart(tx, group);
    const name = (await findGroupById(tx, group))?.name ?? "";
    const messages = await reclaimMessages(tx, group, { most, reason, isForgiven: wasOurs, now });
    for (const { id, chat, turn } of messages) {
      const draft = await findDraft(tx, chat);
      if (draft !== undefined && turn !== undefined) {
        const text = `${draft.text}\n\n${speech.phrases.cut}`;
        await finishDraft(tx, draft.id, { turn, message: id, text });
      }
      const text = speech.phrases.setAside({ times: mostAttempts, message: id });
      const key = `d${id}a${now}`;
      const reply = await addReply(tx, { key, chat, group, message: id, kind: "notice", text, now });
      if (messages.length > 1) continue;
      const said = noticeWords.setAside({ id, group: name, times: mostAttempts });
      const toldBy = reply === undefined ? [] : [reply];
      await notices?.raiseIn(tx, { kind: "message", id: `${id}a${now}`, said }, toldBy);
    }
    // One turn takes all that waits: of twenty the owner hears once, not twenty times.
    const [first, ...others] = messages.toSorted((left, right) => left.id - right.id);
    if (first !== undefined && others.length > 0) {
      const facts = { first: first.id, count: messages.length, group: name, times: mostAttempts };
      const said = noticeWords.setAsideTogether(facts);
      await notices?.raiseIn(tx, { kind: "message", id: `${first.id}a${now}`, said });
    }
    return messages;
  });
  for (const { chat } of dead) outbox.wake(chat);
  if (dead.length > 0) notices?.tell();
}

/**
 * Several messages over which the program ended twice are tried one by one from now on: only what ends it again is set aside, and
 * is shown to no later turn.
 */
async function setApart(tx: Transaction, group: GroupId): Promise<void> {
  const claimed = await listClaimed(tx, group);
  const turn = claimed[0]?.turn;
  const attempts = Math.max(0, ...claimed.map((each) => each.attempts));
  if (turn === undefined || attempts < mostAttempts - 1) return;
  const turns = await findUnansweredTurns(tx, turn, false);
  const isCrowd = claimed.length > 1 || (turns?.length ?? 0) > 1;
  if (turns !== undefined && (isCrowd || attempts >= mostAttempts)) await withdrawTurns(tx, turns);
}
