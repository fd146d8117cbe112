import { join } from "node:path";
import type { Identity } from "./attack-case.ts";
import type { Outcome } from "./judge.ts";

/** Arenas side by side; each has a world and a network of its own. */
const arenas = 2;

/**
 * Judges the cases with these ids. As root only: an arena is a network namespace in which every address is ours, with process and mount
 * namespaces around it, so that nothing of it can outlive it or be seen by others.
 */
export async function judgeCases(
  ids: readonly string[],
  identity: Identity,
  signal: AbortSignal,
  onOutcome: (outcome: Outcome) => void = () => {},
): Promise<readonly Outcome[]> {
  const shares = Array.from({ length: Math.min(arenas, ids.length) }, (_, index) =>
    ids.filter((_id, at) => at % arenas === index),
  );
  const outcomes = await Promise.all(shares.map((share) => runArena(share, identity, signal, onOutcome)));
  return outcomes.flat().toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

/** Why there can be no arena here; nothing where there can. */
export function refuseArena(): string | undefined {
  if (process.platform !== "linux") return "it takes Linux namespaces";
  if (process.getuid?.() !== 0) return "it takes root, to make a network of its own";
  const missing = ["ip", "unshare", "mount", "perl"].filter((name) => Bun.which(name) === null);
  return missing.length === 0 ? undefined : `these programs are missing: ${missing.join(", ")}`;
}

const namespaces = [
  ...["unshare", "--mount", "--propagation", "private", "--net"],
  ...["--pid", "--fork", "--kill-child", "--mount-proc"],
];

async function runArena(
  ids: readonly string[],
  identity: Identity,
  signal: AbortSignal,
  onOutcome: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> {
  signal.throwIfAborted();
  const script = 'mount -t tmpfs -o mode=755 tmpfs /srv && export TMPDIR=/srv && exec "$@"';
  const bun = [process.execPath, "--no-env-file", "--config=/dev/null"];
  const child = Bun.spawn(
    [...namespaces, "sh", "-c", script, "sh", ...bun, join(import.meta.dir, "main.ts"), identity, ...ids],
    {
      stdin: "ignore",
      stdout: "pipe",
      stderr: process.env["ARENA_TRACE"] === undefined ? "pipe" : "inherit",
    },
  );
  const end = (): void => child.kill("SIGKILL");
  signal.addEventListener("abort", end, { once: true });
  try {
    const errors = new Response(child.stderr).text();
    const outcomes: Outcome[] = [];
    for await (const line of toLines(child.stdout)) {
      const outcome: Outcome = JSON.parse(line);
      outcomes.push(outcome);
      onOutcome(outcome);
    }
    const code = await child.exited;
    signal.throwIfAborted();
    if (code !== 0) throw new Error(`The arena ended with ${code}: ${(await errors).slice(-2000)}`);
    return outcomes;
  } finally {
    signal.removeEventListener("abort", end);
    end();
    await child.exited;
  }
}

async function* toLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter(Boolean);
  }
}
