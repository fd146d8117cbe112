import { defaultConfig } from "./defaults.ts";
import type { Range } from "./jsonc.ts";
import type { Problem } from "./problem.ts";
import type { Config } from "./schema.ts";

/** Known keys that nothing in the program reads yet. A part leaves this list in the change that serves it. */
export const notServedYet: readonly string[] = [
  "agents.defaults.workspace",
  "agents.defaults.memoryWindow",
  "tools.exec.timeout",
  "daemon",
  "mcpServers",
  "channels.whatsapp.bridgeUrl",
  "channels.feishu",
  "channels.mochat",
  "channels.dingtalk",
  "channels.qq",
];

type Ranges = ReadonlyMap<string, Range>;

/** What a person should know of a file that loads: words that mean something else here, and parts without effect. */
export function findNotices(config: Config, ranges: Ranges): readonly Problem[] {
  return [...findOpenDoors(config, ranges), ...findUnserved(config, ranges)];
}

/** In the Python system an empty list let everybody in, and `restrictToWorkspace: false` opened the host. */
function* findOpenDoors(config: Config, ranges: Ranges): Iterable<Problem> {
  for (const { path, allowFrom, isOff } of findAllowLists(config, ranges)) {
    const range = ranges.get(path);
    if (range === undefined || allowFrom.length > 0 || isOff) continue;
    yield {
      message: `${path} is empty: it lets nobody write, only nanoclaw people does. Write "allowFrom": ["THEIR_ID"], or ["*"] for everybody`,
      range,
    };
  }
  const range = ranges.get("tools.restrictToWorkspace") ?? ranges.get("tools.exec.restrictToWorkspace");
  if (range !== undefined && !config.tools.restrictToWorkspace) {
    yield {
      message:
        'tools.restrictToWorkspace: false opens nothing, tools stay in the sandbox. Write "restrictToWorkspace": true, and share a folder with --folder PATH[:rw]',
      range,
    };
  }
}

interface AllowList {
  readonly path: string;
  readonly allowFrom: readonly string[];
  readonly isOff: boolean;
}

/** A channel that its file switches off needs no word; one that is only described may be switched on later. */
function* findAllowLists({ channels }: Config, ranges: Ranges): Iterable<AllowList> {
  for (const [name, channel] of Object.entries(channels)) {
    const path = `channels.${name}.allowFrom`;
    const isOff = !channel.enabled && ranges.has(`channels.${name}.enabled`);
    if ("allowFrom" in channel) yield { path, allowFrom: channel.allowFrom, isOff };
  }
  const { dm, enabled } = channels.slack;
  const isOff = dm.policy === "open" || (!enabled && ranges.has("channels.slack.enabled"));
  yield { path: "channels.slack.dm.allowFrom", allowFrom: dm.allowFrom, isOff };
}

function* findUnserved(config: Config, ranges: Ranges): Iterable<Problem> {
  for (const path of notServedYet) {
    const range = ranges.get(path) ?? (path === "mcpServers" ? ranges.get("tools.mcpServers") : undefined);
    if (range === undefined || isSame(valueAt(config, path), valueAt(defaultConfig, path))) continue;
    yield { message: `${path} is known, but nothing serves it yet`, range };
  }
}

function valueAt(config: Config, path: string): unknown {
  let value: unknown = config;
  for (const key of path.split(".")) {
    value =
      typeof value === "object" && value !== null
        ? Object.entries(value).find(([name]) => name === key)?.[1]
        : undefined;
  }
  return value;
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
