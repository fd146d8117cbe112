import type { AgentEvent, Emit } from "../agent/events.ts";
import { AppError, explain, isCancelled } from "../errors.ts";
import { noUsage } from "../providers/provider.ts";
import type { CallOptions, ControlClient } from "./control-client.ts";
import type {
  Conversation,
  ConversationApprovals,
  ConversationHands,
  ConversationOptions,
  ConversationPast,
  ConversationStatus,
  PersonMessage,
  SendOptions,
  TurnEnd,
} from "../turns/conversation.ts";

/** A conversation that the running gateway holds: the same turns, the same queue, one lease. */
export class RemoteConversation implements Conversation {
  readonly group: string;
  readonly past: ConversationPast;
  readonly hands: ConversationHands;
  readonly approvals: ConversationApprovals;
  readonly #client: ControlClient;

  static async open(
    client: ControlClient,
    { askAboutFolder, log: _, isLasting: __, ...options }: ConversationOptions,
    signal: AbortSignal,
  ): Promise<RemoteConversation> {
    const canAsk = askAboutFolder !== undefined;
    const group = await client.call("open", [{ ...options, canAsk }], {
      signal,
      onAsk: async (_name, [path]) => await askAboutFolder?.(String(path), signal),
    });
    return new RemoteConversation(client, String(group));
  }

  private constructor(client: ControlClient, group: string) {
    this.#client = client;
    this.group = group;
    this.past = {
      lastMessage: () => this.#call("lastMessage"),
      list: () => this.#call("list"),
      read: (session) => this.#call("read", [session]),
      resume: (session) => this.#call("resume", [session]),
      name: (name) => this.#call("name", [name]),
      compact: (keep, signal) => this.#call("compact", [keep], { signal }),
      usage: () => this.#call("usage"),
    };
    this.hands = {
      tools: () => this.#call("tools"),
      run: (command, emit, signal) => this.#call("run", [command], { signal, onEvent: emit }),
      files: {
        complete: (path, signal) => this.#call("complete", [path], { signal }),
        read: (path, signal) => this.#call("readFile", [path], { signal }),
      },
    };
    this.approvals = {
      list: () => this.#call("approvals"),
      find: (id) => this.#call("approval", [id]),
      decide: (id, answer) => this.#call("decide", [id, answer]),
      carryOut: (emit, signal) => this.#call("carryOut", [], { signal, onEvent: emit }),
    };
  }

  /** Resolves when the gateway is gone: nothing comes through it any more. */
  get closed(): Promise<void> {
    return this.#client.closed;
  }

  async send(
    message: string | PersonMessage,
    emit: Emit,
    signal: AbortSignal,
    { replacesLast = false, takeJoining }: SendOptions = {},
  ): Promise<TurnEnd> {
    let end: TurnEnd | undefined;
    const onEvent = async (event: AgentEvent): Promise<void> => {
      if (event.type === "turn-end") end = event;
      await emit(event);
    };
    const said = typeof message === "string" ? { text: message } : message;
    const onAsk = async (): Promise<unknown> => (await takeJoining?.(signal)) ?? [];
    try {
      return await this.#call("send", [said, { replacesLast, canJoin: takeJoining !== undefined }], {
        signal,
        onEvent,
        onAsk,
      });
    } catch (error) {
      const failed = end ?? toFailedEnd(error);
      if (end === undefined) await emit(failed);
      return failed;
    }
  }

  startNewSession(): Promise<void> {
    return this.#call("startNewSession");
  }

  describe(): Promise<ConversationStatus> {
    return this.#call("describe");
  }

  chooseModel(model: string | undefined): Promise<string> {
    return this.#call("chooseModel", [model]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client[Symbol.dispose]();
  }

  async #call<Value>(name: string, args: readonly unknown[] = [], options: CallOptions = {}): Promise<Value> {
    const value = await this.#client.call(name, args, options);
    if (!isAnswerOf<Value>(value)) throw new Error(`The gateway answers nothing to ${name}`);
    return value;
  }
}

/** Both ends are this program: the other's method of this name made it, and its type is this one's. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it is the caller who knows which
function isAnswerOf<Value>(_value: unknown): _value is Value {
  return true;
}

function toFailedEnd(error: unknown): TurnEnd {
  const end = { type: "turn-end", text: "", usage: noUsage } as const;
  if (isCancelled(error)) return { ...end, reason: "aborted" };
  const code = error instanceof AppError ? error.code : "bug";
  return { ...end, reason: "error", error: { code, ...explain(error) } };
}
