import type { Emit } from "../agent/events.ts";
import { AppError, explain } from "../errors.ts";
import { noUsage } from "../providers/provider.ts";
import type { UndoService } from "../snapshots/undo-service.ts";
import { gatewayWords } from "../words/english/gateway.ts";
import type {
  Conversation,
  ConversationApprovals,
  ConversationHands,
  ConversationOptions,
  ConversationPast,
  ConversationPlace,
  ConversationStatus,
  PersonMessage,
  SendOptions,
  TurnEnd,
} from "../turns/conversation.ts";
import type { RemoteConversation } from "../control/remote-conversation.ts";
import { WatchedTurn } from "./watched-turn.ts";

export interface MovingConversationOptions {
  readonly options: ConversationOptions;
  /** Through the gateway; undefined when none runs. */
  readonly attach: (options: ConversationOptions) => Promise<RemoteConversation | undefined>;
  readonly openAlone: (options: ConversationOptions) => Promise<LocalConversation>;
  /** Of the group, on this machine's own store. */
  readonly openUndo: (group: string) => Promise<UndoService & AsyncDisposable>;
  /** Calls back when a gateway may have started. */
  readonly watch: (onChange: () => void) => Disposable;
}

export interface LocalConversation extends Conversation {
  readonly past: ConversationPast;
  readonly hands: ConversationHands;
  readonly approvals: ConversationApprovals;
  undo(): Promise<UndoService>;
  /** In the background of its sandbox: they would end with it. */
  readonly runningJobs: number;
}

interface Attached {
  readonly type: "gateway";
  readonly conversation: RemoteConversation;
  isLost: boolean;
}

type Held = Attached | { readonly type: "alone"; readonly conversation: LocalConversation };

/**
 * A prompt's conversation: through the gateway while one runs, by itself while none does. It changes over between two turns,
 * with its session, its model and its folders; nothing that was entered is lost on the way.
 */
export class MovingConversation implements Conversation {
  readonly group: string;
  readonly past: ConversationPast;
  readonly hands: ConversationHands;
  readonly approvals: ConversationApprovals;
  readonly #options: MovingConversationOptions;
  readonly #watch: Disposable;
  /** How it would be opened again. */
  #opening: ConversationOptions;
  #held: Held;
  #users = 0;
  #mayAttach = false;
  #isClosed = false;
  #move: Promise<void> = Promise.resolve();
  #hear: (place: ConversationPlace) => void = () => {};
  #leaving: Promise<void> | undefined;
  #undo: (UndoService & AsyncDisposable) | undefined;
  #lastText: string | undefined;

  /** Attached where a gateway runs. */
  static async open(options: MovingConversationOptions): Promise<MovingConversation> {
    const attached = await options.attach(options.options);
    if (attached !== undefined) {
      return new MovingConversation(options, { type: "gateway", conversation: attached, isLost: false });
    }
    const conversation = await options.openAlone(options.options);
    return new MovingConversation(options, { type: "alone", conversation });
  }

