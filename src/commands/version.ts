import type { CommandIo } from "./command-io.ts";
import manifest from "../../package.json" with { type: "json" };

/** Set by the build: the version with the commit it was made from. */
declare const NANOCLAW_VERSION: string;

export const version: string = typeof NANOCLAW_VERSION === "string" ? NANOCLAW_VERSION : manifest.version;

export async function printVersion(io: CommandIo): Promise<0> {
  await io.write(`nanoclaw ${version}\n`);
  return 0;
}
