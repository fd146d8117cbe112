import firstTables from "./migrations/0001-first-tables.sql" with { type: "text" };
import replacedTurns from "./migrations/0002-replaced-turns.sql" with { type: "text" };
import pictures from "./migrations/0003-pictures.sql" with { type: "text" };
import snapshots from "./migrations/0004-snapshots.sql" with { type: "text" };
import egress from "./migrations/0005-egress.sql" with { type: "text" };
import grants from "./migrations/0006-grants.sql" with { type: "text" };
import gateway from "./migrations/0007-gateway.sql" with { type: "text" };
import limits from "./migrations/0016-limits.sql" with { type: "text" };
import mounts from "./migrations/0008-mounts.sql" with { type: "text" };
import people from "./migrations/0009-people.sql" with { type: "text" };
import chatContext from "./migrations/0010-chat-context.sql" with { type: "text" };
import groups from "./migrations/0011-groups.sql" with { type: "text" };
import notices from "./migrations/0012-notices.sql" with { type: "text" };
import channels from "./migrations/0013-channels.sql" with { type: "text" };
import tasks from "./migrations/0014-tasks.sql" with { type: "text" };
import approvals from "./migrations/0015-approvals.sql" with { type: "text" };
import memory from "./migrations/0017-memory.sql" with { type: "text" };
import unattended from "./migrations/0023-unattended.sql" with { type: "text" };
import shownChanges from "./migrations/0024-shown-changes.sql" with { type: "text" };
import longDays from "./migrations/0025-long-days.sql" with { type: "text" };

/** Recorded by name; never edited after a release. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  { name: "0001-first-tables", sql: firstTables },
  { name: "0002-replaced-turns", sql: replacedTurns },
  { name: "0003-pictures", sql: pictures },
  { name: "0004-snapshots", sql: snapshots },
  { name: "0005-egress", sql: egress },
  { name: "0006-grants", sql: grants },
  { name: "0007-gateway", sql: gateway },
  { name: "0008-mounts", sql: mounts },
  { name: "0009-people", sql: people },
  { name: "0010-chat-context", sql: chatContext },
  { name: "0011-groups", sql: groups },
  { name: "0012-notices", sql: notices },
  { name: "0013-channels", sql: channels },
  { name: "0014-tasks", sql: tasks },
  { name: "0015-approvals", sql: approvals },
  { name: "0016-limits", sql: limits },
  { name: "0017-memory", sql: memory },
  { name: "0023-unattended", sql: unattended },
  { name: "0024-shown-changes", sql: shownChanges },
  { name: "0025-long-days", sql: longDays },
];
