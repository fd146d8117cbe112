import { AppError } from "../errors.ts";

/** The gateway ends: what a turn was at work on waits for the next process. */
export function createShutdown(): AppError {
  return new AppError("cancelled", shutdownText);
}

export function isShutdown(reason: unknown): boolean {
  return reason instanceof AppError && reason.message === shutdownText;
}

const shutdownText = "The gateway stops.";
