import { toLocalTime } from "../local-time.ts";
import { parseTaintBits } from "../authority/taint.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import type { AuditRow } from "../store/audit-rows.ts";
import type { Style } from "./style.ts";

/** For a program. */
export function toEntry(row: AuditRow): Readonly<Record<string, unknown>> {
  const { id, at, verdict, action, rule, reason = null, object, objectGroup = null, hash } = row;
  const { actorKind: kind, actorVia: via, actorId, actorGroup: group = null, behalf = null } = row;
  const actor = { kind, via, id: actorId, group, behalf };
  const taint = parseTaintBits(row.taint);
  return {
    id,
    at: new Date(at).toISOString(),
    verdict,
    action,
    group: objectGroup,
    object,
    actor,
    rule,
    reason,
    taint,
    hash,
  };
}

/** `12:04:11 deny  family  agent for member  egress.connect  CONNECT evil.com:443 · not listed` */
export function formatRow(row: AuditRow, style: Style): string {
  const { verdict, action, object, objectGroup = "–", actorKind, behalf, reason, taint } = row;
  const who = behalf === undefined ? actorKind : `${actorKind} for ${behalf}`;
  const { sawUntrusted, readPrivate } = parseTaintBits(taint);
  const stains = `${sawUntrusted ? "A" : "·"}${readPrivate ? "B" : "·"}`;
  const why = reason === undefined ? "" : ` · ${reason}`;
  const cells = [sanitizeLine(objectGroup).padEnd(10), sanitizeLine(who).padEnd(16), action.padEnd(16)];
  const line = `${cells.join("  ")}  ${sanitizeLine(`${object}${why}`)}`;
  return `${style.dim(`${toLocalTime(new Date(row.at), "second")} ${stains}`)} ${paint(verdict, style)}  ${line}\n`;
}

function paint(verdict: string, style: Style): string {
  const word = verdict.padEnd(5);
  return verdict === "deny" ? style.red(word) : verdict === "ask" ? style.yellow(word) : word;
}
