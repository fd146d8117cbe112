import { ControlClient } from "../control/control-client.ts";
import type { ConversationOptions } from "../turns/conversation.ts";
import { RemoteConversation } from "../control/remote-conversation.ts";
import type { HomePaths } from "../home.ts";
import type { CommandIo } from "./command-io.ts";

/** A conversation that the running gateway holds; undefined when none runs. */
export async function attach(
  options: ConversationOptions,
  home: HomePaths,
  io: CommandIo,
  signal: AbortSignal,
): Promise<RemoteConversation | undefined> {
  const client = await ControlClient.connect(home.socket, (text) => void io.writeError(text).catch(() => {}));
  if (client === undefined) return undefined;
  try {
    return await RemoteConversation.open(client, options, signal);
  } catch (error) {
    client[Symbol.dispose]();
    throw error;
  }
}

/** Tells the running gateway, if there is one, that groups were renamed or removed. */
export async function regroupGateway(home: HomePaths): Promise<void> {
  using client = await ControlClient.connect(home.socket, () => {});
  await client?.call("regroup", []);
}

/** Tells the running gateway, if there is one, that the store holds something new for a group. */
export async function wakeGateway(home: HomePaths, group: string): Promise<boolean> {
  using client = await ControlClient.connect(home.socket, () => {});
  await client?.call("wake", [group]);
  return client !== undefined;
}
