import type { ShownGrant } from "../approvals/frozen-grants.ts";
import { findWantedChat } from "../groups/find-wanted-chat.ts";
import { toTaskGrants } from "../scheduler/task-needs.ts";
import type { TaskCaller, TaskInput } from "../scheduler/task-tool.ts";
import { findChatById } from "../store/chats.ts";
import { findGroup, getGroupById, type Group } from "../store/groups.ts";
import { toChatId } from "../store/ids.ts";
import type { Store } from "../store/store.ts";
import type { TaskGrant } from "../store/task-grants.ts";

/** What a task's needs mean now, as the owner is shown it. To send where its answers go anyway is nothing to ask for. */
export async function findShownGrants(
  { needs = {}, group: other }: TaskInput,
  { chat: own }: TaskCaller,
  { store, group }: { readonly store: Store; readonly group: Group },
): Promise<readonly ShownGrant[]> {
  const { database } = store;
  const of = other === undefined ? group : ((await findGroup(database, other)) ?? group);
  const grants = await toTaskGrants(needs, async (word) => (await findWantedChat(database, word, of)).id);
  const beyond = grants.filter(({ kind, value }) => kind !== "chat" || value !== String(own));
  return await Promise.all(beyond.map(async (grant) => ({ ...grant, shown: await show(grant, store) })));
}

/** By its number and whose it is: a chat's title was chosen by anybody. */
async function show({ kind, value }: TaskGrant, { database }: Store): Promise<string> {
  if (kind !== "chat") return value;
  const chat = await findChatById(database, toChatId(Number(value)));
  const owner = chat?.group === undefined ? undefined : await getGroupById(database, chat.group);
  return `chat ${value} (${chat?.channel ?? "?"}) of the group ${owner?.name ?? "?"}`;
}
