import type { Actor } from "../authority/actor.ts";
import type { Authority } from "../authority/decision.ts";
import { clean, parseTaintBits, toTaintBits, type Taint } from "../authority/taint.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Sandbox, SandboxMount, SandboxPaths, ToolSandbox } from "../sandbox/sandbox.ts";
import { addGroupTaint, getGroup, type Group } from "../store/groups.ts";
import { guardTools } from "../snapshots/guard-tools.ts";
import type { SessionId } from "../store/ids.ts";
import type { Session } from "../store/sessions.ts";
import type { Store } from "../store/store.ts";
import type { CallApprovals } from "../tools/call-approvals.ts";
import type { ReadDocument } from "../tools/files/read-document.ts";
import { createToolRunner } from "../tools/registry.ts";
import { JobTable } from "../tools/shell/job-table.ts";
import { createStandardTools } from "../tools/standard-tools.ts";
import type { ToolRunner } from "../tools/tool-runner.ts";
import type { Tool } from "../tools/tool.ts";
import type { ApprovalCards } from "./approval-cards.ts";
import type { GroupEgress } from "./group-egress.ts";
import type { TurnParty } from "./turn-party.ts";
import type { TurnTaint } from "./turn-taint.ts";

/** For whom and where tools are opened. */
export interface ToolPlace {
  readonly store: Store;
  readonly authority: Authority;
  readonly actor: Actor;
  readonly clock: Clock;
  readonly group: Group;
  readonly paths: SandboxPaths;
  readonly mounts?: readonly SandboxMount[];
  /** Where the owner is asked who is in no terminal. */
  readonly cards?: ApprovalCards | undefined;
  /** The session's tools; the same ones as long as the session is the same. */
  readonly toolsFor: (session: Session) => Promise<SessionTools>;
  readonly log: Log;
}

export interface SessionToolsOptions {
  readonly egress?: GroupEgress;
  readonly mostJobs?: number | undefined;
  readonly moreTools?: MoreTools | undefined;
  readonly readDocument?: ReadDocument | undefined;
}

/** Tools beside the standard ones; made once for a session, they act for whoever's turn it is. */
export type MoreTools = (party: () => TurnParty) => readonly Tool[];

/** What one session works with as long as it lasts: its tools, its background jobs, its sandbox with its own `/tmp`. */
export class SessionTools implements AsyncDisposable {
  readonly session: SessionId;
  readonly tools: readonly Tool[];
  /** What lets the sandbox out; without it, nothing does. */
  readonly egress: GroupEgress | undefined;
  readonly #jobs: JobTable;
  readonly #open: () => Promise<Sandbox>;
  #sandbox: Promise<Sandbox> | undefined;
  #party: TurnParty | undefined;

  constructor(
    session: SessionId,
    open: () => Promise<Sandbox>,
    { egress, mostJobs, moreTools, readDocument }: SessionToolsOptions = {},
  ) {
    this.session = session;
    this.egress = egress;
    this.#jobs = new JobTable(mostJobs);
    const more = moreTools?.(() => this.#getParty()) ?? [];
    this.tools = [...createStandardTools({ jobs: this.#jobs, readDocument }), ...more];
    this.#open = open;
  }

  /** From now on the tools work for these. */
  enter(party: TurnParty): void {
    this.#party = party;
    if (this.egress !== undefined) this.egress.party = party;
  }

  get runningJobs(): number {
    return this.#jobs.running;
  }

  /** Opens on first use; a failure is tried again at the next. */
  async sandbox(): Promise<ToolSandbox> {
    const sandbox = (this.#sandbox ??= this.#open());
    try {
      return await sandbox;
    } catch (error) {
      // Calls that waited together fail together; another may have begun anew since.
      if (this.#sandbox === sandbox) this.#sandbox = undefined;
      throw error;
    }
  }

  #getParty(): TurnParty {
    if (this.#party === undefined) throw new Error("A tool was called outside of any turn.");
    return this.#party;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#jobs[Symbol.dispose]();
    const sandbox = await this.#sandbox?.catch(() => undefined);
    await sandbox?.[Symbol.asyncDispose]();
    await this.egress?.[Symbol.asyncDispose]();
  }
}

/** The session's tools for one who works with them; what they reach taints. `keep` runs before the first that can write. */
export async function openTools(
  session: Session,
  actor: Actor,
  options: ToolPlace,
  party: TurnParty,
  keep?: (sandbox: ToolSandbox, signal: AbortSignal) => Promise<void>,
): Promise<ToolRunner> {
  const { authority, group, log } = options;
  const { taint } = party;
  const own = await options.toolsFor(session);
  own.enter(party);
  return createToolRunner({
    tools:
      keep === undefined
        ? own.tools
        : guardTools(own.tools, async ({ signal }) => keep(await own.sandbox(), signal)),
    authority,
    actor,
    group: group.name,
    taint: () => taint.current,
    sandbox: () => enterSandbox(own, options, taint),
    approvals: askWhenNeeded(options, party),
    log,
  });
}

/** Nothing of it is loaded for a turn in which nothing is asked. */
function askWhenNeeded(place: ToolPlace, party: TurnParty): CallApprovals {
  const load = async (): Promise<CallApprovals> => {
    const { createTurnApprovals } = await import("./turn-approvals.ts");
    return createTurnApprovals(place, party);
  };
  return {
    findConsent: async (asked) => (await load()).findConsent(asked),
    request: async (...asked) => (await load()).request(...asked),
  };
}

/** What a turn can reach with a spawn taints it, and what the turn has seen stays in the folder it can write. */
export async function enterSandbox(
  session: SessionTools,
  { group, paths, store }: Pick<ToolPlace, "group" | "paths" | "store">,
  taint: TurnTaint,
): Promise<ToolSandbox> {
  const sandbox = await session.sandbox();
  // What lies in a folder that the owner shares was written by anybody, and is not for everybody.
  const shared: Taint = paths.mounts.length > 0 ? { sawUntrusted: true, readPrivate: true } : clean;
  const { taint: folder } = await getGroup(store.database, group.name);
  taint.add(shared);
  taint.add(parseTaintBits(folder));
  const bits = toTaintBits(taint.current);
  if ((bits & ~folder) !== 0) await store.database.transaction((tx) => addGroupTaint(tx, group.id, bits));
  return sandbox;
}
