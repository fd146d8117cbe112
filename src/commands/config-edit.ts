import { changeConfig } from "../config/change.ts";
import { checkPart } from "../config/check.ts";
import { formatPath, parsePath } from "../config/path.ts";
import { createConfigSchema } from "../config/schema.ts";
import { coerce, findTarget } from "../config/target.ts";
import { AppError } from "../errors.ts";
import type { CommandIo } from "./command-io.ts";

/** Sets one value in the file, or refuses with the reason and leaves the file as it was. */
export async function setConfigValue(
  path: string,
  key: string,
  text: string,
  io: CommandIo,
): Promise<number> {
  const target = findTarget(parsePath(key), createConfigSchema(), [], () => []);
  if ("unknown" in target) throw new AppError("usage", `${key}: ${target.unknown}`);
  const value = coerce(text, target.schema);
  const checked = checkPart(target.schema, value);
  if (!checked.ok) {
    const reasons = checked.faults.map(
      (fault) => `${formatPath([...target.path, ...fault.path])}: ${fault.message}`,
    );
    throw new AppError("usage", reasons.join("\n"));
  }
  const { notices } = await changeConfig(path, [{ path: target.path, value }], io.env);
  for (const notice of notices) await io.writeError(`${notice}\n`);
  await io.write(`${formatPath(target.path)} is set in ${path}\n`);
  return 0;
}

export async function unsetConfigValue(path: string, key: string, io: CommandIo): Promise<number> {
  const keys = parsePath(key);
  const target = findTarget(keys, createConfigSchema(), [], () => []);
  // A key that the schema does not know may stand in the file all the same: this is how it goes away.
  const wanted = "unknown" in target ? keys : target.path;
  const { hasChanged, notices } = await changeConfig(path, [{ path: wanted, value: undefined }], io.env);
  if (!hasChanged) throw new AppError("not-found", `${formatPath(wanted)} is not set in ${path}.`);
  for (const notice of notices) await io.writeError(`${notice}\n`);
  await io.write(`${formatPath(wanted)} is no longer set in ${path}\n`);
  return 0;
}
