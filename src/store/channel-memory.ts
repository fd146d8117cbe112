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
  readAll(head: string): Promise<ReadonlyMap<string, string>>;
  change(values: ReadonlyMap<string, string | undefined>): Promise<void>;
}

/** What one channel remembers. */
export function openMemory(database: Database, channel: string, account: () => string): OpenMemory {
  return {
    read: (name) => readMemory(database, { channel, account: account() }, name),
    write: (name, value) =>
      database.transaction((tx) => writeMemory(tx, { channel, account: account() }, name, value)),
    readAll: (head) => readAllMemory(database, { channel, account: account() }, head),
    change: (values) =>
      database.transaction(async (tx) => {
        const place = { channel, account: account() };
        for (const [name, value] of values) {
          if (value === undefined) await forgetMemory(tx, place, name);
          else await writeMemory(tx, place, name, value);
        }
      }),
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

async function readAllMemory(
  reader: Reader,
  { channel, account }: MemoryPlace,
  head: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await reader.all(
    "SELECT name, value FROM channel_memory WHERE channel = ? AND account = ? AND substr(name, 1, ?) = ?",
    channel,
    account,
    head.length,
    head,
  );
  return new Map(rows.map((row) => [textOf(row, "name"), textOf(row, "value")]));
}

async function forgetMemory(tx: Transaction, { channel, account }: MemoryPlace, name: string): Promise<void> {
  await tx.run(
    "DELETE FROM channel_memory WHERE channel = ? AND account = ? AND name = ?",
    channel,
    account,
    name,
  );
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
