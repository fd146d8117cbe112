import { type Environment, parseConfigText, toConfigError } from "../config.ts";
import { checkPart } from "../config/check.ts";
import { type JsonNode, JsoncError, parseJsonc } from "../config/jsonc.ts";
import { removeValue, setValue } from "../config/jsonc-edit.ts";
import { formatPath, parsePath } from "../config/path.ts";
import { formatNotice, type Problem } from "../config/problem.ts";
import { createConfigSchema } from "../config/schema.ts";
import { coerce, findTarget } from "../config/target.ts";
import { toWrittenPath } from "../config/written-path.ts";
import { AppError } from "../errors.ts";
import { prepareHome } from "../home.ts";
import { readPrivateFile, writePrivateFile } from "../private-file.ts";
import type { CommandIo } from "./command-io.ts";

export interface ConfigChange {
  readonly root: string;
  readonly path: string;
  readonly key: string;
  readonly value: string;
}

/** Sets one value in the file, or refuses with the reason and leaves the file as it was. */
export async function setConfigValue(change: ConfigChange, io: CommandIo): Promise<number> {
  const schema = createConfigSchema();
  const target = findTarget(parsePath(change.key), schema, [], () => []);
  if ("unknown" in target) throw new AppError("usage", `${change.key}: ${target.unknown}`);
  const key = formatPath(target.path);
  const value = coerce(change.value, target.schema);
  const checked = checkPart(target.schema, value);
  if (!checked.ok) {
    const reasons = checked.faults.map(
      (fault) => `${formatPath([...target.path, ...fault.path])}: ${fault.message}`,
    );
    throw new AppError("usage", reasons.join("\n"));
  }
  prepareHome(change.root);
  const before = readPrivateFile(change.path, { mayOthersRead: true }) ?? "";
  const after = edit(before, change.path, (root) =>
    setValue(before, toWrittenPath(target.path, root, schema), value),
  );
  await save({ path: change.path, before, after }, io);
  await io.write(`${key} is set in ${change.path}\n`);
  return 0;
}

export async function unsetConfigValue(
  { path, key }: Pick<ConfigChange, "path" | "key">,
  io: CommandIo,
): Promise<number> {
  const before = readPrivateFile(path, { mayOthersRead: true }) ?? "";
  const schema = createConfigSchema();
  const keys = parsePath(key);
  const target = findTarget(keys, schema, [], () => []);
  // A key that the schema does not know may stand in the file all the same: this is how it goes away.
  const wanted = "unknown" in target ? keys : target.path;
  const after = edit(before, path, (root) => removeValue(before, toWrittenPath(wanted, root, schema)));
  if (after === before) throw new AppError("not-found", `${key} is not set in ${path}.`);
  await save({ path, before, after }, io);
  await io.write(`${formatPath(wanted)} is no longer set in ${path}\n`);
  return 0;
}

function edit(text: string, path: string, change: (root: JsonNode) => string): string {
  try {
    return change(parseJsonc(text));
  } catch (error) {
    if (!(error instanceof JsoncError)) throw error;
    throw toConfigError([{ message: error.message, range: error.range }], { name: path, text });
  }
}

interface Edit {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

async function save({ path, before, after }: Edit, io: CommandIo): Promise<void> {
  const parsed = await parseConfigText(after, path, io.env);
  if (parsed.ok) {
    for (const notice of parsed.notices) {
      await io.writeError(`${formatNotice(notice, { name: path, text: after })}\n`);
    }
  } else if (parsed.problems.length >= (await countProblems(before, path, io.env))) {
    throw refusal(parsed.problems, path, after);
  }
  writePrivateFile(path, after);
}

/** A file that is broken already may be changed step by step, as long as each step mends something. */
async function countProblems(text: string, path: string, environment: Environment): Promise<number> {
  const parsed = await parseConfigText(text, path, environment);
  return parsed.ok ? 0 : parsed.problems.length;
}

function refusal(problems: readonly Problem[], path: string, text: string): AppError {
  const { message } = toConfigError(problems, { name: path, text });
  return new AppError("config", `Nothing was written: ${path} would not load.\n${message}`);
}
