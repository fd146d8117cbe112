import { authorize } from "../authority/authorize.ts";
import { clean } from "../authority/taint.ts";
import { archiveCurrent } from "../sessions/archive-session.ts";
import { readUsage } from "../sessions/read-usage.ts";
import { withRight } from "../sessions/session-place.ts";
import { clearAddressing } from "../store/addressing.ts";
import { readGroupSettings } from "../store/group-settings.ts";
import { dropAllowed } from "../store/approvals.ts";
import { declineWaiting } from "../store/messages.ts";
import { findCurrentSession, startSession } from "../store/sessions.ts";
import type { ChatCommandContext, RunChatCommand } from "./chat-command.ts";
import type { CompactRequest } from "./chat-desk.ts";
import { chatRows } from "./chat-rows.ts";
import { toStatusRows, toUsageRows, type FactRow } from "./fact-rows.ts";
import { chooseChatModel } from "./model-in-chat.ts";
import type { ChatCommandName } from "./table.ts";
import { undoInChat } from "./undo-in-chat.ts";

/** What each does in a chat. */
export const chatDoings: Readonly<Record<ChatCommandName, RunChatCommand>> = {
  new: async (context) => {
    const { group, phrases } = context;
    await withRight(context, "session.new", "the conversation so far as a file", async () => {});
    await archiveCurrent(context);
    await withRight(context, "session.new", "current session", async (tx, now) => {
      if (await context.answer(tx, phrases.prompt.newConversation)) await startSession(tx, group.id, now);
    });
  },
  undo: undoInChat,
  compact: async (context, signal) => {
    const { actor, argument, desk, group, phrases } = context;
    await withRight(context, "session.compact", "current session", async () => {});
    const record: CompactRequest["record"] = async (tx, shortened) => {
      await context.answer(tx, phrases.prompt.summedUp(shortened));
    };
    await desk.compact(group, { actor, keep: argument, record }, signal);
  },
  status: async (context, signal) => {
    await withRight(context, "chat.status", "status", async () => {});
    await say(context, toLines(await describe(context, signal)));
  },
  usage: async (context) => {
    const { store, group, desk, phrases } = context;
    const session = await findCurrentSession(store.database, group.id);
    const budget = desk.budget?.();
    const place = budget === undefined ? context : { ...context, budget };
    await say(context, toLines(toUsageRows(await readUsage(place, session?.id), phrases)));
  },
  tasks: async (context) => {
    const { desk, group, phrases } = context;
    await withRight(context, "task.list", "tasks", async () => {});
    const tasks = (await desk.tasks?.(group)) ?? [];
    await say(context, tasks.length === 0 ? phrases.chat.noTasks : tasks.join("\n"));
  },
  model: chooseChatModel,
  whoami: async (context) => {
    await withRight(context, "chat.identify", "oneself", async () => {});
    const { actor, person, chat, group, phrases } = context;
    const { facts, chat: words } = phrases;
    const role = actor.kind === "agent" ? "stranger" : actor.kind;
    await say(
      context,
      toLines([
        ...(person.displayName === undefined ? [] : [[facts.name, person.displayName] as const]),
        [facts.role, words.who[role]],
        [facts.id, `${person.channel}:${person.account}:${person.sender}`],
        [facts.chat, `${chat.channel}:${chat.account}:${chat.chat}`],
        [facts.group, group.name],
      ]),
    );
  },
  stop: async (context) => {
    const { store, group, clock, message, chat, phrases } = context;
    await withRight(context, "turn.stop", "whatever runs", async () => {});
    const { stopped, nothingRuns } = phrases.prompt;
    const wish = { reason: "stopped", before: message.id, except: [...immediate, "unknown"] };
    await context.stop(async (wasRunning) => {
      await store.database.transaction(async (tx) => {
        const undone = await dropAllowed(tx, group.id);
        const dropped = undone + (await declineWaiting(tx, group.id, { ...wish, now: clock.now() }));
        await clearAddressing(tx, chat.id);
        await context.answer(tx, wasRunning || dropped > 0 ? stopped : nothingRuns);
      });
    });
  },
  help: async (context) => {
    await withRight(context, "chat.help", "help", async () => {});
    const { phrases } = context;
    const rows = chatRows.filter(({ action }) => mayDo(context, action));
    const lines = rows.map(({ name, usage }) => `${usage}: ${phrases.slash[name]}`);
    const calling = await describeCalling(context);
    await say(context, [phrases.chat.youCan, ...lines, ...calling].join("\n"));
  },
};

/** They wait for nothing but their own answer: a stop leaves them. */
const immediate = chatRows.filter((row) => row.isImmediate === true).map(({ name }) => name);

/** Without a record: a no only makes the answer shorter. */
function mayDo({ actor, group }: ChatCommandContext, action: Parameters<typeof authorize>[1]): boolean {
  return authorize(actor, action, { group: group.name, name: action }, clean).verdict === "allow";
}

async function describe(context: ChatCommandContext, signal: AbortSignal): Promise<readonly FactRow[]> {
  const { desk, group, chat, phrases, isAtWork } = context;
  const { facts } = phrases;
  const short: readonly FactRow[] = [
    [facts.group, group.title ?? group.name],
    [facts.now, isAtWork() ? facts.atWork : facts.idle],
  ];
  if (!mayDo(context, "session.read")) return short;
  const { sharedFolders, ...status } = await desk.describe(group, signal);
  const [, ...more] = toStatusRows(
    { ...status, sharedFolders: chat.isPrivate ? sharedFolders : [] },
    phrases,
  );
  // Where others read along, the owner's paths stand nowhere.
  return [...short, ...(chat.isPrivate ? more : more.filter(([label]) => label !== facts.shared))];
}

async function describeCalling({ store, group, chat, phrases }: ChatCommandContext): Promise<string[]> {
  if (chat.isPrivate) return [];
  const { triggerMode, triggerName: name } = await readGroupSettings(store.database, group.id);
  const { calling, answersNothing } = phrases.chat;
  switch (triggerMode) {
    case "always":
      return [calling({ name: undefined, isSticky: false })];
    case "never":
      return [answersNothing];
    case "mention":
    case "mention-sticky":
      return [calling({ name, isSticky: triggerMode === "mention-sticky" })];
    default:
      return triggerMode satisfies never;
  }
}

async function say(context: ChatCommandContext, text: string): Promise<void> {
  await context.store.database.transaction((tx) => context.answer(tx, text));
}

function toLines(rows: readonly FactRow[]): string {
  return rows.map(([label, value]) => `${label}: ${value}`).join("\n");
}
