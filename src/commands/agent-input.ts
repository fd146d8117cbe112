import { toMarkedBlock, type Material } from "../agent/material.ts";
import { AppError, systemCode } from "../errors.ts";
import type { ImagePart } from "../image.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { StreamIo } from "./command-io.ts";
import { readAll } from "./read-all.ts";
import { usageWords } from "../words/english/usage.ts";

export type AgentInput =
  | { readonly type: "prompt" }
  | {
      readonly type: "message";
      readonly text: string;
      readonly images: readonly ImagePart[];
      /** Some of it is not the owner's own words. */
      readonly hasMaterial: boolean;
    };

/** More than this belongs into a shared folder, where the assistant reads what it needs. */
const maxInputBytes = 1024 * 1024;

/** After this long a person wants to know what is waited for. */
const patienceMs = 2000;

/** The message is `-m`, else `-f`, else standard input; what is given besides is material. */
export async function readAgentInput(
  args: ParsedArguments,
  io: StreamIo,
  signal: AbortSignal,
): Promise<AgentInput> {
  const message = args.value("message");
  const files = args.values("file");
  if (message === undefined && files.length === 0) {
    if (io.isTerminal.input) return { type: "prompt" };
    return toMessage(await readInput(io, "message", signal), [], []);
  }
  const readsInput = files.includes("-");
  const parts: Material[] = [];
  const images: ImagePart[] = [];
  for (const file of files) {
    const image = file === "-" ? undefined : await findImage(file, io.cwd);
    if (image !== undefined) {
      images.push(image);
      continue;
    }
    const text = file === "-" ? await readInput(io, "message", signal) : await readFile(file, io.cwd);
    parts.push({ name: file === "-" ? "standard input" : file, text });
  }
  const piped = readsInput ? "" : await readInput(io, "material", signal);
  const material = piped.trim() === "" ? [] : [{ name: "standard input", text: piped }];
  return message === undefined
    ? toMessage(parts.map((part) => part.text).join("\n\n"), material, images)
    : toMessage(message, [...parts, ...material], images);
}

function toMessage(
  message: string,
  materials: readonly Material[],
  images: readonly ImagePart[],
): AgentInput {
  if (message.trim() === "") {
    if (images.length === 0) throw new AppError("usage", usageWords.messageEmpty());
    throw new AppError("usage", usageWords.pictureAlone());
  }
  const text = [message.trimEnd(), ...materials.map(toMarkedBlock)].join("\n\n");
  // A character is three bytes at most: the first use of `Buffer` costs half a millisecond, which no short message pays.
  if (text.length * 3 > maxInputBytes && Buffer.byteLength(text) > maxInputBytes) throw tooLarge();
  return { type: "message", text, images, hasMaterial: materials.length + images.length > 0 };
}

/** The owner named it, so it is opened here; what it shows was made by anybody. */
async function findImage(path: string, folder: string): Promise<ImagePart | undefined> {
  const [{ resolve }, { isImageFile, readImage }] = await Promise.all([
    import("node:path"),
    import("../read-image.ts"),
  ]);
  const file = resolve(folder, path);
  return (await isImageFile(file)) ? await readImage(file) : undefined;
}

async function readFile(path: string, folder: string): Promise<string> {
  const { resolve } = await import("node:path");
  const file = Bun.file(resolve(folder, path));
  try {
    if (file.size > maxInputBytes && Number.isFinite(file.size)) throw tooLarge();
    return toText(await file.bytes(), path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT" && systemCode(error) !== "EISDIR") throw error;
    const said =
      systemCode(error) === "ENOENT" ? usageWords.fileMissing({ path }) : usageWords.fileIsFolder({ path });
    throw new AppError("not-found", said, { cause: error });
  }
}

/**
 * Reads to the end. As material, a socket on which nothing comes is left alone: programs that start others often
 * leave one open that nobody writes to. A pipe has a writer, who may take his time.
 */
async function readInput(
  io: StreamIo,
  purpose: "message" | "material",
  signal: AbortSignal,
): Promise<string> {
  const kind = await io.input.kind();
  if (kind === "nothing" || (kind === "terminal" && purpose === "material")) return "";
  const isOptional = kind === "socket" && purpose === "material";
  const enough = new AbortController();
  const timer = setTimeout(() => {
    const text = isOptional ? "Nothing came on standard input" : "Waiting for standard input to end";
    void io.writeError(`nanoclaw: ${text} (</dev/null says that there is none).\n`).catch(() => {});
    if (isOptional) enough.abort();
  }, patienceMs);
  try {
    const bytes = await readAll(io.input.stream(), AbortSignal.any([signal, enough.signal]), (total) => {
      clearTimeout(timer);
      if (total > maxInputBytes) throw tooLarge();
    });
    return toText(bytes, "standard input");
  } catch (error) {
    if (error !== enough.signal.reason) throw error;
    return "";
  } finally {
    clearTimeout(timer);
  }
}

function toText(bytes: Uint8Array, name: string): string {
  if (bytes.includes(0)) throw new AppError("usage", usageWords.notText({ name }));
  return new TextDecoder().decode(bytes);
}

function tooLarge(): AppError {
  return new AppError("usage", usageWords.messageTooLarge());
}
