import type { ChannelMemory } from "./channel.ts";

/** What a button is given to know its reply by: the reply's key, or a short name for one of more bytes than the platform takes. */
export async function toButtonName(key: string, mostBytes: number, memory: ChannelMemory): Promise<string> {
  if (Buffer.byteLength(key) <= mostBytes && !key.startsWith("#")) return key;
  const name = `#${new Bun.CryptoHasher("sha256").update(key).digest("base64url").slice(0, 32)}`;
  await memory.write(`button ${name}`, key);
  return name;
}

/** The key that a button's name stands for; nothing for one that was never made here. */
export async function findButtonKey(name: string, memory: ChannelMemory): Promise<string | undefined> {
  return name.startsWith("#") ? await memory.read(`button ${name}`) : name;
}
