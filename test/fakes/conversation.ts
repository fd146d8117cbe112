import type { Emit } from "../../src/agent/events.ts";
import { AppError } from "../../src/errors.ts";
import type {
  Conversation,
  ConversationOptions,
  ConversationStatus,
  PersonMessage,
  TurnEnd,
} from "../../src/turns/conversation.ts";
import type { UndoService } from "../../src/snapshots/undo-service.ts";
import { createFakeUndo } from "./undo.ts";
import { noUsage, type AssistantMessage, type Usage } from "../../src/providers/provider.ts";

const usage: Usage = { ...noUsage, inputTokens: 12, outputTokens: 3 };

/**
 * A conversation without a model. It echoes what it is told, in two pieces, and obeys words at its beginning:
 * `slow` waits for `signal`, `tool` runs one first, `fail` ends in an error after half an answer, `limit` stops at
 * one, `raw` answers with the rest read as a JSON string, `long` answers with very many lines, `hang` streams the rest,
 * a JSON string, piece by piece and then waits for `signal`.
 */
export class FakeConversation implements Conversation {
  readonly group: string;
  readonly options: ConversationOptions;
  readonly sent: string[] = [];
  /** What was wished for, and the end of each: `yes` or `no`. */
  readonly undone: string[] = [];
  isDisposed = false;
  #session = 1;
  #model: string;

  constructor(options: ConversationOptions) {
    this.options = options;
    this.group = options.group ?? "main";
    this.#model = options.model ?? "fake-1";
  }

  async send(message: string | PersonMessage, emit: Emit, signal: AbortSignal): Promise<TurnEnd> {
    const text = typeof message === "string" ? message : message.text;
    this.sent.push(text);
    const session = this.options.session ?? `s${this.#session}`;
    await emit({ type: "turn-start", turn: "t1", group: this.group, session, model: this.#model });
    await emit({ type: "step-start", step: 1 });
    const end = await this.#answer(text, emit, signal);
    await emit(end);
    return end;
  }

  async #answer(text: string, emit: Emit, signal: AbortSignal): Promise<TurnEnd> {
    const [word = "", ...rest] = text.split(" ");
    switch (word) {
      case "slow":
        await emit({ type: "text-delta", text: "Let me think" });
        await untilAborted(signal);
        return toEnd("aborted", "Let me think");
      case "tool":
        await runTool(emit);
        return await say(`ran it: ${rest.join(" ")}`, emit);
      case "fail":
        await emit({ type: "text-delta", text: "half an ans" });
        return {
          ...toEnd("error", "half an ans"),
          error: { code: "network", message: "The connection was cut.", hint: "Try again." },
        };
      case "limit":
        await emit({ type: "notice", text: "Stopped at 20 steps." });
        return { ...(await say("so far", emit)), reason: "limit" };
      case "raw":
        return await say(String(JSON.parse(rest.join(" "))), emit);
      case "long":
        for (let line = 0; line < 100_000 && !signal.aborted; line++) {
          await emit({ type: "text-delta", text: `line ${line}\n` });
        }
        return toEnd(signal.aborted ? "aborted" : "done", "line 0\n".repeat(100_000));
      case "hang": {
        const answer = String(JSON.parse(rest.join(" ")));
        for (let place = 0; place < answer.length && !signal.aborted; place += 7) {
          await emit({ type: "text-delta", text: answer.slice(place, place + 7) });
          await new Promise((resolve) => setImmediate(resolve));
        }
        await untilAborted(signal);
        return toEnd("aborted", answer);
      }
      case "bug":
        throw new TypeError("undefined is not a function");
      default:
        return await say(`you said: ${text}`, emit);
    }
  }

  async startNewSession(): Promise<void> {
    this.#session += 1;
  }

  async describe(): Promise<ConversationStatus> {
    return {
      group: this.group,
      session: this.options.session ?? `s${this.#session}`,
      model: this.#model,
      provider: "fake",
      entries: this.sent.length * 2,
      usage,
      sandbox: "none",
      sharedFolders: this.options.folders,
    };
  }

  async chooseModel(model = "fake-1"): Promise<string> {
    if (!model.startsWith("fake-")) throw new AppError("not-found", `Unknown model "${model}".`);
    this.#model = model;
    return model;
  }

  async undo(): Promise<UndoService> {
    return createFakeUndo(this.undone);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isDisposed = true;
  }
}

async function say(text: string, emit: Emit): Promise<TurnEnd> {
  const half = Math.ceil(text.length / 2);
  await emit({ type: "text-delta", text: text.slice(0, half) });
  await emit({ type: "text-delta", text: text.slice(half) });
  const message: AssistantMessage = { role: "assistant", content: [{ type: "text", text }] };
  await emit({ type: "message-end", message, usage, wasCut: false });
  return toEnd("done", text);
}

async function runTool(emit: Emit): Promise<void> {
  const call = { callId: "c1", name: "shell", title: "$ npm test" };
  await emit({ type: "text-delta", text: "I will test it." });
  await emit({ type: "tool-start", ...call, arguments: '{"command":"npm test"}' });
  await emit({ type: "tool-progress", callId: "c1", text: "running" });
  await emit({
    type: "tool-end",
    message: { role: "tool", callId: "c1", name: "shell", content: "1 failed", isError: true },
    title: call.title,
    durationMs: 12_400,
    details: { exitCode: 1 },
  });
}

function toEnd(reason: TurnEnd["reason"], text: string): TurnEnd {
  return { type: "turn-end", reason, text, usage };
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  // Only a held event loop keeps a real turn alive; so does this one.
  const socket = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  socket.stop(true);
}
