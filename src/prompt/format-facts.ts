import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import type { ConversationStatus, ToolSummary } from "../gateway/conversation.ts";
import type { Phrases } from "../words/english/phrases.ts";
import type { Usage } from "../providers/provider.ts";
import { toCacheShare, type UsageReport } from "../sessions/read-usage.ts";

export function formatStatus(status: ConversationStatus): string {
  const { usage } = status;
  const cached = usage.cacheReadTokens + usage.cacheWriteTokens;
  const shared = status.sharedFolders.map(({ path, canWrite }) => `${path} (${canWrite ? "write" : "read"})`);
  const rows = [
    ["group", status.group],
    ["session", `${status.session}, ${status.entries} entries`],
    ["model", `${status.model} (${status.provider})`],
    ["tokens", `${usage.inputTokens + cached} in, ${usage.outputTokens} out`],
    ["sandbox", status.sandbox],
    ["shared", shared.join(", ") || "nothing"],
  ] as const;
  return rows.map(([label, value]) => `  ${label.padEnd(9)}${sanitizeLine(value)}\n`).join("");
}

/** Tokens in and out, and how much of what went in came from the provider's cache. */
export function formatUsage(report: UsageReport, { usage: words }: Phrases): string {
  const { turn, session, today, total, models } = report;
  const rows: (readonly [string, Usage])[] = [
    ...(turn === undefined ? [] : [[words.turn, turn] as const]),
    ...(session === undefined ? [] : [[words.session, session] as const]),
    [words.today, today],
    [words.total, total],
    ...models.map(({ provider, model, usage }) => [`${model} (${provider})`, usage] as const),
  ];
  const labels = rows.map(([label]) => sanitizeLine(label));
  const width = Math.max(...labels.map((label) => Bun.stringWidth(label)));
  return rows
    .map(([, usage], index) => `  ${padTo(labels[index] ?? "", width)}  ${toTokens(usage, words)}\n`)
    .join("");
}

export function formatTools(tools: readonly ToolSummary[], columns: number): string {
  const width = Math.max(...tools.map(({ name }) => name.length));
  const rows = tools.map(({ name, description }) => {
    const [first = ""] = sanitizeLine(description).split(/(?<=[.;])\s/);
    const text = `  ${sanitizeLine(name).padEnd(width)}  ${first.replace(/[.;]$/, "")}`;
    return `${text.length < columns ? text : `${text.slice(0, columns - 2)}…`}\n`;
  });
  return rows.join("");
}

function toTokens(usage: Usage, { tokens }: Phrases["usage"]): string {
  const sent = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const cachedPercent = Math.round(toCacheShare(usage) * 100);
  return tokens({ sent, received: usage.outputTokens, cachedPercent });
}

function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - Bun.stringWidth(text)));
}
