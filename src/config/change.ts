import { dirname } from "node:path";
import { parseConfigText, toConfigError } from "../config.ts";
import { AppError } from "../errors.ts";
import { prepareHome } from "../home.ts";
import { readPrivateFile } from "../private-file.ts";
import { writePrivateFile } from "../write-private-file.ts";
import { JsoncError, parseJsonc } from "./jsonc.ts";
import { removeValue, setValue } from "./jsonc-edit.ts";
import type { Environment } from "./overrides.ts";
import type { KeyPath } from "./path.ts";
import { formatNotice } from "./problem.ts";
import { createConfigSchema } from "./schema.ts";
import { toWrittenPath } from "./written-path.ts";
import { configWords } from "../words/english/config.ts";

export interface ConfigChange {
  readonly path: KeyPath;
  /** Nothing takes the key out. */
  readonly value: unknown;
}

export interface ChangedConfig {
  readonly hasChanged: boolean;
  readonly notices: readonly string[];
}

/**
 * Changes values in the file at `path` and keeps the rest as it is written. A result that would not load is refused
 * and the file stays, unless it was broken before and is less so now. Throws `AppError("config")`.
 */
export async function changeConfig(
  path: string,
  changes: readonly ConfigChange[],
  environment: Environment,
): Promise<ChangedConfig> {
  const before = (await readPrivateFile(path, { mayOthersRead: true })) ?? "";
  const after = changes.reduce((text, change) => apply(text, change, path), before);
  if (after === before) return { hasChanged: false, notices: [] };
  const parsed = await parseConfigText(after, path, environment);
  if (!parsed.ok && parsed.problems.length >= (await countProblems(before, path, environment))) {
    const { message } = toConfigError(parsed.problems, { name: path, text: after });
    throw new AppError("config", configWords.notWritten({ path, problems: message }));
  }
  await prepareHome(dirname(path));
  writePrivateFile(path, after);
  const notices = parsed.ok ? parsed.notices : parsed.problems;
  return {
    hasChanged: true,
    notices: notices.map((notice) => formatNotice(notice, { name: path, text: after })),
  };
}

function apply(text: string, change: ConfigChange, path: string): string {
  try {
    const written = toWrittenPath(change.path, parseJsonc(text), createConfigSchema());
    return change.value === undefined ? removeValue(text, written) : setValue(text, written, change.value);
  } catch (error) {
    if (!(error instanceof JsoncError)) throw error;
    throw toConfigError([{ message: error.message, range: error.range }], { name: path, text });
  }
}

async function countProblems(text: string, path: string, environment: Environment): Promise<number> {
  const parsed = await parseConfigText(text, path, environment);
  return parsed.ok ? 0 : parsed.problems.length;
}
