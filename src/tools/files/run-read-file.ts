import { AppError } from "../../errors.ts";
import { findImageType, largestImage, toImagePart } from "../../image.ts";
import { runInside } from "../inside.ts";
import { toInsidePath } from "../inside-path.ts";
import type { ToolContext, ToolResult } from "../tool.ts";
import { describeBinary, isBinary } from "./binary.ts";
import { type Page, toPage } from "./page.ts";
import type { ReadDocument } from "./read-document.ts";
import { refuseIrregular, splitHeader, toFileProblem } from "./regular-file.ts";

const smallFile = 256 * 1024;
const windowBytes = 64 * 1024;
/** As large as what is fetched from the web. */
const largestDocument = 10_000_000;

/**
 * A small file comes whole: pages are made here. Of a large one only the window leaves the sandbox, each of its
 * lines cut, and lines are counted up to a size that is read in no time.
 */
const script = `${refuseIrregular}
size=$(wc -c < "$1") || exit 1
size=$((size))
if [ "$size" -le ${smallFile} ]; then echo "whole $size"; exec head -c ${smallFile} < "$1"; fi
case $(head -c 12 < "$1" | od -An -tx1 | tr -d ' \\n') in
89504e470d0a1a0a*|ffd8ff*|474946383*|52494646????????57454250) most=${largestImage};;
25504446*|504b0304*) most=${largestDocument};;
*) most=0;;
esac
if [ "$size" -le "$most" ]; then echo "binary $size"; exec head -c "$most" < "$1"; fi
sniffed=$(head -c 8192 < "$1" | tr -d '\\000' | wc -c)
if [ "$sniffed" -lt 8192 ]; then echo "binary $size"; exec head -c 16 < "$1"; fi
lines=-1
if [ "$size" -le 100000000 ]; then
  lines=$(wc -l < "$1")
  [ "$(tail -c 1 < "$1" | wc -l)" -eq 1 ] || lines=$((lines + 1))
fi
echo "window $size $((lines))"
tail -n "+$2" < "$1" | head -n "$3" | cut -b 1-8000 | head -c ${windowBytes}
`;

interface Wanted {
  readonly path: string;
  /** The first line, from 1. */
  readonly offset: number;
  readonly limit: number;
  /** Without it a document is a binary file. */
  readonly readDocument: ReadDocument | undefined;
}

export async function readFile(
  { path, offset, limit, readDocument }: Wanted,
  context: ToolContext,
): Promise<ToolResult> {
  const { paths } = await context.sandbox();
  const parameters = [toInsidePath(path, paths), String(offset), String(limit)];
  const output = await runInside(script, parameters, { limit: largestDocument + 100 }, context);
  const { header, body } = splitHeader(output);
  const [word = "", size = "0", total = "-1"] = header;
  const problem = toFileProblem(word, path);
  if (problem !== undefined) throw problem;
  const bytes = Math.max(Number(size), body.length);
  if (word === "binary" || isBinary(body)) {
    const text = await toWords(path, body, bytes, readDocument, context.signal);
    if (text === undefined) return toBinaryResult(path, body, bytes);
    return toResult(toPage(Buffer.from(text), { offset, limit, total: undefined }), bytes);
  }
  return toResult(
    toPage(body, { offset, limit, total: word === "whole" ? undefined : Number(total) }),
    bytes,
  );
}

/** Undefined: it is no document that came whole, or nothing here reads it. An archive that is no office file is a file as any other. */
async function toWords(
  path: string,
  body: Uint8Array,
  bytes: number,
  readDocument: ReadDocument | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const start = Buffer.from(body.subarray(0, 4)).toString("latin1");
  const isWhole = body.length === bytes;
  if (!isWhole || readDocument === undefined || !/^(?:%PDF|PK)/.test(start)) return undefined;
  try {
    return await readDocument(path, body, signal);
  } catch (error) {
    if (start !== "%PDF" && error instanceof AppError && error.code === "usage") return undefined;
    throw error;
  }
}

/** A picture is handed to the model as it is; one that is too large did not come whole. */
function toBinaryResult(path: string, body: Uint8Array, bytes: number): ToolResult {
  const details = { bytes, binary: true };
  const kind = describeBinary(body);
  const image = body.length === bytes ? toImagePart(body, path) : undefined;
  if (image !== undefined) return { content: `${kind}, ${bytes} bytes.`, images: [image], details };
  const isTooLarge = findImageType(body) !== undefined;
  const how = isTooLarge
    ? `It is too large to be looked at, the limit is ${largestImage} bytes: make a smaller copy with shell.`
    : "Its bytes are not shown; shell can run programs on it.";
  return { content: `A binary file: ${kind}, ${bytes} bytes. ${how}`, details };
}

function toResult({ text, first, last, total, notes }: Page, bytes: number): ToolResult {
  const details = { bytes, lines: Math.max(0, last - first + 1) };
  if (bytes === 0) return { content: "The file is empty.", details };
  if (last < first) {
    const known = total === undefined ? "" : ` The file has ${total} lines.`;
    return { content: `There is no line ${first}.${known}`, details };
  }
  const isAll = first === 1 && last === total;
  const place = isAll ? [] : [`lines ${first}-${last} of ${total ?? `a file of ${bytes} bytes`}`];
  const next = total === undefined || last < total ? [`continue with offset ${last + 1}`] : [];
  const note = [...place, ...next, ...notes].join("; ");
  return { content: note === "" ? text : `${text}\n[${note}]`, details };
}
