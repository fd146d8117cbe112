import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { AppError } from "../errors.ts";
import { findHome } from "../home.ts";
import type { ProbeResult, Verdict } from "../sandbox/probes/probe.ts";
import { loadSandboxRuntime } from "../sandbox/registry.ts";
import type { SandboxLimits } from "../sandbox/limits.ts";
import { loadLanguage } from "../words/load-language.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { readConfig } from "./read-config.ts";
import { allowOwner } from "./own-store.ts";
import { toNotes } from "./read-status.ts";
import { createStyle, hasColor, type Style } from "./style.ts";
import { toJson } from "./to-json.ts";

export async function runSandboxStatus(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const config = await readConfig(findHome(io.env), io);
  const runtime = await loadSandboxRuntime(config.sandbox.runtime);
  const probe = await runtime.probe(signal);
  const { toSandboxLimits } = await import("../sandbox/limits.ts");
  const values = toSandboxLimits(config.sandbox);
  const limits = probe.isAvailable
    ? probe.limits.map((each) => ({ ...each, value: values[each.limit] }))
    : [];
  const notes = probe.isAvailable ? probe.facts : toNotes(probe, await loadLanguage(io.env));
  if (args.has("json")) {
    const report = { name: runtime.name, isAvailable: probe.isAvailable, notes, limits };
    await io.write(toJson(report));
  } else {
    const style = createStyle(hasColor(io, "output"));
    const mark = probe.isAvailable ? style.green("✓") : style.red("✗");
    const rows = limits.map(({ limit, value, by, lacks }) => {
      const why = lacks === undefined ? "" : style.yellow(` (${lacks})`);
      return `${names[limit].padEnd(14)}${show(limit, value).padEnd(10)}${by}${why}`;
    });
    await io.write(`${[`${runtime.name} ${mark}`, ...notes.map(sanitizeLine), ...rows].join("\n")}\n`);
  }
  return probe.isAvailable ? 0 : 1;
}

const names: Readonly<Record<keyof SandboxLimits, string>> = {
  memoryBytes: "memory",
  processes: "processes",
  cpuPercent: "processors",
  fileBytes: "one file",
  commandMs: "time",
  outputBytes: "output",
  commands: "at once",
  freeBytes: "free disk",
};

function show(limit: keyof SandboxLimits, value: number): string {
  if (limit.endsWith("Bytes")) return `${value / 1024 / 1024} MB`;
  if (limit.endsWith("Ms")) return `${value / 1000} s`;
  return limit === "cpuPercent" ? `${value} %` : String(value);
}

export async function runSandboxProbe(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const home = findHome(io.env);
  await allowOwner("sandbox.probe", "all attacks", io, signal);
  const config = await readConfig(home, io);
  const runtime = await loadSandboxRuntime(config.sandbox.runtime);
  const state = await runtime.probe(signal);
  if (!state.isAvailable) {
    const { reason, remedy, words } = state;
    const said = { message: reason, hint: remedy, ...(words === undefined ? {} : { words }) };
    throw new AppError("sandbox-unavailable", said);
  }
  const { probes, runProbes } = await import("../sandbox/probes/run-probes.ts");
  if (io.isTerminal.error) await io.writeError(`Trying ${probes.length} attacks, outside and inside …\n`);
  const canary = `canary-${crypto.randomUUID()}`;
  // What a sandbox that inherits our environment would show.
  process.env["NANOCLAW_PROBE_CANARY"] = canary;
  const results = await runProbes(runtime, { canary, state: home.root }, signal);
  const count = (verdict: Verdict): number => results.filter((each) => each.verdict === verdict).length;
  await io.write(
    args.has("json")
      ? toJson({ name: runtime.name, notes: state.facts, results })
      : [
          ...results.map((result) => toRow(result, createStyle(hasColor(io, "output")))),
          "",
          `${runtime.name}: ${count("held")} held, ${count("leaked")} leaked, ${count("no control")} without a control, ${count("not run")} not run`,
          ...state.facts.map((fact) => `  ${sanitizeLine(fact)}`),
          "",
        ].join("\n"),
  );
  return count("leaked") === 0 ? 0 : 1;
}

function toRow({ id, tried, seen, verdict }: ProbeResult, style: Style): string {
  const word = verdict.padEnd(10);
  const mark =
    verdict === "held" ? style.green(word) : verdict === "leaked" ? style.red(word) : style.yellow(word);
  const columns = [mark, id.padEnd(24), `${tried}:`, sanitizeLine(seen)];
  return columns.join(" ");
}
