import type { Emit } from "../agent/events.ts";
import type { LoopLimits } from "../agent/limits.ts";
import type { Actor } from "../authority/actor.ts";
import type { Authority } from "../authority/decision.ts";
import { clean, joinTaint, parseTaintBits } from "../authority/taint.ts";
import type { TimeZone } from "../clock.ts";
import { AppError } from "../errors.ts";
import type {
  Sandbox,
  SandboxMount,
  SandboxNetwork,
  SandboxPaths,
  SandboxProbe,
} from "../sandbox/sandbox.ts";
import type { Compaction } from "../sessions/compact-session.ts";
import { findReached, type BudgetLimits } from "../sessions/day-budget.ts";
import type { PersonFiles } from "../sessions/person-files.ts";
import { withRight } from "../sessions/session-place.ts";
import type { KeepFiles } from "../snapshots/turn-snapshots.ts";
import type { BackgroundJobs } from "../snapshots/undo.ts";
import type { UndoService } from "../snapshots/undo-service.ts";
import { measureContext } from "../store/context-size.ts";
import type { Holder } from "../store/holder.ts";
import type { SessionId } from "../store/ids.ts";
import { openSession, startSession, type Session } from "../store/sessions.ts";
import { promptWords } from "../words/english/prompt.ts";
import type {
  Conversation,
  ConversationApprovals,
  ConversationHands,
  ConversationPast,
  ConversationStatus,
  PersonMessage,
  SendOptions,
  TurnEnd,
} from "./conversation.ts";
import type { SummedUp } from "../hearing/gather.ts";
import type { CompactRequest } from "../slash/chat-desk.ts";
import { createBudgetedProvider } from "./budgeted-provider.ts";
import type { ReadDocument } from "../tools/files/read-document.ts";
import { GroupEgress, type GroupEgressOptions } from "./group-egress.ts";
import { readGroupInstructions } from "./group-instructions.ts";
import type { KeepFile } from "../incoming/receive-files.ts";
import { enterSandbox, SessionTools, type MoreTools } from "./session-tools.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { ModelInUse } from "./model-in-use.ts";
import type { Glimpse, GlimpseRequest } from "./glimpse.ts";
import { createApprovals } from "./create-approvals.ts";
import { runTurn, type TurnOptions } from "./turn.ts";
import { TurnTaint } from "./turn-taint.ts";

export interface GroupConversationOptions extends GroupEgressOptions {
  readonly authority: Authority;
  readonly holder: Holder;
  readonly timeZone: TimeZone;
  /** Where the owner's instruction files of the group lie. */
  readonly folder: string;
  readonly sessionName?: string;
  readonly model: ModelInUse;
  /** By which name it was asked for; without one the configuration said so. */
  readonly modelName?: string;
  /** What the configuration says now, without a name. */
  readonly findModel: (name: string | undefined) => Promise<ModelInUse>;
  readonly limits: LoopLimits;
  /** What models may cost in a day; without it, nobody counts. */
  readonly budget?: BudgetLimits;
  /** A session that holds more tokens is summed up before its next turn; without it, never by itself. */
  readonly shortenAt?: number;
  readonly mounts: readonly SandboxMount[];
  /** Whether the folder where the person stands is one of them. */
  readonly isHereShared: boolean;
  readonly paths: SandboxPaths;
  readonly openSandbox: (session: SessionId, network: SandboxNetwork) => Promise<Sandbox>;
  /** In the background of a session, at once. */
  readonly mostJobs?: number;
  /** Beside the standard ones: those that reach chats, groups and tasks. */
  readonly moreTools?: MoreTools;
  /** The words of a document that lies in the workspace. */
  readonly readDocument?: ReadDocument;
  readonly probeSandbox: (signal: AbortSignal) => Promise<SandboxProbe & { readonly name: string }>;
  readonly keepFiles: KeepFiles;
  readonly openUndo: (jobs: BackgroundJobs, actor?: Actor) => Promise<UndoService>;
  /** The first message carries content that is not the person's own words. */
  readonly sawUntrusted: boolean;
  /** Where the person stands, and their home: what paths that they write mean. */
  readonly currentFolder: string;
  readonly homeFolder: string;
  /** What the conversation was made of; closed with it. */
  readonly belongings?: AsyncDisposable;
}

