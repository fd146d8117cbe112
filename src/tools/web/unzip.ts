import { AppError } from "../../errors.ts";
import { readAtMost } from "./read-at-most.ts";

const mostFiles = 10_000;
/** Of all that is unpacked: a small file may say that it holds a large one. */
const mostBytes = 30_000_000;

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endBytes = 22;
/** The end of an archive may have a comment behind it. */
const longestComment = 65_535;

/** What stands in an archive, by name; each is unpacked when it is asked for, and all of them together up to 30 MB. */
export interface Archive {
  readonly names: readonly string[];
  /** Undefined: there is none of that name. Throws `AppError` for one that cannot be unpacked. */
  read(name: string, signal: AbortSignal): Promise<Uint8Array | undefined>;
}

/** By its directory, which stands at its end. Undefined: it is no ZIP archive. */
export function openArchive(bytes: Uint8Array): Archive | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === undefined) return undefined;
  const entries = new Map<
    string,
    { readonly offset: number; readonly size: number; readonly isPacked: boolean }
  >();
  let at = view.getUint32(end + 16, true);
  const count = Math.min(view.getUint16(end + 10, true), mostFiles);
  for (let n = 0; n < count && at + 46 <= end && view.getUint32(at, true) === entrySignature; n++) {
    const [nameBytes, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + (nameBytes ?? 0)));
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const isKnown = (flags & 1) === 0 && (method === 0 || method === 8);
    if (isKnown) {
      const [size, offset] = [view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
      entries.set(name, { offset, size, isPacked: method === 8 });
    }
    at += 46 + (nameBytes ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  let left = mostBytes;
  return {
    names: [...entries.keys()],
    async read(name, signal) {
      const entry = entries.get(name);
      if (entry === undefined || entry.offset + 30 > bytes.byteLength) return undefined;
      const lengths = [26, 28].map((place) => view.getUint16(entry.offset + place, true));
      const start = entry.offset + 30 + (lengths[0] ?? 0) + (lengths[1] ?? 0);
      const packed = bytes.subarray(start, start + entry.size);
      const unpacked = entry.isPacked ? await inflate(packed, name, left, signal) : packed;
      left -= unpacked.byteLength;
      if (left < 0) throw tooLarge(name);
      return unpacked;
    },
  };
}

async function inflate(
  packed: Uint8Array,
  name: string,
  most: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    const stream = new Response(packed).body?.pipeThrough(new DecompressionStream("deflate-raw"));
    return stream === undefined ? packed : await readAtMost(stream, most, name, signal);
  } catch (cause) {
    if (cause instanceof AppError || signal.aborted) throw cause;
    throw new AppError("usage", `${name} in the archive cannot be unpacked.`, { cause });
  }
}

function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - endBytes;
  for (let at = last; at >= 0 && at >= last - longestComment; at--) {
    if (view.getUint32(at, true) === endSignature) return at;
  }
  return undefined;
}

function tooLarge(name: string): AppError {
  return new AppError("too-long", `${name} is larger than ${mostBytes / 1e6} MB.`);
}
