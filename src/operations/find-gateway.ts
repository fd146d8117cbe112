import type { Reader } from "../store/database.ts";
import type { Holder } from "../store/holder.ts";

/** Who is written down as the gateway of this folder, alive or not; nothing as long as none ever served it. */
export async function findGatewayHolder(reader: Reader): Promise<Holder | undefined> {
  const table = await reader.get("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'gateway'");
  if (table === undefined) return undefined;
  const row = await reader.get("SELECT pid, pid_start, boot_id FROM gateway");
  if (row === undefined) return undefined;
  return { pid: Number(row["pid"]), pidStart: String(row["pid_start"]), bootId: String(row["boot_id"]) };
}
