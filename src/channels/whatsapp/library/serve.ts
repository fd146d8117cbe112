import { AppError } from "../../../errors.ts";
import { notLoaded, type Order, type Report } from "../wire.ts";
import { createGuard } from "../guard.ts";
import { officialMedia } from "../config.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import { Connection } from "./connection.ts";
import { loadLibrary } from "./load.ts";

/**
 * What runs in the process of its own: the library, with no file, no key and no setting but what it is told by whoever started
 * it. It ends when that one does.
 */
export async function serveWhatsApp(): Promise<number> {
  quieten();
  const over = Promise.withResolvers<number>();
  const commits = new Map<number, () => void>();
  let connection: Connection | undefined;
  let batches = 0;
  const report = (message: Report): void => void process.send?.(message);

  async function begin(order: Extract<Order, { type: "begin" }>): Promise<void> {
    try {
      // It fetches parts of what it learns by itself, from hosts that it is told.
      globalThis.fetch = createGuardedFetch(createGuard(officialMedia, order.proxy));
      const library = await loadLibrary(order.plugins);
      connection = new Connection(library, order, {
        report,
        commit: async (batch) => {
          const number = ++batches;
          const { promise, resolve } = Promise.withResolvers<void>();
          commits.set(number, resolve);
          report({ type: "batch", batch: number, ...batch });
          await promise;
        },
      });
      await connection.open();
    } catch (error) {
      const isOurs = error instanceof AppError;
      report({
        type: "closed",
        code: isOurs ? notLoaded : 0,
        reason: isOurs ? error.message : String(error),
      });
    }
  }

  function take(order: Order): void {
    switch (order.type) {
      case "begin":
        return void begin(order);
      case "committed":
        commits.get(order.batch)?.();
        commits.delete(order.batch);
        return;
      case "call":
        void connection
          ?.call(order.request)
          .then((answer) => report({ type: "answer", call: order.call, answer }));
        return;
      default:
        order satisfies never;
    }
  }

  // Only whoever started this process can write to it.
  process.on("message", (order: Order) => take(order));
  process.once("disconnect", () => over.resolve(0));
  report({ type: "ready" });
  return await over.promise;
}

/** It prints the keys of sessions, and promises of its own fail that nobody waits for. */
function quieten(): void {
  for (const name of ["log", "info", "warn", "error", "debug", "trace"] as const) console[name] = () => {};
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", () => {});
}
