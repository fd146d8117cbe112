import { AppError } from "../errors.ts";
import { tellStory } from "../gateway/message-story.ts";
import { findHome } from "../home.ts";
import { findChatById } from "../store/chats.ts";
import { findGroupById, getGroupById } from "../store/groups.ts";
import { toMessageId } from "../store/ids.ts";
import { findMessage, listMessages, redriveMessage } from "../store/messages.ts";
import type { Store } from "../store/store.ts";
import { gatewayWords } from "../words/english/gateway.ts";
import { wakeGateway } from "./attach.ts";
import type { CommandIo } from "./command-io.ts";
import type { MessageDirectory } from "./services.ts";
import { allowIn } from "./own-store.ts";

/** The inbox, for its owner at the terminal. */
export function openMessages(io: CommandIo, open: (signal: AbortSignal) => Promise<Store>): MessageDirectory {
  return {
    async list(options, signal) {
      await using store = await open(signal);
      const rows = await store.database.transaction(async (tx) => {
        await allowIn(tx, "messages.list", options.onlyDead ? "set aside" : "all messages");
        return await listMessages(tx, options);
      });
      return await Promise.all(
        rows.map(async ({ id, receivedAt, state, reason, chat, group }) => {
          const place = await findChatById(store.database, chat);
          const owner = group === undefined ? undefined : await findGroupById(store.database, group);
          return {
            id,
            at: receivedAt,
            state,
            chat: `${place?.channel ?? "?"}:${place?.title ?? place?.chat ?? "?"}`,
            ...(owner === undefined ? {} : { group: owner.name }),
            ...(reason === undefined ? {} : { reason }),
          };
        }),
      );
    },
    async redrive(number, signal) {
      await using store = await open(signal);
      const id = toMessageId(number);
      const group = await store.database.transaction(async (tx) => {
        await allowIn(tx, "messages.redrive", `message ${number}`);
        const message = await findMessage(tx, id);
        if (message === undefined)
          throw new AppError("not-found", gatewayWords.noMessage({ id: String(number) }));
        if (!(await redriveMessage(tx, id))) {
          throw new AppError(
            "conflict",
            gatewayWords.notSetAside({ id: String(number), state: message.state }),
          );
        }
        return message.group;
      });
      if (group === undefined) return { isAnsweredNow: false };
      const { name } = await getGroupById(store.database, group);
      return { isAnsweredNow: await wakeGateway(findHome(io.env), name) };
    },
    async tell(number, signal) {
      await using store = await open(signal);
      await store.database.transaction((tx) => allowIn(tx, "messages.list", `message ${number}`));
      const story = await tellStory(store.database, toMessageId(number));
      if (story === undefined)
        throw new AppError("not-found", gatewayWords.noMessage({ id: String(number) }));
      return story;
    },
  };
}
