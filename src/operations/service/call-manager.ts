import { AppError } from "../../errors.ts";
import { run, type RunResult } from "../../run.ts";
import { serviceWords } from "../../words/english/service.ts";
import type { ServicePlace } from "./service-manager.ts";

const timeoutMs = 60_000;

/** One call of `systemctl` or `launchctl`, with what they need to find the person's own manager. */
export async function callManager(
  argv: readonly string[],
  { environment, uid }: ServicePlace,
  signal: AbortSignal,
): Promise<RunResult> {
  const names = ["PATH", "HOME", "USER", "LOGNAME", "DBUS_SESSION_BUS_ADDRESS", "XDG_CONFIG_HOME"];
  const kept = names.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const runtime = environment["XDG_RUNTIME_DIR"] ?? `/run/user/${uid}`;
  const env = { ...Object.fromEntries(kept), XDG_RUNTIME_DIR: runtime, LC_ALL: "C" };
  const path = Bun.which(argv[0] ?? "", { PATH: environment["PATH"] ?? "" }) ?? argv[0] ?? "";
  return await run([path, ...argv.slice(1)], { signal, env, timeoutMs });
}

/** The same, and it must succeed. */
export async function requireManager(
  argv: readonly string[],
  place: ServicePlace,
  signal: AbortSignal,
): Promise<string> {
  const { code, stdout, stderr } = await callManager(argv, place, signal);
  if (code === 0) return stdout;
  const said = (stderr.trim() || stdout.trim() || `code ${code}`).split("\n")[0] ?? "";
  throw new AppError("io", serviceWords.refused({ command: argv.join(" "), said }));
}
