import { findHome } from "../home.ts";
import type { Conversation, ConversationOptions } from "../turns/conversation.ts";
import type { CommandIo } from "./command-io.ts";

/** A conversation of the gateway that runs, or else one on this machine's own store: only then is what a turn needs loaded. */
export async function findConversation(
  options: ConversationOptions,
  io: CommandIo,
  signal: AbortSignal,
): Promise<Conversation> {
  const home = findHome(io.env);
  if (await isSocket(home.socket)) {
    const { attach } = await import("./attach.ts");
    const attached = await attach(options, home, io, signal);
    if (attached !== undefined) return attached;
  }
  const { openAlone } = await import("./open-conversation.ts");
  return await openAlone(options, io, signal);
}

async function isSocket(path: string): Promise<boolean> {
  try {
    return (await Bun.file(path).stat()).isSocket();
  } catch {
    return false;
  }
}
