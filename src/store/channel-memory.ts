import { textOf } from "./columns.ts";
import type { Database, Reader, Transaction } from "./database.ts";

/** Whose memory it is. */
export interface MemoryPlace {
  readonly channel: string;
  readonly account: string;
}

export interface OpenMemory {
  read(name: string): Promise<string | undefined>;
  write(name: string, value: string): Promise<void>;
}

/** What one channel remembers. */
export function openMemory(database: Database, channel: string, account: () => string): OpenMemory {
  return {
    read: (name) => readMemory(database, { channel, account: account() }, name),
    write: (name, value) =>
      database.transaction((tx) => writeMemory(tx, { channel, account: account() }, name, value)),
  };
}

async function readMemory(
  reader: Reader,
  { channel, account }: MemoryPlace,
  name: string,
): Promise<string | undefined> {
  const row = await reader.get(
    "SELECT value FROM channel_memory WHERE channel = ? AND account = ? AND name = ?",
    channel,
    account,
    name,
  );
  return row === undefined ? undefined : textOf(row, "value");
}

async function writeMemory(
  tx: Transaction,
  { channel, account }: MemoryPlace,
  name: string,
  value: string,
): Promise<void> {
  await tx.run(
    `INSERT INTO channel_memory (channel, account, name, value) VALUES (?, ?, ?, ?)
     ON CONFLICT (channel, account, name) DO UPDATE SET value = excluded.value`,
    channel,
    account,
    name,
    value,
  );
}

/** The channel is removed: the next one of its name begins anew. */
export async function forgetChannel(tx: Transaction, { channel, account }: MemoryPlace): Promise<void> {
  await tx.run("DELETE FROM channel_memory WHERE channel = ? AND account = ?", channel, account);
}
