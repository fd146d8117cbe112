import type { FetchMessageObject, ImapFlow, MessageStructureObject } from "imapflow";
import { AppError } from "../../errors.ts";
import { emailWords } from "../../words/english/email.ts";
import type { IncomingFile } from "../channel.ts";
import { fetchMail } from "../../mail/fetch-mail.ts";

/** What mail servers usually pass on, as bytes of the file itself. */
export const largestFile = 20_000_000;

const deepest = 20;
const mostParts = 200;
const mostFiles = 20;
/** Base64 and its line ends. */
const encodedShare = 1.4;

/** What hangs on a mail; the words of the mail itself are none of it. */
export function listFiles(
  structure: MessageStructureObject | undefined,
  place: string,
): readonly IncomingFile[] {
  const found: IncomingFile[] = [];
  let parts = 0;
  const walk = (part: MessageStructureObject, depth: number): void => {
    parts += 1;
    if (parts > mostParts || depth > deepest || found.length >= mostFiles) return;
    const children = part.childNodes ?? [];
    // What was passed on is one file, whatever stands in it.
    if (children.length > 0 && !part.type.startsWith("message/")) {
      for (const child of children) walk(child, depth + 1);
      return;
    }
    if (isFile(part)) found.push(toFile(part, place));
  };
  if (structure !== undefined) walk(structure, 0);
  return found;
}

/** The bytes of one, by the reference that it got. Throws `AppError`. */
export async function fetchFile(client: ImapFlow, reference: string, maxBytes: number): Promise<Uint8Array> {
  const [, validity, uid, part, encoding] = /^(\d+):(\d+):([\d.]+):([\w-]*)$/.exec(reference) ?? [];
  const isOurs = client.mailbox !== false && String(client.mailbox.uidValidity) === validity;
  if (uid === undefined || part === undefined || !isOurs) throw gone();
  const sized = await fetchMail(client, Number(uid), { bodyStructure: true });
  const size = findPart(sized, part)?.size;
  if (size === undefined) throw gone();
  if (size > maxBytes * encodedShare) {
    throw new AppError("usage", emailWords.fileTooLarge({ megabytes: maxBytes / 1_000_000 }));
  }
  const fetched = await fetchMail(client, Number(uid), { bodyParts: [part] });
  const bytes = fetched?.bodyParts?.get(part);
  if (bytes === undefined || bytes === null) throw gone();
  return decode(bytes, encoding ?? "");
}

function gone(): AppError {
  return new AppError("not-found", emailWords.noFile({ reason: "the mail is no longer there" }));
}

function findPart(
  message: FetchMessageObject | undefined,
  wanted: string,
): MessageStructureObject | undefined {
  const search = (node: MessageStructureObject, depth: number): MessageStructureObject | undefined => {
    // A mail that is one part has no number there.
    if ((node.part ?? "1") === wanted && node.childNodes === undefined) return node;
    if (depth > deepest) return undefined;
    for (const child of node.childNodes ?? []) {
      const found = search(child, depth + 1);
      if (found !== undefined) return found;
    }
    return node.part === wanted ? node : undefined;
  };
  return message?.bodyStructure === undefined ? undefined : search(message.bodyStructure, 0);
}

function isFile({ type, disposition, dispositionParameters, parameters }: MessageStructureObject): boolean {
  const hasName = (dispositionParameters?.["filename"] ?? parameters?.["name"]) !== undefined;
  return disposition === "attachment" || hasName || !/^text\/(?:plain|html|enriched|calendar)$/.test(type);
}

function toFile(part: MessageStructureObject, place: string): IncomingFile {
  const { type, encoding = "", size } = part;
  const name = part.dispositionParameters?.["filename"] ?? part.parameters?.["name"];
  const [family = ""] = type.split("/");
  const kinds: Readonly<Record<string, IncomingFile["kind"]>> = {
    image: "photo",
    audio: "audio",
    video: "video",
  };
  return {
    reference: `${place}:${part.part ?? "1"}:${encoding.toLowerCase().replace(/[^\w-]/g, "")}`,
    kind: kinds[family] ?? "document",
    ...(name === undefined ? (type === "message/rfc822" ? { name: "mail.eml" } : {}) : { name }),
    mediaType: type,
    ...(size === undefined ? {} : { bytes: encoding === "base64" ? Math.floor((size * 3) / 4) : size }),
  };
}

function decode(bytes: Uint8Array, encoding: string): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (encoding === "base64") return Buffer.from(buffer.toString("latin1"), "base64");
  if (encoding !== "quoted-printable") return buffer;
  const text = buffer
    .toString("latin1")
    .replace(/[ \t]+(?=\r?\n)/g, "")
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9A-Fa-f]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, "latin1");
}
