import { AppError } from "./errors.ts";
import { usageWords } from "./words/english/usage.ts";

/** A picture as it was made: nothing of ours ever decodes one. */
export interface ImagePart {
  readonly type: "image";
  readonly mediaType: ImageType;
  /** Base64, as both wires want it. */
  readonly data: string;
}

export type ImageType = "image/png" | "image/jpeg" | "image/gif" | "image/webp";

/** The strictest server takes 5 MB of base64. */
export const largestImage = 3_900_000;

/** What every server reads, by its first bytes. */
export function findImageType(bytes: Uint8Array): ImageType | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (start.startsWith("\u0089PNG\r\n\u001a\n")) return "image/png";
  if (start.startsWith("\u00ff\u00d8\u00ff")) return "image/jpeg";
  if (/^GIF8[79]a/.test(start)) return "image/gif";
  return /^RIFF[^]{4}WEBP/.test(start) ? "image/webp" : undefined;
}

/** A name by which people know a picture. */
export function isPicturePath(path: string): boolean {
  return /\.(?:png|jpe?g|gif|webp|bmp|tiff?|heic|avif)$/i.test(path);
}

/** `undefined` for what is no picture that models read. Throws `AppError("usage")` for one that is too large. */
export function toImagePart(bytes: Uint8Array, name: string): ImagePart | undefined {
  const mediaType = findImageType(bytes);
  if (mediaType === undefined) return undefined;
  if (bytes.length > largestImage) throw tooLargeImage(name);
  return { type: "image", mediaType, data: Buffer.from(bytes).toString("base64") };
}

export function tooLargeImage(path: string): AppError {
  return new AppError("usage", usageWords.pictureTooLarge({ path, megabytes: largestImage / 1_000_000 }));
}

/** For `JSON.stringify` where nobody looks at pictures: their size instead of their data. */
export function omitImageData(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("type" in value) || value.type !== "image")
    return value;
  return "data" in value && typeof value.data === "string"
    ? { ...value, data: undefined, size: value.data.length }
    : value;
}
