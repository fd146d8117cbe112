import { resolve } from "node:path";
import { loadConfig, parseConfigText, toConfigError } from "../config.ts";
import { parsePath } from "../config/path.ts";
import { formatNotice, toPosition } from "../config/problem.ts";
import { createConfigSchema } from "../config/schema.ts";
import { findTarget } from "../config/target.ts";
import { AppError } from "../errors.ts";
import { findHome } from "../home.ts";
import { readPrivateFile } from "../private-file.ts";
import type { CommandIo } from "./command-io.ts";
import { setConfigValue, unsetConfigValue } from "./config-edit.ts";
import { toJson } from "./to-json.ts";

const usage =
  "nanoclaw config get [KEY] | set KEY VALUE | unset KEY | path | schema | check [FILE]  [--json]";

/** `nanoclaw config …`: the exit code. */
export async function runConfigCommand(
  args: readonly string[],
  io: CommandIo,
  signal: AbortSignal,
): Promise<number> {
  const isJson = args.includes("--json");
  const [verb = "get", ...words] = args.filter((word) => word !== "--json");
  const { config: path } = findHome(io.env);
  switch (verb) {
    case "get":
      expectWords(words, 0, 1);
      return printValue(words[0], path, isJson, io);
    case "set": {
      expectWords(words, 2, 2);
      const [key = "", text = ""] = words;
      const value = text === "-" ? await readValue(io, signal) : text;
      return setConfigValue(path, key, value, io);
    }
    case "unset":
      expectWords(words, 1, 1);
      return unsetConfigValue(path, words[0] ?? "", io);
    case "path":
      expectWords(words, 0, 0);
      await io.write(isJson ? `${JSON.stringify({ path })}\n` : `${path}\n`);
      return 0;
    case "schema":
      expectWords(words, 0, 0);
      return printSchema(io);
    case "check":
      expectWords(words, 0, 1);
      return checkFile(words[0] === undefined ? path : resolve(io.cwd, words[0]), isJson, io);
    default:
      throw new AppError("usage", `Unknown: config ${verb}.`, { hint: usage });
  }
}

function expectWords(words: readonly string[], least: number, most: number): void {
  const option = words.find((word) => /^--?[a-z]/.test(word));
  if (option !== undefined) throw new AppError("usage", `Unknown option ${option}.`, { hint: usage });
  if (words.length < least || words.length > most) {
    throw new AppError("usage", "That is not how config is used.", { hint: usage });
  }
}

async function readValue(io: CommandIo, signal: AbortSignal): Promise<string> {
  return new TextDecoder().decode(await io.readAllInput(signal)).replace(/\r?\n$/, "");
}

async function printValue(
  key: string | undefined,
  path: string,
  isJson: boolean,
  io: CommandIo,
): Promise<number> {
  const { config, notices } = await loadConfig(path, io.env);
  for (const notice of notices) await io.writeError(`${notice}\n`);
  let value: unknown = config;
  if (key !== undefined) {
    const target = findTarget(parsePath(key), createConfigSchema(), [], () => []);
    if ("unknown" in target) throw new AppError("usage", `${key}: ${target.unknown}`);
    for (const name of target.path) value = memberOf(value, name);
  }
  await io.write(`${isJson ? toText(value) : toPlainText(value)}\n`);
  return 0;
}

/** What is not set is an empty line, so that a script can test it. */
function toPlainText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : toText(value);
}

function toText(value: unknown): string {
  return JSON.stringify(value ?? null, (_, inner: unknown) => inner ?? null, 2);
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

async function printSchema(io: CommandIo): Promise<number> {
  const { toJsonSchema } = await import("@valibot/to-json-schema");
  const schema = toJsonSchema(createConfigSchema(), {
    target: "draft-2020-12",
    typeMode: "input",
    errorMode: "ignore",
  });
  await io.write(toJson({ title: "NanoClaw configuration", ...schema }));
  return 0;
}

async function checkFile(path: string, isJson: boolean, io: CommandIo): Promise<number> {
  const text = await readPrivateFile(path, { mayOthersRead: true });
  const source = { name: path, text: text ?? "" };
  const parsed = await parseConfigText(source.text, path, io.env);
  const places = (parsed.ok ? parsed.notices : parsed.problems).map(({ message, range }) => ({
    message,
    ...(range === undefined ? {} : toPosition(source.text, range.start)),
  }));
  if (isJson) {
    const list = parsed.ok ? { notices: places } : { problems: places };
    await io.write(toJson({ path, exists: text !== undefined, ok: parsed.ok, ...list }));
    return parsed.ok ? 0 : 1;
  }
  if (!parsed.ok) throw toConfigError(parsed.problems, source);
  for (const notice of parsed.notices) await io.writeError(`${formatNotice(notice, source)}\n`);
  await io.write(text === undefined ? `${path}: there is none; the defaults hold.\n` : `${path}: fine.\n`);
  return 0;
}
