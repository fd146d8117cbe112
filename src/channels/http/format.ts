import type { StoredReply } from "../channel.ts";

export interface ReplyJson {
  readonly id: number;
  readonly kind: "answer" | "notice";
  readonly text: string;
  readonly at: string;
  /** The id of the message that it answers. */
  readonly answers?: string;
}

export function toReplyJson({ id, kind, text, at, answers }: StoredReply): ReplyJson {
  return { id, kind, text, at: at.toISOString(), ...(answers === undefined ? {} : { answers }) };
}

export function toErrorResponse(status: number, error: string): Response {
  return Response.json({ error }, { status });
}

/** One server-sent event; with an id it is where a client goes on after it was away. */
export function toServerSent(event: string, data: unknown, id?: number): string {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
