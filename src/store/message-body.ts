import type { ImagePart } from "../image.ts";

/** What a message holds. All of it but `text` may come from anybody. */
export interface MessageBody {
  readonly text: string;
  readonly images?: readonly ImagePart[];
  readonly quote?: StoredQuote;
  readonly note?: string;
  readonly files?: readonly StoredFile[];
  /** The platform's id of the message whose words these now are. */
  readonly editOf?: string;
  /** The platform's id of the message that the sign stands under. */
  readonly reactionTo?: string;
}

export interface StoredQuote {
  readonly text: string;
  readonly from?: string;
  readonly message?: string;
}

/** A file that was sent along, and what became of it. */
export interface StoredFile {
  readonly reference: string;
  readonly kind: "photo" | "voice" | "audio" | "video" | "document";
  readonly name?: string;
  readonly mediaType?: string;
  readonly bytes?: number;
  /** Where it lies in the group's workspace; without it, and without a problem, it was not fetched yet. */
  readonly path?: string;
  /** Why it could not be fetched. */
  readonly problem?: string;
  /** What was said in it; without it, why that is not known. */
  readonly heard?: string;
  readonly deaf?: string;
}

/** As it was stored; what another version of the program wrote and this one does not know is left out. */
export function toMessageBody(value: unknown): MessageBody {
  const { text, images, quote, note, files, editOf, reactionTo } = toFields(value);
  const pictures = Array.isArray(images) ? images.filter(isImage) : [];
  const sent = Array.isArray(files) ? files.filter(isFile) : [];
  return {
    text: typeof text === "string" ? text : "",
    ...(pictures.length === 0 ? {} : { images: pictures }),
    ...(isQuote(quote) ? { quote } : {}),
    ...(typeof note === "string" ? { note } : {}),
    ...(sent.length === 0 ? {} : { files: sent }),
    ...(typeof editOf === "string" ? { editOf } : {}),
    ...(typeof reactionTo === "string" ? { reactionTo } : {}),
  };
}

function isImage(value: unknown): value is ImagePart {
  return typeof value === "object" && value !== null && "mediaType" in value && "data" in value;
}

function isQuote(value: unknown): value is StoredQuote {
  const { text, from, message } = toFields(value);
  return typeof text === "string" && isTextOrNothing(from) && isTextOrNothing(message);
}

const kinds: readonly unknown[] = ["photo", "voice", "audio", "video", "document"];

function isFile(value: unknown): value is StoredFile {
  const { reference, kind, name, mediaType, bytes, path, problem, heard, deaf } = toFields(value);
  const texts = [name, mediaType, path, problem, heard, deaf];
  const hasSize = bytes === undefined || typeof bytes === "number";
  return typeof reference === "string" && kinds.includes(kind) && texts.every(isTextOrNothing) && hasSize;
}

function isTextOrNothing(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

function toFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