  private constructor(options: MovingConversationOptions, held: Held) {
    this.#options = options;
    // Whoever was asked about a folder has answered, and his answer is remembered.
    const { askAboutFolder: _, ...opening } = options.options;
    this.#opening = opening;
    this.#held = held;
    this.group = held.conversation.group;
    if (held.type === "gateway") this.#watchLink(held);
    this.past = this.#createPast();
    this.hands = this.#createHands();
    this.approvals = this.#createApprovals();
    this.#watch = options.watch(() => {
      this.#mayAttach = true;
      this.#settle();
    });
  }

  onMove(hear: (place: ConversationPlace) => void): void {
    this.#hear = hear;
  }

  async send(
    said: string | PersonMessage,
    emit: Emit,
    signal: AbortSignal,
    options: SendOptions = {},
  ): Promise<TurnEnd> {
    return await this.#use(async (conversation) => {
      const message = typeof said === "string" ? { text: said } : said;
      const turn = new WatchedTurn(message, this.#lastText);
      const end = await conversation.send(message, turn.watch(emit), signal, turn.note(options));
      this.#lastText = message.text;
      this.#opening = { ...this.#opening, sawUntrusted: false };
      return turn.wasLost ? await this.#goOn(turn, emit, signal, options) : end;
    });
  }

  async startNewSession(): Promise<void> {
    await this.#use((conversation) => conversation.startNewSession());
  }

  async describe(): Promise<ConversationStatus> {
    return await this.#use((conversation) => conversation.describe());
  }

  async chooseModel(model: string | undefined): Promise<string> {
    const chosen = await this.#use((conversation) => conversation.chooseModel(model));
    const { model: _, ...opening } = this.#opening;
    this.#opening = model === undefined ? opening : { ...opening, model };
    return chosen;
  }

  async undo(): Promise<UndoService> {
    const alone = await this.#use(async () => {
      const held = this.#held;
      return held.type === "alone" ? await held.conversation.undo() : undefined;
    });
    if (alone !== undefined) return this.#keepFor(alone);
    this.#undo ??= await this.#options.openUndo(this.group);
    return this.#undo;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#watch[Symbol.dispose]();
    await this.#move;
    await this.#undo?.[Symbol.asyncDispose]();
    await this.#held.conversation[Symbol.asyncDispose]();
  }

  /** What is prepared stays where it was until it is done or given up. */
  #keepFor(service: UndoService): UndoService {
    return {
      list: () => this.#use(() => service.list()),
      prepare: async (...wish) => {
        this.#users++;
        const leave = (): void => {
          this.#users--;
          this.#settle();
        };
        const prepared = await service.prepare(...wish).catch((error: unknown) => {
          leave();
          throw error;
        });
        if (prepared === undefined) {
          leave();
          return undefined;
        }
        return {
          target: prepared.target,
          summary: prepared.summary,
          changes: prepared.changes,
          apply: (signal) => prepared.apply(signal),
          [Symbol.asyncDispose]: async () => {
            await prepared[Symbol.asyncDispose]();
            leave();
          },
        };
      },
    };
  }

  async #use<T>(work: (conversation: Held["conversation"]) => Promise<T>): Promise<T> {
    await this.#move;
    this.#users++;
    try {
      if (this.#held.type === "gateway" && this.#held.isLost) await this.#goAlone();
      return await work(this.#held.conversation);
    } finally {
      this.#users--;
      this.#settle();
    }
  }

  /** Between two uses: goes where it belongs. */
  #settle(): void {
    this.#move = this.#move.then(async () => {
      if (this.#users > 0 || this.#isClosed) return;
      const { log } = this.#options.options;
      try {
        if (this.#held.type === "gateway") {
          if (this.#held.isLost) await this.#goAlone();
        } else if (this.#mayAttach && this.#held.conversation.runningJobs === 0) {
          this.#mayAttach = false;
          await this.#goOver(this.#held.conversation);
        }
      } catch (error) {
        // The next use tries again, and says what is in the way.
        log.warn("a conversation could not change its place", { error });
      }
    });
  }

  async #goOver(alone: LocalConversation): Promise<void> {
    const conversation = await this.#options.attach(this.#opening);
    if (conversation === undefined) return;
    const [here, there] = await Promise.all([alone.describe(), conversation.describe()]);
    // The gateway may know other keys than the terminal it was not started in.
    if (here.model !== there.model || here.provider !== there.provider) {
      await conversation[Symbol.asyncDispose]();
      return this.#hear("stays");
    }
    this.#watchLink((this.#held = { type: "gateway", conversation, isLost: false }));
    await alone[Symbol.asyncDispose]();
    this.#hear("gateway");
  }

  /** Once, whoever finds the gateway gone. */
  async #goAlone(): Promise<void> {
    this.#leaving ??= this.#leave().finally(() => (this.#leaving = undefined));
    await this.#leaving;
  }

  async #leave(): Promise<void> {
    const lost = this.#held;
    if (lost.type === "alone" || !lost.isLost) return;
    const { attach, openAlone } = this.#options;
    // One that was started again is there already.
    const attached = await attach(this.#opening).catch(() => undefined);
    if (attached === undefined) {
      this.#held = { type: "alone", conversation: await openAlone(this.#opening) };
      this.#hear("alone");
    } else {
      this.#watchLink((this.#held = { type: "gateway", conversation: attached, isLost: false }));
    }
    await lost.conversation[Symbol.asyncDispose]();
  }

  #watchLink(held: Attached): void {
    void held.conversation.closed.then(() => {
      held.isLost = true;
      if (this.#held === held) this.#settle();
    });
  }

  /** After a turn whose gateway is gone: what that had not taken is said again, by ourselves. Never rejects, as `send`. */
  async #goOn(turn: WatchedTurn, emit: Emit, signal: AbortSignal, options: SendOptions): Promise<TurnEnd> {
    try {
      await this.#goAlone();
      const { conversation } = this.#held;
      const rest = turn.findUntaken((await conversation.past.lastMessage())?.text ?? "");
      if (rest !== undefined) {
        const { replacesLast = false, ...more } = options;
        const isWhole = rest.text.startsWith(turn.message.text);
        return await conversation.send(rest, emit, signal, {
          ...more,
          replacesLast: replacesLast && isWhole,
        });
      }
      throw new AppError("network", gatewayWords.endedInTurn());
    } catch (error) {
      const code = error instanceof AppError ? error.code : "bug";
      const end = { type: "turn-end", text: "", usage: noUsage, reason: "error" } as const;
      const failed: TurnEnd = { ...end, error: { code, ...explain(error) } };
      await emit(failed);
      return failed;
    }
  }

  #createPast(): ConversationPast {
    const use = async <T>(work: (past: ConversationPast) => Promise<T>): Promise<T> =>
      await this.#use((conversation) => work(conversation.past));
    return {
      lastMessage: () => use((past) => past.lastMessage()),
      list: () => use((past) => past.list()),
      read: (session) => use((past) => past.read(session)),
      resume: async (session) => {
        const resumed = await use((past) => past.resume(session));
        const { session: _, ...opening } = this.#opening;
        this.#opening = opening;
        return resumed;
      },
      name: async (name) => {
        const named = await use((past) => past.name(name));
        if (this.#opening.session !== undefined && named.name !== undefined) {
          this.#opening = { ...this.#opening, session: named.name };
        }
        return named;
      },
      compact: (keep, signal) => use((past) => past.compact(keep, signal)),
      usage: () => use((past) => past.usage()),
    };
  }

  #createHands(): ConversationHands {
    const use = async <T>(work: (hands: ConversationHands) => Promise<T>): Promise<T> =>
      await this.#use((conversation) => work(conversation.hands));
    return {
      tools: () => use((hands) => hands.tools()),
      run: (command, emit, signal) => use((hands) => hands.run(command, emit, signal)),
      files: {
        complete: (path, signal) => use((hands) => hands.files.complete(path, signal)),
        read: (path, signal) => use((hands) => hands.files.read(path, signal)),
      },
    };
  }

  #createApprovals(): ConversationApprovals {
    const use = async <T>(work: (approvals: ConversationApprovals) => Promise<T>): Promise<T> =>
      await this.#use((conversation) => work(conversation.approvals));
    return {
      list: () => use((approvals) => approvals.list()),
      find: (id) => use((approvals) => approvals.find(id)),
      decide: (id, answer) => use((approvals) => approvals.decide(id, answer)),
      carryOut: (emit, signal) => use((approvals) => approvals.carryOut(emit, signal)),
    };
  }
}
