import { toMarkedBlock } from "../agent/material.ts";
import { clean, joinTaint, type Taint } from "../authority/taint.ts";
import { AppError } from "../errors.ts";
import type { PersonMessage } from "../turns/conversation.ts";
import type { Phrases } from "../words/english/phrases.ts";
import { usageWords } from "../words/english/usage.ts";
import type { ImagePart } from "../image.ts";
import type { PersonFiles } from "../sessions/person-files.ts";
import { findPicturePaths } from "./picture-paths.ts";

export interface AttachedMessage extends PersonMessage {
  readonly taint: Taint;
  /** What the person should know of it: what was attached, what looks like a file and is none. */
  readonly notes: readonly string[];
}

/** More than this belongs into a shared folder, where the assistant reads what it needs. */
const longestMessage = 1024 * 1024;

/**
 * The message with the content of each `@path` in it behind it, marked as material. A word behind an @ that is no
 * file stays a word. Throws `AppError` for a file that can't go along: then nothing is sent.
 */
export async function attachFiles(
  text: string,
  files: PersonFiles | undefined,
  { prompt }: Phrases,
  signal: AbortSignal,
): Promise<AttachedMessage> {
  const blocks: string[] = [];
  const notes: string[] = [];
  const images: ImagePart[] = [];
  let taint = clean;
  const dragged = text.split("\n").flatMap(findPicturePaths);
  for (const path of new Set([...findPaths(text), ...dragged])) {
    const answer = (await files?.read(path, signal)) ?? { type: "absent" };
    switch (answer.type) {
      case "text":
        // Whoever wrote the file, it is not the message's author.
        taint = joinTaint(taint, answer.taint, { ...clean, sawUntrusted: true });
        blocks.push(toMarkedBlock({ name: path, text: answer.text }));
        notes.push(prompt.attached({ path, characters: answer.text.length }));
        break;
      case "image":
        // What a picture shows was made by anybody.
        taint = joinTaint(taint, answer.taint, { ...clean, sawUntrusted: true });
        images.push(answer.image);
        notes.push(prompt.attachedPicture({ path }));
        break;
      case "absent":
        if (/[./]/.test(path)) notes.push(prompt.noSuchFile({ path }));
        break;
      case "problem":
        throw answer.error;
      default:
        answer satisfies never;
    }
  }
  const whole = [text.trimEnd(), ...blocks].join("\n\n");
  if (Buffer.byteLength(whole) > longestMessage) {
    throw new AppError("usage", usageWords.messageTooLarge());
  }
  const message = { text: blocks.length === 0 ? text : whole, taint, notes };
  return images.length === 0 ? message : { ...message, images };
}

/** `@src/main.ts`, `@"with spaces.txt"`; an address like `a@b.c` is none. Each once. */
function findPaths(text: string): readonly string[] {
  const paths: string[] = [];
  for (const [, quoted, plain] of text.matchAll(/(?<![^\s(])@(?:"([^"\n]+)"|([^\s"@]+))/g)) {
    const path = quoted ?? plain?.replace(/[.,;:!?)\]]+$/, "") ?? "";
    if (path !== "" && !paths.includes(path)) paths.push(path);
  }
  return paths;
}
