import type { Channel, ChannelSetting, OutgoingReply, Receipt, Receiver, StoredReply } from "../channel.ts";
import { AppError } from "../../errors.ts";
import { toErrorResponse, toFileResponse, toReplyJson } from "./format.ts";
import { parseMessage } from "./parse-message.ts";
import { ReplyHub, type AnswerWait } from "./reply-hub.ts";
import { streamChat } from "./stream-chat.ts";

const largestFile = 50_000_000;

/**
 * JSON in, JSON and server-sent events out, for scripts and pages: they fetch, so a reply has been sent as soon as it can
 * be fetched. Whoever reaches a route holds the owner's token.
 */
export function createHttpChannel(setting: ChannelSetting): Channel {
  const hub = new ReplyHub();
  const { clock, readReplies, readAnswers } = setting;

  async function post(receiver: Receiver, request: Request, signal: AbortSignal): Promise<Response> {
    const parsed = await parseMessage(request);
    if (!parsed.isValid) return toErrorResponse(parsed.status, parsed.problem);
    const { message, waitMs } = parsed;
    // Before it is received: an answer may be quicker than we are.
    const answer = waitMs > 0 ? hub.waitForAnswer(message.chat) : undefined;
    try {
      const receipt = await receiver.receive(message);
      if (receipt.type === "declined") return toErrorResponse(403, receipt.reason);
      if (answer === undefined) return toResponse(receipt, []);
      return toResponse(receipt, await waitForAnswers(receipt.message, answer, waitMs, signal));
    } finally {
      answer?.[Symbol.dispose]();
    }
  }

  async function waitForAnswers(
    message: number,
    news: AnswerWait,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<readonly StoredReply[]> {
    const deadline = clock.monotonic() + waitMs;
    for (;;) {
      const answers = await readAnswers(message);
      const leftMs = deadline - clock.monotonic();
      if (answers.length > 0 || leftMs <= 0) return answers;
      await news.next(leftMs, clock, signal);
    }
  }

  return {
    name: "http",
    account: "default",
    traits: { authenticatesSenders: true, isIdempotent: true, maxCharacters: 1_000_000, isFetched: true },
    async start(receiver, signal) {
      setting.addRoute({
        method: "POST",
        path: "/api/messages",
        purpose: "send",
        handle: (request, stop) => post(receiver, request, stop),
      });
      setting.addRoute({
        method: "GET",
        path: "/api/events",
        purpose: "read",
        handle: async (request, stop) =>
          streamChat(request, { hub, clock, readReplies }, AbortSignal.any([stop, signal])),
      });
      setting.addRoute({
        method: "GET",
        path: "/api/replies",
        purpose: "read",
        handle: async (request) => {
          const { searchParams } = new URL(request.url);
          const after = Number(searchParams.get("after") ?? 0);
          if (!Number.isSafeInteger(after)) return toErrorResponse(400, "after is no whole number");
          const replies = await readReplies(searchParams.get("chat") ?? "default", Math.max(after, 0), 100);
          return Response.json({ replies: replies.map(toReplyJson) });
        },
      });
      setting.addRoute({
        method: "GET",
        path: "/api/files",
        purpose: "read",
        handle: async (request) => {
          const reply = Number(new URL(request.url).searchParams.get("reply") ?? "");
          if (!Number.isSafeInteger(reply) || reply < 1) return toErrorResponse(400, "reply is no number");
          const file = await setting.readFile(reply);
          return file === undefined
            ? toErrorResponse(404, `reply ${reply} has no file, or no longer`)
            : toFileResponse(file);
        },
      });
      receiver.connected();
      if (!signal.aborted) {
        await new Promise<void>((resolve) =>
          signal.addEventListener("abort", () => resolve(), { once: true }),
        );
      }
      hub.close();
    },
    async send(chat: string, reply: OutgoingReply) {
      hub.announceReply(chat, reply.id);
      return { type: "sent", platformId: reply.key };
    },
    files: {
      maxBytes: largestFile,
      isFetched: true,
      fetch: (reference) =>
        Promise.reject(new AppError("not-found", `Nothing was sent to us as ${reference}.`)),
      async send(chat, reply) {
        hub.announceReply(chat, reply.id);
        return { type: "sent", platformId: reply.key };
      },
    },
    stream: { isHeard: (chat) => hub.isHeard(chat), show: (chat, event) => hub.show(chat, event) },
  };
}

function toResponse(
  { message, type }: Exclude<Receipt, { type: "declined" }>,
  answers: readonly StoredReply[],
): Response {
  const replies = answers.map(toReplyJson);
  return Response.json(
    { message, isNew: type === "accepted", replies },
    { status: replies.length === 0 ? 202 : 200 },
  );
}
