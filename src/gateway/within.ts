import type { Clock } from "../clock.ts";
import { createShutdown } from "./shutdown.ts";

/** Hands `work` a signal that aborts when the time is up. */
export async function within(
  clock: Clock,
  ms: number,
  work: (deadline: AbortSignal) => Promise<void>,
): Promise<void> {
  const deadline = new AbortController();
  const done = new AbortController();
  void clock.sleep(ms, done.signal).then(
    () => deadline.abort(createShutdown()),
    () => {},
  );
  await work(deadline.signal);
  done.abort();
}
