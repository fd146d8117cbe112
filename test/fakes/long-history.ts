import type { GroupId } from "../../src/store/ids.ts";
import type { Store } from "../../src/store/store.ts";

export interface HistoryPlace {
  readonly group: GroupId;
  readonly chat: number;
  /** Of a chat in which nothing but a program speaks. */
  readonly alerts: number;
  /** Of one in which people speak, and nothing is meant for the assistant. */
  readonly talk: number;
  readonly person: number;
  readonly bot: number;
  readonly now: number;
}

/** So many messages of one chat within one day, answered, declined and overheard, with all that came of them. */
export async function fillHistory(store: Store, rows: number, place: HistoryPlace): Promise<void> {
  const { group, chat, alerts, talk, person, bot, now } = place;
  const at = now - 60 * 60_000;
  const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})`;
  await store.database.transaction(async (tx) => {
    const fill = async (table: string, columns: string, values: string, every = 1): Promise<void> =>
      void (await tx.run(
        `${numbers} INSERT INTO ${table} (${columns}) SELECT ${values} FROM n WHERE i % ${every} = 0`,
      ));
    await tx.run("PRAGMA defer_foreign_keys = ON");
    await fill(
      "people",
      "channel, account, sender, is_owner, created_at, told_at",
      `'memory', 'default', 'p' || i, 0, 0, ${at}`,
      10,
    );
    await fill(
      "chats",
      "channel, account, chat, is_private, created_at, last_message_at",
      `'memory', 'default', 'k' || i, 1, 0, ${at}`,
      10,
    );
    await fill("sessions", "group_id, name, created_at", `${group}, 's' || i, 0`, 10);
    await tx.run("INSERT INTO sessions (group_id, is_current, created_at) VALUES (?, 1, 0)", group);
    const row = await tx.get("SELECT id FROM sessions WHERE group_id = ? AND is_current = 1", group);
    const current = Number(row?.["id"]);
    await fill(
      "turns",
      "id, group_id, session_id, state, epoch, model, started_at, ended_at, text",
      `i, ${group}, ${current}, 'done', 1, 'test', ${at}, ${at}, 'x'`,
    );
    await fill(
      "entries",
      "session_id, sequence, turn_id, kind, body, created_at",
      `${current}, i, i, 'user', '{"role":"user","content":[{"type":"text","text":"x"}]}', ${at}`,
    );
    await tx.run(
      `INSERT INTO entries (session_id, sequence, kind, body, created_at, covers) VALUES (?, ?, 'summary', '{"role":"user","content":[{"type":"text","text":"x"}]}', ?, ?)`,
      current,
      rows + 1,
      at,
      rows,
    );
    await fill("journal", "turn_id, sequence, at, event", `i, 1, ${at}, '{"type":"tool-start"}'`);
    await fill(
      "usage",
      "turn_id, provider, model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, at",
      `i, 'test', 'test', 1, 1, 0, 0, ${at}`,
    );
    const state = "CASE i % 4 WHEN 0 THEN 'answered' WHEN 1 THEN 'overheard' ELSE 'declined' END";
    await fill(
      "messages",
      "id, chat_id, message, person_id, person_kind, group_id, state, turn_id, body, received_at, ended_at",
      `i, ${chat}, 'h' || i, ${person}, 'member', ${group}, ${state}, i, '{"text":"x"}', ${at}, ${at}`,
    );
    await fill(
      "messages",
      "chat_id, message, person_id, person_kind, group_id, state, body, received_at, ended_at, is_from_bot",
      `${alerts}, 'a' || i, ${bot}, 'member', ${group}, 'declined', '{"text":"x"}', ${at}, ${at}, 1`,
    );
    await fill(
      "messages",
      "chat_id, message, person_id, person_kind, group_id, state, turn_id, body, received_at",
      `${talk}, 'o' || i, ${bot}, 'member', ${group}, 'overheard', 1, '{"text":"x"}', ${at}`,
    );
    await fill(
      "replies",
      "key, chat_id, group_id, turn_id, message_id, kind, text, state, platform_id, created_at, ended_at",
      `'h' || i, ${chat}, ${group}, i, i, 'answer', 'x', 'sent', 'h' || i, ${at}, ${at}`,
    );
    await fill(
      "replies",
      "key, chat_id, group_id, kind, text, state, created_at, ended_at, extras",
      `'q' || i, ${chat}, ${group}, 'answer', 'x', 'sent', ${at}, ${at}, '{}'`,
      10,
    );
    await fill(
      "audit",
      "at, actor_kind, actor_via, actor_id, object_group, object, action, verdict, rule, taint, previous_hash, hash",
      `${at}, 'owner', 'x', 'x', 'family', 'x', 'turn.start', 'allow', 'x', 0, 'x', 'x'`,
    );
    await fill(
      "notices",
      "subject, name, said, is_passing, since, ended_at, is_settled",
      `'message:' || i, 'x', '{"message":"x"}', 1, ${at}, ${at - 48 * 60 * 60_000}, 1`,
      10,
    );
    const approval = (session: string, end: string): string =>
      `${group}, ${session}, 'call', '${end}', 'x', '[]', 'x', 'x', 'x', 'x', '{}', 'x', 'x', 'x', 'x', 0, ${at - 25 * 60 * 60_000}, ${at}`;
    const ofApproval =
      "group_id, session_id, kind, state, actor, chats, action, object_group, title, tool, arguments, hash, rule, reason, words, taint, created_at, expires_at";
    await fill("approvals", ofApproval, approval(String(current), "done"), 10);
    // Conversations that ended before their model heard of it.
    await fill("approvals", ofApproval, approval("i / 10", "denied"), 10);
    await fill(
      "pairing_codes",
      "hash, makes, created_at, expires_at, ended_at, outcome",
      `'x', 'owner', ${at}, ${at}, ${at}, 'used'`,
      10,
    );
    await fill("memories", "group_id, text, is_always, taint, created_at", `${group}, 'x', 0, 0, ${at}`, 10);
    await fill("addressing", "chat_id, person_id, until", `${chat}, i / 10, ${at}`, 10);
    await fill(
      "snapshots",
      "group_id, turn_id, at, entries, bytes, copied_bytes",
      `${group}, i, ${at}, 1, 1, 1`,
      10,
    );
    await tx.run(
      `INSERT INTO tasks (id, group_id, name, prompt, kind, rule, anchor, context, missed, most_missed, overlap, is_delivered, may_make_tasks, state, creator_kind, is_made_by_agent, created_at, updated_at)
      VALUES (999, ?, 'x', 'x', 'once', '0', 0, 'isolated', 'once', 1, 'forbid', 1, 0, 'done', 'owner', 0, 0, 0)`,
      group,
    );
    await fill(
      "task_runs",
      "task_id, group_id, due_at, is_manual, state, claimed_at, ended_at",
      `999, ${group}, i, 0, 'done', ${at}, ${at}`,
      10,
    );
  });
}
