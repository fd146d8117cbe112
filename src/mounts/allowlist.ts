import { realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";
import { JsoncError, type JsonNode, type JsonObject, parseJsonc } from "../config/jsonc.ts";
import { toPosition } from "../config/problem.ts";
import { AppError, explain, systemCode } from "../errors.ts";
import { findNearestWord } from "../nearest-word.ts";
import { readPrivateFile } from "../private-file.ts";

/** What the owner allows to be mounted at all: a file of his outside of every sandbox. */
export interface Allowlist {
  readonly allowedRoots: readonly AllowedRoot[];
  /** Of one name of a path; what has such a name is not mounted, and hidden in what is. */
  readonly blockedPatterns: readonly string[];
  readonly nonMainReadOnly: boolean;
}

export interface AllowedRoot {
  /** Absolute, as written but for `~`; links in it are followed when it is compared. */
  readonly path: string;
  readonly allowReadWrite: boolean;
}

export type AllowlistState =
  | { readonly type: "missing" }
  /** Nothing in it counts. */
  | { readonly type: "invalid"; readonly reason: string }
  | { readonly type: "valid"; readonly list: Allowlist };

/** `XDG_CONFIG_HOME`, or `.config` in the person's home. Touches nothing. */
export function findAllowlistFile(environment: Readonly<Record<string, string | undefined>>): string {
  const chosen = environment["XDG_CONFIG_HOME"];
  // As its specification says, a relative one does not count.
  const base = chosen?.startsWith("/") === true ? chosen : `${environment["HOME"] ?? ""}/.config`;
  return resolve("/", `${base}/nanoclaw/mount-allowlist.json`);
}

/** Where it stands, also when a link leads there: a sandbox that sees these could write what binds it. */
export async function findAllowlistFolders(path: string): Promise<string[]> {
  const real = await realpath(path).catch(() => path);
  return [...new Set([dirname(path), dirname(real)])];
}

/** The file, read again when it has changed: each question looks at its state first. */
export class AllowlistFile {
  readonly path: string;
  readonly #home: string;
  #read: { readonly version: string; readonly state: AllowlistState } | undefined;

  constructor(path: string, home: string) {
    this.path = path;
    this.#home = home;
  }

  /** Never throws: what cannot be read is not valid. */
  async load(): Promise<AllowlistState> {
    const version = await readVersion(this.path);
    if (version === undefined) return { type: "missing" };
    if (this.#read?.version !== version) this.#read = { version, state: await this.#load() };
    return this.#read.state;
  }

  async #load(): Promise<AllowlistState> {
    try {
      const foreign = await findForeignOwner(this.path);
      if (foreign !== undefined) return { type: "invalid", reason: foreign };
      const text = await readPrivateFile(this.path, { mayOthersRead: true });
      if (text === undefined) return { type: "missing" };
      return parseAllowlist(text, this.#home);
    } catch (error) {
      return { type: "invalid", reason: explain(error).message };
    }
  }
}

export function parseAllowlist(text: string, home: string): AllowlistState {
  try {
    if (text.trim() === "") throw new Fault("It is empty.");
    const fields = toFields(parseJsonc(text), ["allowedRoots", "blockedPatterns", "nonMainReadOnly"]);
    const list = {
      allowedRoots: toItems(fields.get("allowedRoots"), "allowedRoots").map((node) => toRoot(node, home)),
      blockedPatterns: toItems(fields.get("blockedPatterns"), "blockedPatterns").map(toPattern),
      nonMainReadOnly: toFlag(fields.get("nonMainReadOnly"), "nonMainReadOnly"),
    };
    return { type: "valid", list };
  } catch (error) {
    if (error instanceof JsoncError)
      return { type: "invalid", reason: place(text, error.range.start, error) };
    if (!(error instanceof Fault)) throw error;
    return { type: "invalid", reason: place(text, error.node?.start, error) };
  }
}

/** Something that must not be understood in another way than it was meant: then the whole file does not count. */
class Fault extends Error {
  readonly node: JsonNode | undefined;

  constructor(message: string, node?: JsonNode) {
    super(message);
    this.node = node;
  }
}

function place(text: string, offset: number | undefined, { message }: Error): string {
  return offset === undefined ? message : `Line ${toPosition(text, offset).line}: ${message}`;
}

function toFields(node: JsonNode, known: readonly string[]): ReadonlyMap<string, JsonNode> {
  if (node.type !== "object") throw new Fault("An object in braces is expected.", node);
  const fields = new Map<string, JsonNode>();
  for (const { key, value } of node.members) {
    if (!known.includes(key)) throw new Fault(unknownKey(key, known), value);
    if (fields.has(key)) throw new Fault(`"${key}" stands there twice.`, value);
    fields.set(key, value);
  }
  return fields;
}

function unknownKey(key: string, known: readonly string[]): string {
  const nearest = findNearestWord(key, known);
  const guess = nearest === undefined ? `Known: ${known.join(", ")}.` : `Did you mean "${nearest}"?`;
  return `"${key}" is not known. ${guess}`;
}

function toItems(node: JsonNode | undefined, key: string): readonly JsonNode[] {
  if (node === undefined) return [];
  if (node.type === "array") return node.items;
  throw new Fault(`"${key}" must be a list in brackets.`, node);
}

function toFlag(node: JsonNode | undefined, key: string): boolean {
  if (node === undefined) return false;
  if (node.type === "boolean") return node.value === true;
  throw new Fault(`"${key}" must be true or false.`, node);
}

function toRoot(node: JsonNode, home: string): AllowedRoot {
  const fields = toFields(node, ["path", "allowReadWrite", "description"]);
  const path = toText(fields.get("path"), "path", node);
  const description = fields.get("description");
  if (description !== undefined) toText(description, "description", node);
  const whole = path === "~" || path.startsWith("~/") ? home + path.slice(1) : path;
  if (!isAbsolute(whole)) throw new Fault(`"${path}" is not an absolute path, nor one below ~.`, node);
  const root = resolve(whole);
  if (root === "/" || `${resolve(home)}/`.startsWith(`${root}/`)) {
    throw new Fault(`"${path}" holds your whole home folder. Allow folders inside it.`, node);
  }
  return { path: root, allowReadWrite: toFlag(fields.get("allowReadWrite"), "allowReadWrite") };
}

function toPattern(node: JsonNode): string {
  const pattern = toText(node, "blockedPatterns", node);
  // Two programs read it, and they agree on these.
  if (/^[\p{L}\p{M}\p{N} ._@+*-]+$/u.test(pattern) && /[^*]/.test(pattern)) return pattern;
  throw new Fault(`"${pattern}" must be one name of a path: letters, digits, blanks and . _ - @ + *`, node);
}

function toText(node: JsonNode | undefined, key: string, around: JsonNode): string {
  if (node?.type === "string" && typeof node.value === "string" && node.value !== "") return node.value;
  throw new Fault(`"${key}" must be a text that is not empty.`, node ?? around);
}

/** What changes when the file does; undefined when there is none. */
async function readVersion(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(":");
  } catch (error) {
    return systemCode(error) === "ENOENT" ? undefined : `unreadable ${systemCode(error)}`;
  }
}

async function findForeignOwner(path: string): Promise<string | undefined> {
  const ours = process.getuid?.() ?? 0;
  const real = await realpath(path);
  for (const each of [real, ...(await findAllowlistFolders(path))]) {
    const { uid, mode } = await stat(each);
    if (uid !== ours && uid !== 0) return `${each} belongs to another user (uid ${uid}).`;
    if ((mode & 0o002) !== 0)
      return `${each} can be written by other users: chmod o-w ${JSON.stringify(each)}`;
  }
  return undefined;
}

/** The text with one more root, all else as it was written. Throws `JsoncError`, and `AppError("config")` where there is no list. */
export function addRoot(text: string, root: AllowedRoot): string {
  const entry = JSON.stringify(root);
  const node = text.trim() === "" ? undefined : parseJsonc(text);
  if (node === undefined) return `{\n  "allowedRoots": [\n    ${entry}\n  ]\n}\n`;
  const list = node.type === "object" ? findRoots(node) : undefined;
  if (list !== undefined && list.type !== "array") {
    throw new AppError("config", '"allowedRoots" is not a list.');
  }
  if (list === undefined) {
    const at = node.start + 1;
    const comma = node.type === "object" && node.members.length > 0 ? "," : "";
    return `${text.slice(0, at)}\n  "allowedRoots": [\n    ${entry}\n  ]${comma}${text.slice(at)}`;
  }
  const last = list.items.at(-1);
  if (last !== undefined) return `${text.slice(0, last.end)},\n    ${entry}${text.slice(last.end)}`;
  return `${text.slice(0, list.start + 1)}\n    ${entry}\n  ${text.slice(list.end - 1)}`;
}

function findRoots({ members }: JsonObject): JsonNode | undefined {
  return members.find(({ key }) => key === "allowedRoots")?.value;
}
