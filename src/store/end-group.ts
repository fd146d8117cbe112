import { listChats, bindChat } from "./chats.ts";
import type { Transaction } from "./database.ts";
import { endGroup, type Group } from "./groups.ts";
import { declineWaiting } from "./messages.ts";

/** What nobody can use any more once the group has ended: a right that lingers is one that somebody finds. */
const rights = ["grants", "egress_rules", "group_mounts", "shared_folders", "members"] as const;

/**
 * The group ends: its chats belong to nobody, what waits is declined, its rights are gone. What was said and decided stays.
 * To be called by whoever holds its lease. Returns what it is called from now on.
 */
export async function endGroupWithRights(
  tx: Transaction,
  group: Group,
  { reason, now }: { readonly reason: string; readonly now: number },
): Promise<string> {
  for (const chat of await listChats(tx, group.id)) await bindChat(tx, chat.id, undefined);
  await declineWaiting(tx, group.id, { reason, now });
  for (const table of rights) await tx.run(`DELETE FROM ${table} WHERE group_id = ?`, group.id);
  return await endGroup(tx, group, now);
}
