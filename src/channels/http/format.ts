import type { OutgoingFile, StoredReply } from "../channel.ts";

export interface ReplyJson {
  readonly id: number;
  readonly kind: "answer" | "notice";
  readonly text: string;
  readonly at: string;
  /** The id of the message that it answers. */
  readonly answers?: string;
  /** Of a question: the text of one of them, sent as a message, answers it. */
  readonly options?: readonly string[];
  /** Its bytes are at `path`, for a week. */
  readonly file?: {
    readonly name: string;
    readonly mediaType: string;
    readonly bytes: number;
    readonly path: string;
  };
}

export function toReplyJson({ id, kind, text, at, answers, options, file }: StoredReply): ReplyJson {
  return {
    id,
    kind,
    text,
    at: at.toISOString(),
    ...(answers === undefined ? {} : { answers }),
    ...(options === undefined ? {} : { options }),
    ...(file === undefined
      ? {}
      : {
          file: {
            name: file.name,
            mediaType: file.mediaType,
            bytes: file.size,
            path: `/api/files?reply=${id}`,
          },
        }),
  };
}

/** To be saved, never to be run in the page of whoever fetches it. */
export function toFileResponse({ name, mediaType, bytes }: OutgoingFile): Response {
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": mediaType,
      "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name.toWellFormed())}`,
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    },
  });
}

export function toErrorResponse(status: number, error: string): Response {
  return Response.json({ error }, { status });
}

/** One server-sent event; with an id it is where a client goes on after it was away. */
export function toServerSent(event: string, data: unknown, id?: number): string {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
