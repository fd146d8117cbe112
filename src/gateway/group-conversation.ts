import type { LoopLimits } from "../agent/limits.ts";
import type { Actor } from "../authority/actor.ts";
import { decideIn } from "../authority/authority.ts";
import type { Authority } from "../authority/decision.ts";
import { clean } from "../authority/taint.ts";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { noUsage, type Provider } from "../providers/provider.ts";
import type { Sandbox, SandboxMount, SandboxPaths, SandboxProbe } from "../sandbox/sandbox.ts";
import type { KeepFiles } from "../snapshots/turn-snapshots.ts";
import type { BackgroundJobs } from "../snapshots/undo.ts";
import type { UndoService } from "../snapshots/undo-service.ts";
import { countEntries } from "../store/entries.ts";
import type { Group } from "../store/groups.ts";
import type { Holder } from "../store/holder.ts";
import type { SessionId } from "../store/ids.ts";
import { ensureCurrentSession, ensureNamedSession, startSession, type Session } from "../store/sessions.ts";
import type { Store } from "../store/store.ts";
import { sumUsage } from "../store/usage.ts";
import type { Conversation, ConversationStatus, TurnEnd } from "./conversation.ts";
import { readInstructions } from "../agent/instructions.ts";
import { SessionTools } from "./session-tools.ts";
import { runTurn } from "./turn.ts";
import type { Emit } from "../agent/events.ts";

/** A model that answers, and how to reach it. */
export interface ModelInUse {
  readonly provider: Provider;
  readonly label: string;
  readonly model: string;
  readonly maxTokens: number;
  readonly temperature?: number;
}

export interface GroupConversationOptions {
  readonly store: Store;
  readonly authority: Authority;
  readonly clock: Clock;
  readonly holder: Holder;
  readonly timeZone: string | undefined;
  readonly actor: Actor;
  readonly group: Group;
  /** Where the owner's instruction files of the group lie. */
  readonly folder: string;
  readonly sessionName?: string;
  readonly model: ModelInUse;
  readonly findModel: (name: string) => Promise<ModelInUse>;
  readonly limits: LoopLimits;
  readonly mounts: readonly SandboxMount[];
  /** Whether the folder where the person stands is one of them. */
  readonly isHereShared: boolean;
  readonly paths: SandboxPaths;
  readonly openSandbox: (session: SessionId) => Promise<Sandbox>;
  readonly probeSandbox: (signal: AbortSignal) => Promise<SandboxProbe & { readonly name: string }>;
  readonly keepFiles: KeepFiles;
  readonly openUndo: (jobs: BackgroundJobs) => Promise<UndoService>;
  /** The first message carries content that is not the person's own words. */
  readonly sawUntrusted: boolean;
  readonly log: Log;
}

/** A conversation with a group on this machine's own store. */
export class GroupConversation implements Conversation {
  readonly #options: GroupConversationOptions;
  #model: ModelInUse;
  #sawUntrusted: boolean;
  #tools: SessionTools | undefined;

  constructor(options: GroupConversationOptions) {
    this.#options = options;
    this.#model = options.model;
    this.#sawUntrusted = options.sawUntrusted;
  }

  get group(): string {
    return this.#options.group.name;
  }

  async send(text: string, emit: Emit, signal: AbortSignal): Promise<TurnEnd> {
    const { sessionName, ...options } = this.#options;
    const input = { text, sawUntrusted: this.#sawUntrusted };
    this.#sawUntrusted = false;
    const { provider, model, maxTokens, temperature } = this.#model;
    const turn = {
      ...options,
      ...(sessionName === undefined ? {} : { sessionName }),
      provider,
      model,
      maxTokens,
      ...(temperature === undefined ? {} : { temperature }),
      instructions: await readInstructions(options.folder),
      toolsFor: (session: Session) => this.#toolsFor(session),
    };
    return await runTurn(input, turn, emit, signal);
  }

  async startNewSession(): Promise<void> {
    const { store, actor, group, clock, sessionName } = this.#options;
    if (sessionName !== undefined) {
      throw new AppError("usage", `This is the named session "${sessionName}", which stays as it is.`, {
        hint: "Leave and start without -s, or with another name.",
      });
    }
    const decision = await store.database.transaction(async (tx) => {
      const object = { group: group.name, name: "current session" };
      const question = { actor, action: "session.new", object, taint: clean } as const;
      const verdict = await decideIn(tx, question, clock.now());
      if (verdict.verdict === "allow") await startSession(tx, group.id, clock.now());
      return verdict;
    });
    if (decision.verdict !== "allow") throw new AppError("denied", decision.reason);
  }

  async describe(): Promise<ConversationStatus> {
    const { store, group, clock, mounts, sessionName, probeSandbox } = this.#options;
    const session = await store.database.transaction((tx) =>
      sessionName === undefined
        ? ensureCurrentSession(tx, group.id, clock.now())
        : ensureNamedSession(tx, group.id, sessionName, clock.now()),
    );
    const [entries, usage, sandbox] = await Promise.all([
      countEntries(store.database, session.id),
      sumUsage(store.database, session.id),
      probeSandbox(new AbortController().signal),
    ]);
    return {
      group: group.name,
      session: session.name ?? String(session.id),
      model: this.#model.model,
      provider: this.#model.label,
      entries,
      usage: usage ?? noUsage,
      sandbox: sandbox.isAvailable ? sandbox.name : `${sandbox.reason} ${sandbox.remedy}`,
      sharedFolders: mounts.map(({ source, canWrite }) => ({ path: source, canWrite })),
    };
  }

  async chooseModel(name: string): Promise<string> {
    this.#model = await this.#options.findModel(name);
    return this.#model.model;
  }

  async undo(): Promise<UndoService> {
    return await this.#options.openUndo({
      count: () => this.#tools?.runningJobs ?? 0,
      end: () => this.#closeTools(),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closeTools();
  }

  async #closeTools(): Promise<void> {
    const tools = this.#tools;
    this.#tools = undefined;
    await tools?.[Symbol.asyncDispose]();
  }

  /** Another session, in this terminal or another, begins with tools of its own: the jobs of the one before end. */
  async #toolsFor({ id }: Session): Promise<SessionTools> {
    if (this.#tools?.session === id) return this.#tools;
    await this.#closeTools();
    this.#tools = new SessionTools(id, () => this.#options.openSandbox(id));
    return this.#tools;
  }
}
