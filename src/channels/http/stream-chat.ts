import type { Clock } from "../../clock.ts";
import type { ChannelSetting } from "../channel.ts";
import { toErrorResponse, toReplyJson, toServerSent } from "./format.ts";
import type { ReplyHub } from "./reply-hub.ts";

export interface StreamSetting extends Pick<ChannelSetting, "readReplies"> {
  readonly hub: ReplyHub;
  readonly clock: Clock;
}

/** So that what stands between does not close a silent connection. */
const pingMs = 25_000;
/** A client that does not read is let go; it comes again with the last id that it saw. */
const mostWaiting = 1000;
const pageSize = 100;

/** Replies of a chat as server-sent events, from `Last-Event-ID` or `after` on, with what happens in its turns between. */
export function streamChat(request: Request, setting: StreamSetting, signal: AbortSignal): Response {
  const { searchParams } = new URL(request.url);
  const chat = searchParams.get("chat") ?? "default";
  const given = request.headers.get("last-event-id") ?? searchParams.get("after");
  const after = given === null ? undefined : Number(given);
  if (after !== undefined && !Number.isSafeInteger(after)) {
    return toErrorResponse(400, "the last event id is no whole number");
  }
  return new Response(createStream(chat, after, setting, signal), {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
  });
}

function createStream(
  chat: string,
  after: number | undefined,
  { hub, clock, readReplies }: StreamSetting,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const ended = new AbortController();
  const ending = AbortSignal.any([signal, ended.signal]);
  const encoder = new TextEncoder();
  let listening: Disposable | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async start(controller) {
        let last = after;
        let reading: Promise<void> = Promise.resolve();
        const close = (): void => {
          if (ended.signal.aborted) return;
          ended.abort();
          listening?.[Symbol.dispose]();
          controller.close();
        };
        const write = (text: string): void => {
          if (ended.signal.aborted) return;
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) < -mostWaiting) close();
        };
        // Always read from the store: there they stand in their order, whoever announces them.
        const readOn = async (): Promise<void> => {
          for (let isMore = true; isMore && !ending.aborted;) {
            const replies = await readReplies(chat, last ?? 0, pageSize);
            for (const reply of replies) write(toServerSent("reply", toReplyJson(reply), reply.id));
            last = replies.at(-1)?.id ?? last;
            isMore = replies.length === pageSize;
          }
        };
        const catchUp = (): void => {
          reading = reading.then(readOn).catch(close);
        };
        listening = hub.listen(chat, {
          onReply: (id) => {
            last ??= id - 1;
            catchUp();
          },
          readsEvents: true,
          onEvent: (event) => write(toServerSent(event.type, event)),
          onClose: close,
        });
        ending.addEventListener("abort", close, { once: true });
        write(": connected\n\n");
        if (last !== undefined) catchUp();
        void ping(write, clock, ending);
      },
      cancel() {
        ended.abort();
        listening?.[Symbol.dispose]();
      },
    },
    { highWaterMark: 0 },
  );
}

async function ping(write: (text: string) => void, clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await clock.sleep(pingMs, signal);
      write(": ping\n\n");
    }
  } catch {
    // The connection has ended.
  }
}
