import type { TreeEntry } from "./tree.ts";

const block = 512;
const shortName = 100;

/** What ends an archive. */
export const archiveEnd: Uint8Array = new Uint8Array(2 * block);

/**
 * The header of one entry in a tar archive as GNU tar reads it: names of any bytes and length, times to the nanosecond.
 * A file's content follows, then `toPadding`. With `hardLink` it is another name of a file that stands before it.
 */
export function toHeader(entry: TreeEntry, hardLink?: string): Uint8Array {
  const path = toMemberName(entry);
  const target = hardLink === undefined ? toTarget(entry) : `./${hardLink}`;
  const time = toPaxRecord("mtime", toDecimal(entry.modified));
  return Buffer.concat([
    toBlock({ path: "x", type: "x", size: time.length, mode: 0o600, target: "" }),
    ...padded(time),
    ...toLongName("L", path),
    ...toLongName("K", target),
    toBlock({
      path,
      type: hardLink === undefined ? toType(entry) : "1",
      size: hardLink === undefined && entry.type === "file" ? entry.size : 0,
      mode: entry.mode,
      target,
    }),
  ]);
}

/** What fills the last block of a content of `size` bytes. */
export function toPadding(size: number): Uint8Array {
  return new Uint8Array((block - (size % block)) % block);
}

function toMemberName(entry: TreeEntry): string {
  const path = `./${entry.path}`;
  return entry.type === "folder" && entry.path !== "" ? `${path}/` : path;
}

function toTarget(entry: TreeEntry): string {
  return entry.type === "link" ? entry.target : "";
}

function toType(entry: TreeEntry): string {
  switch (entry.type) {
    case "file":
      return "0";
    case "link":
      return "2";
    case "folder":
      return "5";
    case "pipe":
      return "6";
    case "special":
    case "protected":
      throw new Error(`A ${entry.type} entry cannot be written`);
    default:
      return entry satisfies never;
  }
}

interface Block {
  readonly path: string;
  readonly type: string;
  readonly size: number;
  readonly mode: number;
  readonly target: string;
}

function toBlock({ path, type, size, mode, target }: Block): Buffer {
  const header = Buffer.alloc(block);
  header.write(path.slice(0, shortName), 0, "latin1");
  header.write(toOctal(mode, 7), 100);
  header.write(toOctal(0, 7), 108);
  header.write(toOctal(0, 7), 116);
  header.write(toOctal(size, 11), 124);
  header.write(toOctal(0, 11), 136);
  header.write(" ".repeat(8), 148);
  header.write(type, 156);
  header.write(target.slice(0, shortName), 157, "latin1");
  header.write("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${toOctal(sum, 6)}\0 `, 148);
  return header;
}

function toOctal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

/** A name that does not fit into its field stands in a block of its own before. */
function toLongName(type: "L" | "K", name: string): Uint8Array[] {
  if (name.length < shortName) return [];
  const bytes = Buffer.from(`${name}\0`, "latin1");
  return [
    toBlock({ path: "././@LongLink", type, size: bytes.length, mode: 0o600, target: "" }),
    ...padded(bytes),
  ];
}

function padded(bytes: Uint8Array): Uint8Array[] {
  return [bytes, toPadding(bytes.length)];
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function toPaxRecord(key: string, value: string): Uint8Array {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.from(`${length}${rest}`);
}

/** Before 1970 `find` counts the fraction up from the second below: -6.75 are five and a quarter seconds before. */
function toDecimal(time: string): string {
  const [seconds = "0", fraction = "0"] = time.split(".");
  const nanoseconds = Number(fraction);
  if (!seconds.startsWith("-") || nanoseconds === 0) return time;
  return `-${BigInt(seconds.slice(1)) - 1n}.${String(1e9 - nanoseconds).padStart(9, "0")}`;
}
