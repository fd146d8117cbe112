import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { describeUnreachable } from "./describe-unreachable.ts";
import type { ChannelReport } from "./read-channels.ts";
import type { ProviderStatus, Services, StatusReport } from "./services.ts";
import { createStyle, hasColor, type Style } from "./style.ts";
import { version } from "./version.ts";
import { toJson } from "./to-json.ts";

export async function runStatusCommand(
  args: ParsedArguments,
  io: CommandIo,
  services: Pick<Services, "readStatus">,
  signal: AbortSignal,
): Promise<ExitCode> {
  const report = await services.readStatus(signal);
  await io.write(
    args.has("json")
      ? toJson({ version, ...report })
      : formatStatus(report, createStyle(hasColor(io, "output"))),
  );
  return 0;
}

export function formatStatus(report: StatusReport, style: Style): string {
  const lines = [
    `${style.bold("nanoclaw")} ${version}`,
    "",
    toRow("Home", report.home),
    toRow("Config", `${report.config.path} ${toConfigMark(report, style)}`),
    ...(report.model === undefined ? [] : [toRow("Model", report.model)]),
    ...(report.providers === undefined ? [] : ["", ...toProviders(report.providers, style)]),
    ...toSandbox(report, style),
    ...(report.groups === undefined ? [] : [toRow("Groups", report.groups.join(", ") || "none yet")]),
    ...toChannels(report, style),
    ...(report.audit === undefined ? [] : [toRow("Audit", `${report.audit} (nanoclaw audit --verify)`)]),
    ...report.problems.map((problem) => `${style.yellow("!")} ${sanitizeLine(problem)}`),
  ];
  return `${lines.join("\n")}\n`;
}

function toRow(label: string, value: string): string {
  return `${label.padEnd(12)}${sanitizeLine(value)}`.trimEnd();
}

function toConfigMark(report: StatusReport, style: Style): string {
  switch (report.config.state) {
    case "found":
      return style.green("✓");
    case "absent":
      return style.dim("not there: the defaults hold");
    case "invalid":
      return style.red("✗ cannot be read");
    default:
      return report.config.state satisfies never;
  }
}

function toProviders(providers: readonly ProviderStatus[], style: Style): string[] {
  const width = Math.max(12, ...providers.map((provider) => provider.label.length + 2));
  return providers.map((provider) => {
    const state = provider.isSet ? style.green("✓") : style.dim("not set");
    const note = provider.note === undefined ? "" : ` ${style.dim(sanitizeLine(provider.note))}`;
    const use = provider.isChosen ? " ← in use" : "";
    return `${sanitizeLine(provider.label).padEnd(width)}${state}${note}${use}`;
  });
}

function toChannels({ channels = [] }: StatusReport, style: Style): string[] {
  return channels.flatMap((channel, index) => [
    `${(index === 0 ? "Channels" : "").padEnd(12)}${channel.name} ${toChannelMark(channel, style)}`,
    ...describeUnreachable(channel).map((line) => toRow("", line)),
  ]);
}

function toChannelMark({ state, reason = "" }: ChannelReport, style: Style): string {
  switch (state) {
    case "connected":
      return style.green("✓");
    case "starting":
      return style.dim("connects");
    case "down":
      return `${style.red("✗ down")} ${sanitizeLine(reason)}`.trimEnd();
    case "unknown":
      return style.yellow("is on, but no gateway answers: nanoclaw gateway");
    default:
      return state satisfies never;
  }
}

function toSandbox(report: StatusReport, style: Style): string[] {
  const { sandbox } = report;
  if (sandbox === undefined) return [""];
  const mark = sandbox.isAvailable ? style.green("✓") : style.red("✗");
  const notes = sandbox.notes.map((note) => toRow("", note));
  return ["", `${"Sandbox".padEnd(12)}${sanitizeLine(sandbox.name)} ${mark}`, ...notes];
}
