import { toLocalTime } from "../local-time.ts";
import { systemClock } from "../clock.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { bindChatTo, unbindChat, type Bound } from "../groups/bind-chat.ts";
import { findChatByWord } from "../groups/find-chat.ts";
import { findHome } from "../home.ts";
import { summarizeChats, type Chat, type ChatSummary } from "../store/chats.ts";
import { getGroup } from "../store/groups.ts";
import type { ParsedArguments } from "./arguments.ts";
import { regroupGateway } from "./attach.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { formatTable } from "./format-table.ts";
import { allow, allowIn, openOwnStore } from "./own-store.ts";
import { toJson } from "./to-json.ts";

type Run = (args: ParsedArguments, io: CommandIo, signal: AbortSignal) => Promise<ExitCode>;

export const runGroupsChats: Run = async (args, io, signal) => {
  await using store = await openOwnStore(io, signal);
  await allow(store, "chats.list", "all chats");
  const all = await summarizeChats(store.database);
  const chats = args.has("all") ? all : all.filter(({ group }) => group === undefined);
  await io.write(args.has("json") ? toJson(chats.map(toChatJson)) : formatChats(chats, all.length));
  return 0;
};

export const runGroupsBind: Run = async (args, io, signal) => {
  await using store = await openOwnStore(io, signal);
  const [name = "", word = ""] = args.words;
  const bound = await store.database.transaction(async (tx) => {
    const group = await getGroup(tx, name);
    const chat = await findChatByWord(tx, word, { showsTitles: true });
    await allowIn(tx, "chat.bind", toObject(chat), group.name);
    return await bindChatTo(tx, group, chat, systemClock.now());
  });
  await regroupGateway(findHome(io.env));
  const { id, channel, chat } = bound.chat;
  const others = bound.others.map((other) => other.id);
  const facts = { group: name, chat: id, channel, channelChat: chat, others, isGreeted: bound.isGreeted };
  await io.write(args.has("json") ? toJson(facts) : formatBound(name, bound));
  return 0;
};

export const runGroupsUnbind: Run = async (args, io, signal) => {
  await using store = await openOwnStore(io, signal);
  const word = args.words[0] ?? "";
  const { chat, group, fallsToMain } = await store.database.transaction(async (tx) => {
    const found = await findChatByWord(tx, word, { showsTitles: true });
    const unbound = await unbindChat(tx, found, systemClock.now());
    await allowIn(tx, "chat.unbind", toObject(found), unbound.group.name);
    return { chat: found, ...unbound };
  });
  const next = fallsToMain
    ? "it is your private chat, and what you write there next is main's."
    : "nothing that is written there is answered.";
  await io.write(
    args.has("json")
      ? toJson({ group: group.name, chat: chat.id })
      : `✓ Chat ${chat.id} ${toName(chat)} belongs to no group any more: ${next}\n`,
  );
  return 0;
};

function toObject({ id, channel, chat }: Chat): string {
  return `chat ${id} (${channel} ${chat})`;
}

function toName({ channel, title, chat }: Chat): string {
  return sanitizeLine(`"${title ?? chat}" (${channel})`);
}

function formatBound(group: string, { chat, others, isGreeted }: Bound): string {
  const readers = chat.isPrivate
    ? "It is a private chat: only its person reads what the assistant says there."
    : "Everybody in that chat reads what the assistant says there.";
  const shared =
    others.length === 0
      ? []
      : [
          `${group} has ${others.length} other ${others.length === 1 ? "chat" : "chats"}: ${others.map(toName).join(", ")}. They share one memory: who reads in one may learn what was said in the others.`,
        ];
  const lines = [
    `✓ Chat ${chat.id} ${toName(chat)} belongs to ${group} now.`,
    readers,
    ...shared,
    ...(isGreeted ? ["The group's greeting goes out to it."] : []),
  ];
  return `${lines.join("\n  ")}\n`;
}

function formatChats(chats: readonly ChatSummary[], known: number): string {
  if (chats.length === 0) {
    return known === 0
      ? "No chat was seen yet: a chat is known once somebody has written there.\n"
      : "Every chat that was seen belongs to a group: nanoclaw groups chats --all\n";
  }
  const rows = chats.map(
    ({ id, channel, title, chat, isPrivate, groupName, messages, people, lastMessageAt }) => [
      id,
      channel,
      `${title ?? chat}${isPrivate ? " (private)" : ""}`,
      groupName ?? "-",
      messages,
      people,
      lastMessageAt === undefined ? "-" : toLocalTime(lastMessageAt, "minute"),
    ],
  );
  return formatTable(["CHAT", "CHANNEL", "TITLE", "GROUP", "MESSAGES", "PEOPLE", "LAST"], rows);
}

function toChatJson(chat: ChatSummary) {
  const { id, channel, account, title, isPrivate, groupName, messages, people, lastMessageAt } = chat;
  return {
    id,
    channel,
    account,
    chat: chat.chat,
    title: title ?? null,
    isPrivate,
    group: groupName ?? null,
    messages,
    people,
    lastMessageAt: lastMessageAt ?? null,
  };
}
