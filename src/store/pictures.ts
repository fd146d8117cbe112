import type { ImagePart } from "../image.ts";
import { countForgotten } from "../image-window.ts";
import type { Reader, Transaction } from "./database.ts";

/** What stands for a picture in the JSON of an entry or an event. */
interface PictureReference {
  readonly type: "image";
  readonly mediaType: string;
  readonly hash: string;
  /** Of its base64. */
  readonly size: number;
}

/** The JSON of a message or an event; its pictures are kept beside it. */
export async function toJsonBesidePictures(tx: Transaction, value: object): Promise<string> {
  const whole = JSON.stringify(value);
  // Most messages hold no picture, and then nothing has to be looked at twice.
  if (!whole.includes('"image"')) return whole;
  const pictures = new Map<string, Uint8Array>();
  const json = JSON.stringify(value, (_, part: unknown) => {
    if (!isPicture(part)) return part;
    const bytes = Buffer.from(part.data, "base64");
    const hash = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
    pictures.set(hash, bytes);
    return { type: "image", mediaType: part.mediaType, hash, size: part.data.length };
  });
  for (const [hash, bytes] of pictures) {
    await tx.run("INSERT OR IGNORE INTO pictures (hash, bytes) VALUES (?, ?)", hash, bytes);
  }
  return json;
}

/**
 * The values of stored JSON, in their order, with their pictures back in them. Those that are too old to be shown again
 * are not read: their data is empty. So is that of one that is lost.
 */
export async function parseWithPictures(reader: Reader, jsons: readonly string[]): Promise<unknown[]> {
  const values = jsons.map(parseJson);
  if (!jsons.some((json) => json.includes('"hash"'))) return values;
  const references: PictureReference[] = [];
  for (const value of values) mapReferences(value, (reference) => references.push(reference));
  const forgotten = countForgotten(references.map((reference) => reference.size));
  const data = await readData(reader, references.slice(forgotten));
  let index = 0;
  return values.map((value) =>
    mapReferences(value, ({ type, mediaType }) => ({
      type,
      mediaType,
      data: data[index++ - forgotten] ?? "",
    })),
  );
}

async function readData(reader: Reader, references: readonly PictureReference[]): Promise<string[]> {
  const data = new Map<string, string>();
  for (const { hash } of references) {
    if (data.has(hash)) continue;
    const bytes = (await reader.get("SELECT bytes FROM pictures WHERE hash = ?", hash))?.["bytes"];
    data.set(hash, bytes instanceof Uint8Array ? Buffer.from(bytes).toString("base64") : "");
  }
  return references.map(({ hash }) => data.get(hash) ?? "");
}

/** A copy in which each reference is what `map` makes of it. */
function mapReferences(value: unknown, map: (reference: PictureReference) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapReferences(item, map));
  if (typeof value !== "object" || value === null) return value;
  if (isReference(value)) return map(value);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, mapReferences(part, map)]));
}

function isPicture(value: unknown): value is ImagePart {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    value.type === "image" &&
    "data" in value
  );
}

function isReference(value: object): value is PictureReference {
  return "type" in value && value.type === "image" && "hash" in value && "size" in value;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
