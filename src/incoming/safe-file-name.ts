const longestName = 100;

export type FileKind = "photo" | "voice" | "audio" | "video" | "document";

const endings: Readonly<Record<string, string>> = {
  "image/jpeg": ".jpg",
  "image/png": ".png",
  "image/gif": ".gif",
  "image/webp": ".webp",
  "audio/ogg": ".ogg",
  "audio/mpeg": ".mp3",
  "audio/mp4": ".m4a",
  "video/mp4": ".mp4",
  "application/pdf": ".pdf",
  "text/plain": ".txt",
};

/**
 * What a file that somebody sent is called in a workspace: letters, digits, dots and dashes of what he called it. It leads
 * to no other folder, is no option and not hidden.
 */
export function toSafeFileName(
  name: string | undefined,
  { kind, mediaType = "" }: { readonly kind: FileKind; readonly mediaType?: string },
): string {
  const ending = endings[mediaType.split(";")[0] ?? ""] ?? "";
  const last = (name ?? "").normalize("NFC").split(/[/\\]/).at(-1) ?? "";
  const clean = last
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, "_")
    .replace(/_*(\.[^.]*)$/, "$1")
    .replace(/^[._-]+|[._]+$/g, "");
  if (clean === "") return `${kind}${ending}`;
  const dot = clean.lastIndexOf(".");
  const [stem, end] =
    dot > 0 && clean.length - dot <= 12 ? [clean.slice(0, dot), clean.slice(dot)] : [clean, ""];
  return cutBytes(stem, longestName - Buffer.byteLength(end)) + end;
}

function cutBytes(text: string, most: number): string {
  let cut = "";
  for (const character of text) {
    if (Buffer.byteLength(cut + character) > most) break;
    cut += character;
  }
  return cut;
}
