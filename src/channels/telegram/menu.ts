import type { Log } from "../../log.ts";
import type { ChannelMemory } from "../channel.ts";
import type { BotApi } from "./bot-api.ts";

/** What Telegram offers when somebody types a slash. All of it works typed out as well. */
const commands = [
  { command: "new", description: "Begin a new conversation" },
  { command: "stop", description: "Stop what runs" },
  { command: "status", description: "How things are" },
  { command: "help", description: "What can be written here" },
] as const;

const memoryKey = "menu";

/** Once for a menu: Telegram keeps it. Of no consequence when it fails. */
export async function offerMenu(
  api: BotApi,
  { memory, log }: { readonly memory: ChannelMemory; readonly log: Log },
  signal: AbortSignal,
): Promise<void> {
  const menu = JSON.stringify(commands);
  if ((await memory.read(memoryKey)) === menu) return;
  const answer = await api.call("setMyCommands", { commands }, { signal });
  if (answer.type === "ok") await memory.write(memoryKey, menu);
  else log.info("the menu of commands could not be set", { reason: answer.reason });
}
