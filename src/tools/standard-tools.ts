import { createEditFile } from "./files/edit-file.ts";
import { createListFiles } from "./files/list-files.ts";
import { PathQueue } from "./files/path-queue.ts";
import type { ReadDocument } from "./files/read-document.ts";
import { createReadFile } from "./files/read-file.ts";
import { createSearchFiles } from "./files/search-files.ts";
import { createWriteFile } from "./files/write-file.ts";
import { createJobControl } from "./shell/job-control.ts";
import type { JobTable } from "./shell/job-table.ts";
import { createShell } from "./shell/shell.ts";
import type { Tool } from "./tool.ts";

export interface StandardToolsOptions {
  /** The background commands of the session. */
  readonly jobs: JobTable;
  /** Without it a document is a binary file. */
  readonly readDocument?: ReadDocument | undefined;
}

/** What every group has, in an order that never changes: the prompt's cached prefix depends on it. */
export function createStandardTools({ jobs, readDocument }: StandardToolsOptions): readonly Tool[] {
  const queue = new PathQueue();
  return [
    createShell(jobs),
    createJobControl(jobs),
    createReadFile(readDocument),
    createWriteFile(queue),
    createEditFile(queue),
    createListFiles(),
    createSearchFiles(),
  ];
}
