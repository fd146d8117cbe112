import { loadConfig, type Config } from "../config.ts";
import type { HomePaths } from "../home.ts";
import type { CommandIo } from "./command-io.ts";

/** What it has to say of the file, it says first. */
export async function readConfig(home: HomePaths, io: CommandIo): Promise<Config> {
  const { config, notices } = await loadConfig(home.config, io.env);
  for (const notice of notices) await io.writeError(`${notice}\n`);
  return config;
}