/** A conversation with a group on this machine's own store. */
export class GroupConversation implements Conversation {
  readonly #options: GroupConversationOptions;
  readonly past: ConversationPast;
  readonly hands: ConversationHands;
  readonly approvals: ConversationApprovals;
  #model: ModelInUse;
  #modelName: string | undefined;
  #sessionName: string | undefined;
  #sawUntrusted: boolean;
  #wasTooLong = false;
  #tools: SessionTools | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: GroupConversationOptions) {
    this.#options = options;
    this.#model = this.#withBudget(options.model);
    this.#modelName = options.modelName;
    this.#sessionName = options.sessionName;
    this.#sawUntrusted = options.sawUntrusted;
    this.past = this.#createPast();
    this.hands = this.#createHands();
    this.approvals = createApprovals(options, (emit, signal) =>
      this.#inOrder(() => this.#carryOut(emit, signal)),
    );
  }

  get group(): string {
    return this.#options.group.name;
  }

  get runningJobs(): number {
    return this.#tools?.runningJobs ?? 0;
  }

  send(
    said: string | PersonMessage,
    emit: Emit,
    signal: AbortSignal,
    options: SendOptions = {},
  ): Promise<TurnEnd> {
    // One after the other: a lease that is ours when a turn begins is one whose end could not be written.
    return this.#inOrder(() => this.#sendNow(said, emit, signal, options));
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** A turn over what came through the group's chats. Whoever asks sees to it that no other of the group runs. */
  async answer(request: ChatRequest, emit: Emit, signal: AbortSignal): Promise<TurnEnd> {
    const { taint, isTooLong = false, ...options } = request;
    this.#wasTooLong ||= isTooLong;
    await this.#shortenIfFull(emit, signal);
    const turn = await this.#toTurn(options);
    return await this.#watch(runTurn({ text: "", taint, replacesLast: false }, turn, emit, signal));
  }

  /** In a few words, by the group's model and without anything of the conversation. */
  async sumUp(text: string, signal: AbortSignal): Promise<SummedUp> {
    const { sumUpOverheard } = await import("../hearing/sum-up.ts");
    return await sumUpOverheard(text, this.#model, signal);
  }

  /** The model of its next turns: by name, or what the configuration says. Whoever asks has seen to the right. */
  async followModel(name: string | undefined): Promise<void> {
    if (name === this.#modelName) return;
    this.#model = this.#withBudget(await this.#options.findModel(name));
    this.#modelName = name;
  }

  /** For somebody who wrote so in a chat. Whoever asks sees to it that no turn of the group runs. */
  async compactFor({ actor, keep, record }: CompactRequest, signal: AbortSignal): Promise<void> {
    await this.#compact({ ...this.#options, actor }, keep, signal, record);
  }

  readonly keepFile: KeepFile = async (file, from, signal) => {
    const place = { ...this.#options, session: await this.#session(), toolsFor: this.#toolsFor };
    const { keepIncoming } = await import("./keep-incoming.ts");
    return await keepIncoming(file, from, place, signal);
  };

  async glimpse(request: GlimpseRequest, signal: AbortSignal): Promise<Glimpse> {
    const place = { ...this.#options, toolsFor: this.#toolsFor };
    const { glimpse } = await import("./glimpse.ts");
    return await glimpse(await this.#session(), request, place, signal);
  }

  async #sendNow(
    said: string | PersonMessage,
    emit: Emit,
    signal: AbortSignal,
    { replacesLast = false, takeJoining }: SendOptions,
  ): Promise<TurnEnd> {
    const message = typeof said === "string" ? { text: said } : said;
    // What a picture shows was made by anybody.
    const hasPictures = (message.images ?? []).length > 0;
    const sawUntrusted = hasPictures || this.#sawUntrusted;
    const input = {
      ...message,
      taint: joinTaint(message.taint ?? clean, { ...clean, sawUntrusted }),
      replacesLast,
    };
    this.#sawUntrusted = false;
    if (!replacesLast) await this.#shortenIfFull(emit, signal);
    const turn = await this.#toTurn(takeJoining === undefined ? {} : { takeJoining });
    return await this.#watch(runTurn(input, turn, emit, signal));
  }

  async #watch(turn: Promise<TurnEnd>): Promise<TurnEnd> {
    const end = await turn;
    if (end.error?.code === "too-long") this.#wasTooLong = true;
    return end;
  }

  /** Between two turns, so that no turn is stopped by it. Where it fails the turn goes on with all of it. */
  async #shortenIfFull(emit: Emit, signal: AbortSignal): Promise<void> {
    const { store, shortenAt = Number.POSITIVE_INFINITY, log } = this.#options;
    const session = await this.#session();
    const tokens = await measureContext(store.database, session.id);
    if (!this.#wasTooLong && tokens < shortenAt) return;
    this.#wasTooLong = false;
    try {
      const { entries } = await this.#compact(this.#options, "", signal);
      await emit({
        type: "notice",
        text: `The conversation was long: ${entries} entries of it are a summary now.`,
      });
    } catch (error) {
      if (!signal.aborted) log.warn("a conversation could not be summed up", { session: session.id, error });
    }
  }

  #withBudget(model: ModelInUse): ModelInUse {
    const { budget, group, store, clock } = this.#options;
    if (budget === undefined) return model;
    const provider = createBudgetedProvider(model.provider, group.name, () =>
      findReached(store, group, budget, clock.now()),
    );
    return { ...model, provider };
  }

  async #toTurn(more: Partial<Omit<ChatRequest, "taint" | "isTooLong">>): Promise<TurnOptions> {
    const { provider, model, maxTokens, temperature, thinking } = this.#model;
    const { sessionName: _, ...options } = this.#options;
    return {
      ...options,
      ...(this.#sessionName === undefined ? {} : { sessionName: this.#sessionName }),
      provider,
      model,
      maxTokens,
      ...(temperature === undefined ? {} : { temperature }),
      ...(thinking === undefined ? {} : { thinking }),
      instructions: await readGroupInstructions(options),
      toolsFor: this.#toolsFor,
      ...more,
    };
  }

  async startNewSession(): Promise<void> {
    if (this.#sessionName !== undefined) {
      throw new AppError("usage", promptWords.sessionStays({ name: this.#sessionName }));
    }
    const { group } = this.#options;
    await withRight(this.#options, "session.new", "current session", async () => {});
    const { archiveCurrent } = await import("../sessions/archive-session.ts");
    await archiveCurrent(this.#options);
    await withRight(this.#options, "session.new", "current session", (tx, now) =>
      startSession(tx, group.id, now),
    );
  }

  async describe(): Promise<ConversationStatus> {
    await withRight(this.#options, "status.read", "this conversation", async () => {});
    const { describeConversation } = await import("./describe-conversation.ts");
    return await describeConversation(this.#options, await this.#session(), this.#model);
  }

  async chooseModel(name: string | undefined): Promise<string> {
    await withRight(this.#options, "model.choose", name ?? "as configured", async () => {});
    this.#model = this.#withBudget(await this.#options.findModel(name));
    return this.#model.model;
  }

  /** By the owner at the terminal, or by somebody else who wrote so. */
  async undo(actor?: Actor): Promise<UndoService> {
    const jobs = { count: () => this.#tools?.runningJobs ?? 0, end: () => this.#closeTools() };
    return await this.#options.openUndo(jobs, actor);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closeTools();
    await this.#options.belongings?.[Symbol.asyncDispose]();
  }

  /** Loaded when they are asked for: one message and its answer need none of it. */
  #createPast(): ConversationPast {
    const place = this.#options;
    const shelf = async () => await import("../sessions/session-shelf.ts");
    const current = async (): Promise<string> => `#${(await this.#session()).id}`;
    return {
      lastMessage: async () => {
        const { findLastMessage } = await import("../sessions/last-message.ts");
        return await findLastMessage(place, (await this.#session()).id);
      },
      list: async () => await (await shelf()).listSessions(place),
      read: async (session) =>
        await (await shelf()).readSession(place, session === "" ? await current() : session),
      resume: async (session) => {
        const resumed = await (await shelf()).resumeSession(place, session);
        this.#sessionName = undefined;
        return resumed;
      },
      name: async (name) => {
        const named = await (await shelf()).nameSession(place, await current(), name);
        if (this.#sessionName !== undefined) this.#sessionName = named.name;
        return named;
      },
      compact: async (keep, signal) => await this.#compact(place, keep, signal),
      usage: async () => {
        const { readUsage } = await import("../sessions/read-usage.ts");
        return await readUsage(place, (await this.#session()).id);
      },
    };
  }

  async #compact(
    place: GroupConversationOptions,
    keep: string,
    signal: AbortSignal,
    record?: CompactRequest["record"],
  ): Promise<Compaction> {
    const { compactSession } = await import("../sessions/compact-session.ts");
    const session = await this.#session();
    const { tools } = await this.#toolsFor(session);
    const more = record === undefined ? {} : { record };
    return await compactSession(place, { ...place, ...this.#model, session, tools, keep, ...more }, signal);
  }

  #createHands(): ConversationHands {
    const options = { ...this.#options, toolsFor: this.#toolsFor };
    return {
      tools: async () => {
        await withRight(options, "tools.list", "tools", async () => {});
        const { tools } = await this.#toolsFor(await this.#session());
        return tools.map(({ name, description }) => ({ name, description }));
      },
      run: async (command, emit, signal) => {
        const { runOwnCommand } = await import("./run-own-command.ts");
        return await runOwnCommand(command, await this.#session(), options, emit, signal);
      },
      files: {
        complete: async (path, signal) => await (await this.#openFiles()).complete(path, signal),
        read: async (path, signal) => await (await this.#openFiles()).read(path, signal),
      },
    };
  }

  async #carryOut(emit: Emit, signal: AbortSignal): Promise<TurnEnd | undefined> {
    const { findOwnAllowed, noMessages } = await import("./own-approvals.ts");
    const allowed = await findOwnAllowed(this.#options);
    if (allowed === undefined) return undefined;
    const turn = await this.#toTurn({ session: allowed.session, record: noMessages });
    return await runTurn({ text: "", replacesLast: false }, turn, emit, signal);
  }

  async #openFiles(): Promise<PersonFiles> {
    const { createPersonFiles } = await import("../sessions/person-files.ts");
    return createPersonFiles({
      ...this.#options,
      enter: async () => {
        const session = await this.#session();
        const taint = new TurnTaint(parseTaintBits(session.taint));
        const sandbox = await enterSandbox(await this.#toolsFor(session), this.#options, taint);
        return { sandbox, taint: taint.current };
      },
    });
  }

  /** The session that the next message goes to. */
  async #session(): Promise<Session> {
    const { store, group, clock } = this.#options;
    return await openSession(store.database, { group: group.id, name: this.#sessionName, now: clock.now() });
  }

  /** Another session, in this terminal or another, begins with tools of its own: the jobs of the one before end. */
  readonly #toolsFor = async ({ id }: Session): Promise<SessionTools> => {
    if (this.#tools?.session === id) return this.#tools;
    await this.#closeTools();
    const { openSandbox } = this.#options;
    const egress = new GroupEgress(this.#options);
    this.#tools = new SessionTools(id, () => openSandbox(id, egress), { ...this.#options, egress });
    return this.#tools;
  };

  async #closeTools(): Promise<void> {
    const tools = this.#tools;
    this.#tools = undefined;
    await tools?.[Symbol.asyncDispose]();
  }
}
