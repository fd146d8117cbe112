import type { ChannelMemory } from "../../src/channels/channel.ts";

export function createChannelMemory(): ChannelMemory {
  const values = new Map<string, string>();
  return {
    read: async (name) => values.get(name),
    write: async (name, value) => void values.set(name, value),
  };
}
