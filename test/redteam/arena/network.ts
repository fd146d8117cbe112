import { join } from "node:path";

/** Addresses of a network that exists in the arena alone. The public ones belong to nobody here. */
export const places = {
  /** The system's resolver. */
  resolver: "45.83.10.53",
  /** A server on the internet that the owner would allow. */
  good: "45.83.10.7",
  /** The attacker's. */
  evil: "45.83.10.8",
  /** Where clouds keep the credentials of a machine. */
  metadata: "169.254.169.254",
  /** A server of the house. */
  internal: "10.13.37.1",
  /** One that nobody told us of. */
  elsewhere: "198.41.0.4",
} as const;

/** Every address of the world is this machine, so whatever leaves a process of the arena arrives in the sinkhole. */
export function raiseNetwork(): void {
  run("ip", "link", "set", "lo", "up");
  run("ip", "route", "add", "local", "0.0.0.0/0", "dev", "lo");
  // A machine may have no IPv6.
  Bun.spawnSync(["ip", "-6", "route", "add", "local", "::/0", "dev", "lo"], { stderr: "ignore" });
}

/** The resolver of the sinkhole becomes that of the system, in this mount namespace only. */
export async function useResolver(folder: string): Promise<void> {
  const path = join(folder, "resolv.conf");
  await Bun.write(path, `nameserver ${places.resolver}\noptions attempts:1 timeout:1\n`);
  run("mount", "--bind", path, "/etc/resolv.conf");
}

/** What was sent to where nobody listens: failed connections, datagrams, pings. */
export async function countStrays(): Promise<number> {
  const tables = await Promise.all(
    ["/proc/net/snmp", "/proc/net/snmp6"].map((path) =>
      Bun.file(path)
        .text()
        .catch(() => ""),
    ),
  );
  const [old = "", six = ""] = tables;
  const fields = [
    ["Tcp", "AttemptFails"],
    ["Udp", "NoPorts"],
    ["Icmp", "InEchos"],
  ] as const;
  const counts = fields.map(([protocol, field]) => readField(old, protocol, field));
  const sixes = ["Udp6NoPorts", "Icmp6InEchos"].map((name) =>
    Number(new RegExp(`^${name}\\s+(\\d+)`, "m").exec(six)?.[1] ?? 0),
  );
  return [...counts, ...sixes].reduce((sum, count) => sum + count, 0);
}

function readField(table: string, protocol: string, field: string): number {
  const [names = "", values = ""] = table.split("\n").filter((line) => line.startsWith(`${protocol}: `));
  const index = names.split(" ").indexOf(field);
  return index < 0 ? 0 : Number(values.split(" ")[index] ?? 0);
}

function run(...argv: readonly string[]): void {
  const { success, stderr } = Bun.spawnSync([...argv], { stderr: "pipe" });
  if (!success) throw new Error(`${argv.join(" ")}: ${stderr.toString().trim()}`);
}
