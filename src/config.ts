import { defaultConfig } from "./config/defaults.ts";
import { type Environment, findOverrides } from "./config/overrides.ts";
import type { ParsedConfig } from "./config/parse.ts";
import { formatNotice, formatProblem, type Problem } from "./config/problem.ts";
import type { Config } from "./config/schema.ts";
import { AppError } from "./errors.ts";
import { readPrivateFile } from "./private-file.ts";
import { readSecrets } from "./secrets.ts";
import { configWords } from "./words/english/config.ts";

export type { Environment } from "./config/overrides.ts";
export type { Config } from "./config/schema.ts";

export interface LoadedConfig {
  readonly config: Config;
  /** Lines for a person, on stderr: they stop nothing. */
  readonly notices: readonly string[];
}

/**
 * The configuration of the file at `path` and of `NANOCLAW_…__…` variables, which win; without either, the
 * defaults. `${NAME}` is looked up in the environment, then in the `secrets.json` beside the file.
 * Throws `AppError("config")` that names every problem with its line.
 */
export async function loadConfig(path: string, environment: Environment): Promise<LoadedConfig> {
  const text = await readPrivateFile(path, { mayOthersRead: true });
  if (text === undefined && findOverrides(environment).length === 0) {
    return { config: defaultConfig, notices: [] };
  }
  const parsed = await parseConfigText(text ?? "", path, environment);
  const source = { name: path, text: text ?? "" };
  if (!parsed.ok) throw toConfigError(parsed.problems, source);
  return { config: parsed.config, notices: parsed.notices.map((notice) => formatNotice(notice, source)) };
}

/** As `loadConfig`, for a text that is not (yet) the file at `path`; problems are values. */
export async function parseConfigText(
  text: string,
  path: string,
  environment: Environment,
): Promise<ParsedConfig> {
  // The schema is the costly part of a start: it is loaded only when there is something to check.
  const { parseConfig } = await import("./config/parse.ts");
  // Only a text with a `$`, or with an escape that may be one, can name a secret.
  const secrets = /[$\\]/.test(text) ? await readSecrets(toSecretsPath(path)) : undefined;
  return parseConfig(text, environment, (name) => environment[name] ?? secrets?.get(name)?.open());
}

export function toConfigError(
  problems: readonly Problem[],
  source: { readonly name: string; readonly text: string },
): AppError {
  const lines = problems.map((problem) => formatProblem(problem, source));
  return new AppError("config", configWords.invalid({ problems: lines.join("\n"), count: lines.length }));
}

function toSecretsPath(configPath: string): string {
  return `${configPath.slice(0, configPath.lastIndexOf("/") + 1)}secrets.json`;
}
