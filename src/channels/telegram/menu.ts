import type { Log } from "../../log.ts";
import type { ChannelMemory, MenuEntry } from "../channel.ts";
import type { BotApi } from "./bot-api.ts";

export interface MenuPlace {
  readonly menu: readonly MenuEntry[];
  readonly memory: ChannelMemory;
  readonly log: Log;
}

const memoryKey = "menu";
/** Telegram takes so many characters of a description. */
const longestDescription = 256;

/** What Telegram offers when somebody types a slash: told once, for Telegram keeps it. Of no consequence when it fails. */
export async function offerMenu(
  api: BotApi,
  { menu, memory, log }: MenuPlace,
  signal: AbortSignal,
): Promise<void> {
  const commands = menu.map(({ name, says }) => ({
    command: name,
    description: says.slice(0, longestDescription),
  }));
  const told = JSON.stringify(commands);
  if ((await memory.read(memoryKey)) === told) return;
  const answer = await api.call("setMyCommands", { commands }, { signal });
  if (answer.type === "ok") await memory.write(memoryKey, told);
  else log.info("the menu of commands could not be set", { reason: answer.reason });
}
