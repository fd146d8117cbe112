import type { Actor } from "../authority/actor.ts";
import { parseTaintBits, type Taint } from "../authority/taint.ts";
import type { Channel, FileCapability } from "../channels/channel.ts";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { findImageType, largestImage, toImagePart, type ImagePart } from "../image.ts";
import type { Log } from "../log.ts";
import { toSafeFileName } from "./safe-file-name.ts";
import { findChatById, type ChatAddress } from "../store/chats.ts";
import type { Database } from "../store/database.ts";
import type { StoredFile } from "../store/message-body.ts";
import { setMessageBody, type Message } from "../store/messages.ts";

/** Puts a file into the group's workspace; its path there. Throws `AppError`. */
export type KeepFile = (
  file: { readonly name: string; readonly bytes: Uint8Array },
  from: { readonly actor: Actor; readonly taint: Taint },
  signal: AbortSignal,
) => Promise<string>;

/** The words of a recording, or why they cannot be had. Never throws but for `signal`. */
export type Transcribe = (
  recording: { readonly name: string; readonly bytes: Uint8Array },
  signal: AbortSignal,
) => Promise<{ readonly text: string } | { readonly problem: string }>;

export interface ReceiveOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly findChannel: (address: ChatAddress) => Channel | undefined;
  readonly keep: KeepFile;
  readonly transcribe: Transcribe;
  readonly log: Log;
}

/** Of all messages of one turn together. */
const mostFiles = 20;
const fetchMs = 120_000;
/** Before the second and the third try. */
const pausesMs = [1000, 5000] as const;

/**
 * Fetches what was sent along with messages that are about to be answered: not before, so that nothing is fetched for
 * people who may not write here. What becomes of each file is on disk before the turn begins, and is told to the model.
 */
export async function receiveFiles(
  messages: readonly Message[],
  actor: Actor,
  options: ReceiveOptions,
  signal: AbortSignal,
): Promise<readonly Message[]> {
  let room = mostFiles;
  const received: Message[] = [];
  for (const message of messages) {
    const { files = [] } = message.body;
    if (!files.some(isOpen)) {
      received.push(message);
      continue;
    }
    const images = [...(message.body.images ?? [])];
    const settled: StoredFile[] = [];
    for (const file of files) {
      if (!isOpen(file)) settled.push(file);
      else if (room-- <= 0)
        settled.push({ ...file, problem: "Too many files came at once; it was left out." });
      else settled.push(await receiveFile(file, message, { ...options, actor, images }, signal));
    }
    const body = { ...message.body, files: settled, ...(images.length === 0 ? {} : { images }) };
    await options.database.transaction((tx) => setMessageBody(tx, message.id, body));
    received.push({ ...message, body });
  }
  return received;
}

export function hasOpenFiles(messages: readonly Message[]): boolean {
  return messages.some(({ body }) => body.files?.some(isOpen) === true);
}

function isOpen({ path, problem }: StoredFile): boolean {
  return path === undefined && problem === undefined;
}

async function receiveFile(
  file: StoredFile,
  message: Message,
  options: ReceiveOptions & { readonly actor: Actor; readonly images: ImagePart[] },
  signal: AbortSignal,
): Promise<StoredFile> {
  const { log, keep, transcribe, actor, images } = options;
  try {
    const bytes = await fetchBytes(file, message, options, signal);
    const name = toSafeFileName(file.name, file);
    const from = { actor, taint: parseTaintBits(message.taint) };
    const path = await keep({ name, bytes }, from, signal);
    // A picture that a model could not be shown is a file all the same.
    const isShown = bytes.length <= largestImage && findImageType(bytes) !== undefined;
    const image = isShown ? toImagePart(bytes, name) : undefined;
    if (image !== undefined) images.push(image);
    const kept = { ...file, path };
    if (file.kind !== "voice" && file.kind !== "audio") return kept;
    const heard = await transcribe({ name, bytes }, signal);
    return "text" in heard ? { ...kept, heard: heard.text } : { ...kept, deaf: heard.problem };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    log.warn("a file could not be received", { message: message.id, kind: file.kind, error });
    return { ...file, problem: error.message };
  }
}

async function fetchBytes(
  file: StoredFile,
  message: Message,
  { database, findChannel, clock }: ReceiveOptions,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const chat = await findChatById(database, message.chat);
  const source = chat === undefined ? undefined : findChannel(chat)?.files;
  if (source === undefined)
    throw new AppError("not-found", "Its channel is not served, or hands out no files.");
  if ((file.bytes ?? 0) > source.maxBytes) throw tooLarge(source);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(fetchMs)]);
  for (const pauseMs of [...pausesMs, undefined]) {
    try {
      return await readAll(await source.fetch(file.reference, limit), source);
    } catch (error) {
      signal.throwIfAborted();
      if (limit.aborted) throw new AppError("timeout", "It did not come in time.", { cause: error });
      const isFinal = error instanceof AppError && error.code !== "network";
      if (isFinal || pauseMs === undefined) throw toAppError(error);
      await clock.sleep(pauseMs, limit);
    }
  }
  throw new AppError("network", "It could not be fetched.");
}

/** What the sender or the platform said of its size proves nothing. */
async function readAll(stream: ReadableStream<Uint8Array>, source: FileCapability): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > source.maxBytes) throw tooLarge(source);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge({ maxBytes }: FileCapability): AppError {
  return new AppError("usage", `It is larger than the ${maxBytes / 1_000_000} MB that are taken.`);
}

/** A connection that broke while the bytes came. */
function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError("network", "The connection was lost while it was fetched.", { cause: error });
}
