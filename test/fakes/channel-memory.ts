import type { ChannelMemory } from "../../src/channels/channel.ts";

export function createChannelMemory(): ChannelMemory {
  const values = new Map<string, string>();
  return {
    read: async (name) => values.get(name),
    write: async (name, value) => void values.set(name, value),
    readAll: async (head) => new Map([...values].filter(([name]) => name.startsWith(head))),
    async change(changes) {
      for (const [name, value] of changes) {
        if (value === undefined) values.delete(name);
        else values.set(name, value);
      }
    },
  };
}
