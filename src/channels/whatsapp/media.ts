import { guardedFetch } from "../../egress/dial.ts";
import { AppError } from "../../errors.ts";
import { whatsappWords } from "../../words/english/whatsapp.ts";
import { toCallFailure, type CallFailure } from "../call-failure.ts";
import type { OutgoingFile } from "../channel.ts";
import { officialMedia } from "./config.ts";
import { createGuard, isWhatsApp } from "./guard.ts";
import { macBytes, toMediaKeys, toMediaMac } from "./media-keys.ts";
import type { MediaKind, MediaPlace } from "./read-files.ts";
import type { MessageContent } from "./wire.ts";

/** WhatsApp takes more; we hold a file in memory. */
export const largestFile = 64_000_000;

const fileMs = 120_000;
/** What may be shown at the door is over, or too many stand there: neither lies in the file. */
const passing = new Set([401, 403, 408, 429]);
/** Padding, and what proves that nobody changed it. */
const mostAround = 16 + macBytes;

export interface MediaServer {
  readonly base: string;
  readonly proxy: string | undefined;
}

export interface UploadPlace extends MediaServer {
  readonly auth: string;
  readonly hosts: readonly string[];
}

/** The bytes of what was sent, decrypted and proven. Throws `AppError`: gone, too large, not to be had now. */
export async function fetchMedia(
  reference: string,
  { base, proxy }: MediaServer,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const place = parsePlace(reference);
  if (place === undefined) throw noFile("it has no address");
  const url = URL.parse(place.path, base);
  // The sender wrote the path: it must not lead elsewhere.
  if (url === null || url.origin !== new URL(base).origin || url.username !== "")
    throw noFile("its address is none of WhatsApp's");
  const limit = AbortSignal.any([signal, AbortSignal.timeout(fileMs)]);
  const response = await guardedFetch(
    new Request(url.href, { headers: { origin: "https://web.whatsapp.com" } }),
    createGuard(base, proxy),
    limit,
  ).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new AppError("network", whatsappWords.noFile({ reason: toCallFailure(error).reason }));
  });
  if (response.status === 404 || response.status === 410) throw noFile("WhatsApp no longer keeps it");
  if (response.status !== 200 || response.body === null) {
    throw new AppError("network", whatsappWords.noFile({ reason: `HTTP ${response.status}` }));
  }
  const bytes = await decrypt(await readUpTo(response.body, largestFile + mostAround), place);
  return new Blob([bytes]).stream();
}

/** Puts an encrypted file where WhatsApp keeps them for two weeks. What it says of it goes into the message. */
export async function uploadMedia(
  file: OutgoingFile,
  { auth, hosts, base, proxy }: UploadPlace,
  signal: AbortSignal,
): Promise<
  | { readonly type: "done"; readonly content: MessageContent }
  | CallFailure
  | { readonly type: "refused"; readonly reason: string }
> {
  const { field, kind, path } = toShape(file);
  const key = crypto.getRandomValues(new Uint8Array(32));
  const keys = await toMediaKeys(key, kind);
  const body = new Uint8Array(
    await crypto.subtle.encrypt({ name: "AES-CBC", iv: keys.iv }, keys.cipher, Uint8Array.from(file.bytes)),
  );
  const whole = Uint8Array.from(Buffer.concat([body, await toMediaMac(keys, body)]));
  const hash = sha256(whole);
  const name = hash.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  // Which of its hosts is asked for, WhatsApp says itself.
  const origin = base === officialMedia ? `https://${hosts.find(isWhatsApp) ?? "mmg.whatsapp.net"}` : base;
  const url = `${origin}/mms/${path}/${name}?auth=${encodeURIComponent(auth)}&token=${name}`;
  const headers = { "content-type": "application/octet-stream", origin: "https://web.whatsapp.com" };
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(fileMs)]);
    const request = new Request(url, { method: "POST", headers });
    const response = await guardedFetch(request, createGuard(origin, proxy), limit, whole);
    const placed = toDirectPath(await response.text());
    if (placed === undefined) {
      const reason = `WhatsApp did not take the file (HTTP ${response.status})`;
      const isForGood = response.status >= 400 && response.status < 500 && !passing.has(response.status);
      return { type: isForGood ? "refused" : "not-sent", reason };
    }
    const content = {
      directPath: placed,
      url: `${officialMedia}${placed}`,
      mediaKey: Buffer.from(key).toString("base64"),
      mediaKeyTimestamp: Math.floor(Date.now() / 1000),
      mimetype: file.mediaType,
      fileLength: file.bytes.length,
      fileSha256: sha256(file.bytes),
      fileEncSha256: hash,
      ...(field === "documentMessage" ? { fileName: file.name, title: file.name } : {}),
      ...(field === "audioMessage" && /ogg/.test(file.mediaType) ? { ptt: true } : {}),
    };
    return { type: "done", content: { [field]: content } };
  } catch (error) {
    // Nobody sees a file that no message speaks of.
    return { type: "not-sent", reason: toCallFailure(error).reason };
  }
}

function toShape({ mediaType }: OutgoingFile): {
  readonly field: string;
  readonly kind: MediaKind;
  readonly path: string;
} {
  if (/^image\/(?:jpeg|png)$/.test(mediaType)) return { field: "imageMessage", kind: "Image", path: "image" };
  if (mediaType === "video/mp4") return { field: "videoMessage", kind: "Video", path: "video" };
  if (/^audio\/(?:ogg|mpeg|mp4|aac)/.test(mediaType))
    return { field: "audioMessage", kind: "Audio", path: "audio" };
  return { field: "documentMessage", kind: "Document", path: "document" };
}

async function decrypt(
  whole: Uint8Array<ArrayBuffer>,
  { key, kind, hash }: MediaPlace,
): Promise<Uint8Array<ArrayBuffer>> {
  if (sha256(whole) !== hash) throw noFile("it is not what was sent");
  const keys = await toMediaKeys(Uint8Array.from(Buffer.from(key, "base64")), kind);
  const encrypted = whole.slice(0, -macBytes);
  const proof = await toMediaMac(keys, encrypted);
  if (!crypto.timingSafeEqual(proof, whole.slice(-macBytes))) throw noFile("it was changed on its way");
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: "AES-CBC", iv: keys.iv }, keys.cipher, encrypted),
    );
  } catch {
    throw noFile("it cannot be decrypted");
  }
}

async function readUpTo(body: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > most)
      throw new AppError("usage", whatsappWords.fileTooLarge({ megabytes: largestFile / 1_000_000 }));
    chunks.push(chunk);
  }
  return Uint8Array.from(Buffer.concat(chunks));
}

function parsePlace(reference: string): MediaPlace | undefined {
  try {
    const value: unknown = JSON.parse(reference);
    return isPlace(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isPlace(value: unknown): value is MediaPlace {
  if (typeof value !== "object" || value === null) return false;
  const { path, key, kind, hash }: Partial<Record<keyof MediaPlace, unknown>> = value;
  const kinds: readonly unknown[] = ["Image", "Audio", "Video", "Document"];
  return (
    typeof path === "string" && typeof key === "string" && typeof hash === "string" && kinds.includes(kind)
  );
}

function toDirectPath(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== "object" || value === null || !("direct_path" in value)) return undefined;
    return typeof value.direct_path === "string" ? value.direct_path : undefined;
  } catch {
    return undefined;
  }
}

function sha256(bytes: Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("base64");
}

function noFile(reason: string): AppError {
  return new AppError("not-found", whatsappWords.noFile({ reason }));
}
