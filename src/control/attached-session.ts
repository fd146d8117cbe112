import type { AgentEvent } from "../agent/events.ts";
import { AppError } from "../errors.ts";
import { isShutdown } from "../gateway/shutdown.ts";
import type { GroupId } from "../store/ids.ts";
import { findGroup } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import type {
  AskAboutFolder,
  Conversation,
  ConversationOptions,
  FolderAnswer,
  PersonMessage,
} from "../turns/conversation.ts";
import { gatewayWords } from "../words/english/gateway.ts";
import type { CallContext, ControlSession } from "./control-server.ts";
import type { GroupQueue } from "../gateway/group-queue.ts";

export interface AttachedSessionOptions {
  readonly store: Store;
  readonly queue: GroupQueue;
  readonly openConversation: (
    options: Omit<ConversationOptions, "log">,
    tell: (text: string) => void,
    signal: AbortSignal,
  ) => Promise<Conversation>;
  /** Asks `authorize()` for the owner of the socket, and records it. Throws `AppError("denied")`. */
  readonly allow: (call: string) => Promise<void>;
  /** What another program of the owner's has changed in the store. */
  readonly wake: (group: GroupId) => void;
  /** Groups were renamed or removed. */
  readonly regroup: () => Promise<void>;
}

type Method = (
  conversation: Conversation,
  args: readonly unknown[],
  context: CallContext,
) => Promise<unknown>;

/** What a person at a terminal does with a group, done by the gateway: one conversation for each connection. */
export class AttachedSession implements ControlSession {
  readonly #options: AttachedSessionOptions;
  #conversation: Conversation | undefined;

  constructor(options: AttachedSessionOptions) {
    this.#options = options;
  }

  async call(name: string, args: readonly unknown[], context: CallContext): Promise<unknown> {
    await this.#options.allow(name);
    if (name === "open") return await this.#open(args[0], context);
    if (name === "wake") return await this.#wake(String(args[0]));
    if (name === "regroup") return await this.#options.regroup();
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (method === undefined) throw new AppError("usage", `There is no call "${name}".`);
    if (this.#conversation === undefined) throw new AppError("usage", "No conversation is open.");
    const conversation = this.#conversation;
    if (name === "decide") return await this.#decide(conversation, args, context);
    if (!turnMethods.has(name)) return await method(conversation, args, context);
    return await this.#inQueue(conversation.group, context, (signal) =>
      method(conversation, args, { ...context, signal }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#conversation?.[Symbol.asyncDispose]();
  }

  async #open(given: unknown, { ask, tell, signal }: CallContext): Promise<string> {
    if (!isOpening(given)) throw new AppError("usage", "A conversation is opened with its options.");
    const { canAsk, ...options } = given;
    const askAboutFolder: AskAboutFolder = async (path) => toFolderAnswer(await ask("folder", path));
    const conversation = await this.#options.openConversation(
      canAsk ? { ...options, askAboutFolder } : options,
      tell,
      signal,
    );
    await this.#conversation?.[Symbol.asyncDispose]();
    this.#conversation = conversation;
    return conversation.group;
  }

  /** What was allowed for a chat, or in another group, is the gateway's to carry out. */
  async #decide(
    conversation: Conversation,
    args: readonly unknown[],
    context: CallContext,
  ): Promise<unknown> {
    const decided = await methods["decide"]?.(conversation, args, context);
    const group =
      typeof decided === "object" && decided !== null && "group" in decided ? String(decided.group) : "";
    await this.#wake(group);
    return decided;
  }

  async #wake(name: string): Promise<void> {
    const group = await findGroup(this.#options.store.database, name);
    if (group !== undefined) this.#options.wake(group.id);
  }

  /** With the group's other turns, in their order. */
  async #inQueue<T>(
    name: string,
    { signal }: CallContext,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { store, queue } = this.#options;
    const group = await findGroup(store.database, name);
    if (group === undefined) throw new AppError("not-found", `The group "${name}" is no longer there.`);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    void queue.run(group.id, "people", async (stop) => {
      try {
        signal.throwIfAborted();
        resolve(await work(AbortSignal.any([signal, stop])));
      } catch (error) {
        reject(error);
      }
    });
    // What a gateway that stops never begins is not refused: whoever said it finds the gateway gone, and says it elsewhere.
    const leave = (): void => reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    return await promise.finally(() => signal.removeEventListener("abort", leave));
  }
}

