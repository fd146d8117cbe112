import type { Clock } from "../clock.ts";
import type { GroupId } from "../store/ids.ts";
import { reclaimMessages } from "../store/messages.ts";
import { addReply, findDraft, finishDraft } from "../store/replies.ts";
import type { Store } from "../store/store.ts";
import type { ChatSpeech } from "./chat-speech.ts";
import type { Outbox } from "./outbox.ts";

/** A message that the process ended so often over is not tried again by itself. */
const mostAttempts = 3;

export interface ReclaimOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly speech: ChatSpeech;
}

/** Puts back what a turn that nobody ended had taken; its chat is told of what is set aside. */
export async function reclaim(
  group: GroupId,
  { store, clock, outbox, speech }: ReclaimOptions,
  wasOurs: boolean,
): Promise<void> {
  const reason = `the program ended ${mostAttempts} times while it was at work on it`;
  const dead = await store.database.transaction(async (tx) => {
    const now = clock.now();
    const most = wasOurs ? Number.MAX_SAFE_INTEGER : mostAttempts;
    const messages = await reclaimMessages(tx, group, { most, reason, isForgiven: wasOurs, now });
    for (const { id, chat, turn } of messages) {
      const draft = await findDraft(tx, chat);
      if (draft !== undefined && turn !== undefined) {
        const text = `${draft.text}\n\n${speech.phrases.cut}`;
        await finishDraft(tx, draft.id, { turn, message: id, text });
      }
      const text = speech.phrases.setAside({ times: mostAttempts, message: id });
      await addReply(tx, { key: `d${id}a${now}`, chat, group, message: id, kind: "notice", text, now });
    }
    return messages;
  });
  for (const { chat } of dead) outbox.wake(chat);
}
