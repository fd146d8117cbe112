import { createTaskActor, type Actor, type PersonKind } from "../authority/actor.ts";
import type { Config } from "../config.ts";
import { admit } from "../people/admit.ts";
import { claimAllowedName, findAllowedName } from "../store/allowed-names.ts";
import { findChatById } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import type { Group } from "../store/groups.ts";
import { findPerson, isMember } from "../store/people.ts";
import type { Task } from "../store/tasks.ts";

/** Whoever made the task, with the right that he has now: somebody who was put out since is a stranger. */
export async function findTaskActor(
  tx: Transaction,
  task: Task,
  group: Group,
  { config, now }: { readonly config: Config; readonly now: number },
): Promise<Actor> {
  return createTaskActor(await findKind(tx, task, group, config, now), task.id, group.name);
}

async function findKind(
  tx: Transaction,
  { creator, chat: chatId }: Task,
  group: Group,
  config: Config,
  now: number,
): Promise<PersonKind> {
  if (creator.person === undefined) return creator.kind === "owner" ? "owner" : "stranger";
  const person = await findPerson(tx, creator.person);
  if (person === undefined) return "stranger";
  if (creator.kind === "owner") return person.isOwner || person.holdsToken ? "owner" : "stranger";
  if (await isMember(tx, group.id, person.id)) return "member";
  const chat = chatId === undefined ? undefined : await findChatById(tx, chatId);
  if (chat === undefined || chat.group !== group.id) return "stranger";
  const name = await findAllowedName(tx, person.id);
  const { isAllowed } = await admit(tx, config, {
    channel: person.channel,
    sender: { id: person.sender, ...(name === undefined ? {} : { uniqueName: name }) },
    chat: chat.chat,
    isPrivate: chat.isPrivate,
    person,
    now,
    claimName: claimAllowedName,
  });
  return isAllowed ? "member" : "stranger";
}