/** These are turns, or change what a turn stands on. */
const turnMethods: ReadonlySet<string> = new Set(["send", "run", "compact", "carryOut"]);

/** All that can be called, for whoever has to know all of it. */
export function listControlCalls(): readonly string[] {
  return ["open", "wake", ...Object.keys(methods)];
}

const methods: Readonly<Record<string, Method>> = {
  send: async (conversation, [said, options], { emit, ask, signal }) => {
    const { replacesLast, canJoin } = toSendOptions(options);
    const takeJoining = async (): Promise<readonly PersonMessage[]> => toMessages(await ask("join"));
    const more = { replacesLast, ...(canJoin ? { takeJoining } : {}) };
    const explaining = (event: AgentEvent): void | Promise<void> => emit(explainStop(event, signal));
    return explainStop(await conversation.send(toMessage(said), explaining, signal, more), signal);
  },
  startNewSession: (conversation) => conversation.startNewSession(),
  describe: (conversation) => conversation.describe(),
  chooseModel: (conversation, [model]) =>
    conversation.chooseModel(typeof model === "string" ? model : undefined),
  lastMessage: async ({ past }) => await past?.lastMessage(),
  list: async ({ past }) => await past?.list(),
  read: async ({ past }, [session]) => await past?.read(String(session)),
  resume: async ({ past }, [session]) => await past?.resume(String(session)),
  name: async ({ past }, [name]) => await past?.name(String(name)),
  compact: async ({ past }, [keep], { signal }) => await past?.compact(String(keep), signal),
  usage: async ({ past }) => await past?.usage(),
  tools: async ({ hands }) => await hands?.tools(),
  run: async ({ hands }, [command], { emit, signal }) => await hands?.run(String(command), emit, signal),
  approvals: async ({ approvals }) => await approvals?.list(),
  approval: async ({ approvals }, [id]) => await approvals?.find(Number(id)),
  decide: async ({ approvals }, [id, answer]) => {
    if (answer !== "once" && answer !== "always" && answer !== "no") {
      throw new AppError("usage", "The answer is once, always or no.");
    }
    return await approvals?.decide(Number(id), answer);
  },
  carryOut: async ({ approvals }, _, { emit, signal }) => await approvals?.carryOut(emit, signal),
  complete: async ({ hands }, [path], { signal }) => await hands?.files.complete(String(path), signal),
  readFile: async ({ hands }, [path], { signal }) => await hands?.files.read(String(path), signal),
};

/** A turn that the end of the gateway has cut says so: whoever sits there has stopped nothing. */
function explainStop<Event extends AgentEvent>(event: Event, signal: AbortSignal): Event {
  if (event.type !== "turn-end" || event.reason !== "aborted" || !isShutdown(signal.reason)) return event;
  const error = { code: "network", ...gatewayWords.stoppedInTurn() } as const;
  return { ...event, reason: "error", error };
}

type Opening = Omit<ConversationOptions, "log" | "askAboutFolder"> & { readonly canAsk: boolean };

function isOpening(value: unknown): value is Opening {
  return (
    typeof value === "object" &&
    value !== null &&
    "currentFolder" in value &&
    typeof value.currentFolder === "string" &&
    "folders" in value &&
    Array.isArray(value.folders)
  );
}

function toFolderAnswer(value: unknown): FolderAnswer {
  return value === "read" || value === "write" ? value : "none";
}

function toSendOptions(value: unknown): { readonly replacesLast: boolean; readonly canJoin: boolean } {
  const has = (name: string): boolean =>
    typeof value === "object" &&
    value !== null &&
    Object.getOwnPropertyDescriptor(value, name)?.value === true;
  return { replacesLast: has("replacesLast"), canJoin: has("canJoin") };
}

function toMessages(value: unknown): readonly PersonMessage[] {
  return Array.isArray(value) ? value.map(toMessage) : [];
}

function toMessage(value: unknown): PersonMessage {
  if (isMessage(value)) return value;
  throw new AppError("usage", "A message has a text.");
}

function isMessage(value: unknown): value is PersonMessage {
  return typeof value === "object" && value !== null && "text" in value && typeof value.text === "string";
}
