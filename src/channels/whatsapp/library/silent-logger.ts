import type { Library } from "./load.ts";

type Logger = NonNullable<Parameters<Library["makeWASocket"]>[0]["logger"]>;

function nothing(): void {}

/** What the library would log holds keys and messages. */
export const silentLogger: Logger = {
  level: "silent",
  child: () => silentLogger,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
