import type { ProgramParts } from "../channel.ts";
import { ReportQueue } from "./report-queue.ts";
import type { Order, Report } from "./wire.ts";

/** The way to the library, wherever it runs. */
export interface LibraryLink extends AsyncDisposable {
  order(order: Order): void;
  /** Ends when the library is gone. */
  readonly reports: AsyncIterable<Report>;
}

export type OpenLibrary = (program: ProgramParts) => LibraryLink;

/** The word that makes a process of ours the library's. */
export const partName = "whatsapp-inside";

/**
 * The library in a process of its own: its memory is given back when the channel stops, and its faults end it and nothing else.
 * It inherits nothing: no key, no setting, no folder.
 */
export const openLibraryProcess: OpenLibrary = ({ command }) => {
  const queue = new ReportQueue();
  const child = Bun.spawn([...command, partName], {
    cwd: "/",
    env: {},
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    serialization: "json",
    ipc: (report: Report) => queue.push(report),
    onExit: () => queue.end(),
  });
  return {
    reports: queue,
    order: (order) => {
      if (!child.killed && child.exitCode === null) child.send(order);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
      queue.end();
    },
  };
};
