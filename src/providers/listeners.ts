/** A listening TCP socket of this machine. */
export interface Listener {
  readonly port: number;
  readonly uid: number;
  /** Whether a connection to 127.0.0.1 can reach it. */
  readonly takesLoopback: boolean;
}

/** Reads the kernel's table on Linux and asks `lsof` on macOS; elsewhere, or when that fails, nobody is known to listen. */
export async function listListeners(signal: AbortSignal): Promise<readonly Listener[]> {
  if (process.platform === "darwin") return parseLsof(await runLsof(signal));
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => Bun.file(path).text());
  const texts = await Promise.all(tables.map((text) => text.catch(() => "")));
  signal.throwIfAborted();
  return texts.flatMap(parseSocketTable);
}

const listening = "0A";
/** 127.0.0.1, 0.0.0.0, `::`, and the first two as IPv6 writes them, in the kernel's byte order. */
const loopbackTakers = new Set([
  "0100007F",
  "00000000",
  "00000000000000000000000000000000",
  "0000000000000000FFFF00000100007F",
  "0000000000000000FFFF000000000000",
]);

/** Reads `/proc/net/tcp` or `tcp6`. */
export function parseSocketTable(table: string): Listener[] {
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , uid] = line.trim().split(/\s+/);
    const [address = "", port = ""] = local.split(":");
    if (state !== listening || uid === undefined) return [];
    return [
      { port: Number.parseInt(port, 16), uid: Number(uid), takesLoopback: loopbackTakers.has(address) },
    ];
  });
}

/** Reads the fields of `lsof -F un`: a process's `u` counts for the `n` lines that follow. */
export function parseLsof(text: string): Listener[] {
  let uid = Number.NaN;
  const listeners: Listener[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("u")) uid = Number(line.slice(1));
    const socket = /^n(.*):(\d+)$/.exec(line);
    if (socket === null || Number.isNaN(uid)) continue;
    const takesLoopback = /^(\*|127\.0\.0\.1|0\.0\.0\.0|\[::\])$/.test(socket[1] ?? "");
    listeners.push({ port: Number(socket[2]), uid, takesLoopback });
  }
  return listeners;
}

const lsofTimeoutMs = 2_000;

async function runLsof(signal: AbortSignal): Promise<string> {
  try {
    const argv = ["/usr/sbin/lsof", "-nP", "-iTCP", "-sTCP:LISTEN", "-F", "un"];
    const child = Bun.spawn(argv, {
      stdin: "ignore",
      stderr: "ignore",
      signal: AbortSignal.any([signal, AbortSignal.timeout(lsofTimeoutMs)]),
    });
    return await child.stdout.text();
  } catch {
    signal.throwIfAborted();
    return "";
  }
}
