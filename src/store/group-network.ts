import { wordOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";
import type { GroupId } from "./ids.ts";

/** `listed`: a proxy, which lets out to the group's hosts and asks about others. `none`: nothing, whatever is listed. */
export const networkNames = ["listed", "none"] as const;

export type Network = (typeof networkNames)[number];

export async function readNetwork(reader: Reader, group: GroupId): Promise<Network> {
  const row = await reader.get("SELECT network FROM groups WHERE id = ?", group);
  return row === undefined ? "none" : wordOf(row, "network", networkNames);
}

export async function setNetwork(tx: Transaction, group: GroupId, network: Network): Promise<void> {
  await tx.run("UPDATE groups SET network = ? WHERE id = ?", network, group);
}
