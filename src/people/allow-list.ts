import type { Config } from "../config.ts";
import type { IncomingSender } from "../channels/channel.ts";

export interface AllowQuestion {
  readonly channel: string;
  readonly sender: Pick<IncomingSender, "id" | "uniqueName">;
  readonly chat: string;
  readonly isPrivate: boolean;
}

/** What the configuration says of somebody who writes. */
export type Admission =
  | { readonly type: "no" }
  /** He may write as a member, whoever he is: the list is for everybody, or for this chat. */
  | { readonly type: "everybody" }
  | { readonly type: "by-id" }
  /** By a name, which may have changed hands. */
  | { readonly type: "by-name"; readonly name: string }
  /** Nobody but the owner writes here. */
  | { readonly type: "shut"; readonly key: string };

/** By `channels.NAME.allowFrom` and, for Slack, its lists for private and other chats. Nobody, where nothing is said. */
export function findAdmission(config: Config, question: AllowQuestion): Admission {
  const { channel, sender, chat, isPrivate } = question;
  if (channel === "slack") return findInSlack(config.channels.slack, question);
  const part: unknown = Object.entries(config.channels).find(([name]) => name === channel)?.[1];
  const list = toList(part);
  // Only mail has domains: elsewhere `@name` is a name.
  if (channel === "email" && list.some((entry) => isDomainOf(entry, sender.id))) return { type: "by-id" };
  return findInList(list, sender, { chat, isPrivate });
}

function findInSlack(
  { dm, groupPolicy, groupAllowFrom }: Config["channels"]["slack"],
  { sender, chat, isPrivate }: AllowQuestion,
): Admission {
  if (isPrivate && !dm.enabled) return { type: "shut", key: "channels.slack.dm.enabled" };
  if (isPrivate && dm.policy === "open") return { type: "everybody" };
  if (!isPrivate && groupPolicy === "open") return { type: "everybody" };
  if (!isPrivate && groupPolicy === "allowlist" && isListed(groupAllowFrom, withoutThread(chat)))
    return { type: "everybody" };
  return findInList(dm.allowFrom, sender, { chat, isPrivate });
}

function toList(part: unknown): readonly string[] {
  if (typeof part !== "object" || part === null || !("allowFrom" in part)) return [];
  const { allowFrom } = part;
  return Array.isArray(allowFrom) ? allowFrom.filter((entry) => typeof entry === "string") : [];
}

/** A thread that is a chat of its own belongs to its channel. */
function withoutThread(chat: string): string {
  const [channel = ""] = chat.split(":");
  return channel;
}

function isListed(list: readonly string[], chat: string): boolean {
  return list.some((entry) => entry.trim() !== "" && entry.trim() === chat);
}

function findInList(
  list: readonly string[],
  { id, uniqueName }: AllowQuestion["sender"],
  { chat, isPrivate }: { readonly chat: string; readonly isPrivate: boolean },
): Admission {
  // Of a group the platform's id is no sender's, whatever a channel takes for one.
  if (id === "" || (!isPrivate && id === chat)) return { type: "no" };
  if (list.some((entry) => entry.trim() === "*")) return { type: "everybody" };
  if (list.some((entry) => isId(entry, id))) return { type: "by-id" };
  const name = uniqueName === undefined ? "" : toName(uniqueName);
  const isNamed = name !== "" && list.some((entry) => !entry.includes("|") && toName(entry) === name);
  return isNamed ? { type: "by-name", name } : { type: "no" };
}

/** `1|alice` is the person 1, whatever he is called by now. */
function isId(entry: string, id: string): boolean {
  const [first = ""] = entry.split("|");
  const wanted = first.trim();
  if (wanted === "") return false;
  return (
    wanted === id || toNumber(wanted) === (toNumber(id) ?? "") || toAddress(wanted) === (toAddress(id) ?? "")
  );
}

/** A telephone number as people write it: `+49 170 1234567`. */
function toNumber(text: string): string | undefined {
  return /^\+?\d[\d ]*$/.test(text) ? text.replace(/[+ ]/g, "") : undefined;
}

/** `@example.com`: everybody there, and nobody below it. */
function isDomainOf(entry: string, id: string): boolean {
  const domain = entry.trim().toLowerCase();
  return (
    /^@[^@\s]+$/.test(domain) &&
    id.toLowerCase().endsWith(domain) &&
    id.lastIndexOf("@") === id.length - domain.length
  );
}

/** Of mail, where capitals make no difference. */
function toAddress(text: string): string | undefined {
  return text.lastIndexOf("@") > 0 ? text.toLowerCase() : undefined;
}

function toName(text: string): string {
  return text.trim().replace(/^@/, "").toLowerCase();
}
