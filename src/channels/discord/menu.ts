import type { Log } from "../../log.ts";
import type { ChannelMemory, MenuEntry } from "../channel.ts";
import type { RestApi } from "./rest.ts";

export interface MenuPlace {
  readonly menu: readonly MenuEntry[];
  readonly application: string;
  readonly memory: ChannelMemory;
  readonly log: Log;
}

const memoryKey = "menu";
/** Discord takes so many signs of a description. */
const longestDescription = 100;
/** In servers, and in private with the bot. */
const contexts = [0, 1];

/** What Discord offers when somebody types a slash: told once, for Discord keeps it. Of no consequence when it fails, or has to wait for another day. */
export async function offerMenu(
  api: RestApi,
  { menu, application, memory, log }: MenuPlace,
  signal: AbortSignal,
): Promise<void> {
  const commands = menu.map(({ name, says, takes }) => ({
    name,
    description: says.slice(0, longestDescription),
    contexts,
    ...(takes === undefined ? {} : { options: [toOption(takes)] }),
  }));
  const told = JSON.stringify([application, commands]);
  if ((await memory.read(memoryKey)) === told) return;
  const path = `/applications/${application}/commands`;
  const answer = await api.call("PUT", path, { body: commands, signal });
  if (answer.type === "ok") await memory.write(memoryKey, told);
  else log.info("the menu of commands could not be set", { reason: answer.reason });
}

/** `WHAT TO KEEP` as Discord names a field: `what_to_keep`. */
function toOption(takes: string): object {
  const name = takes
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 32);
  return { type: 3, name: name === "" ? "text" : name, description: takes.slice(0, longestDescription) };
}
