import type { Sandbox, ToolSandbox } from "../sandbox/sandbox.ts";
import type { SessionId } from "../store/ids.ts";
import { JobTable } from "../tools/shell/job-table.ts";
import { createStandardTools } from "../tools/standard-tools.ts";
import type { Tool } from "../tools/tool.ts";

/** What one session works with as long as it lasts: its tools, its background jobs, its sandbox with its own `/tmp`. */
export class SessionTools implements AsyncDisposable {
  readonly session: SessionId;
  readonly tools: readonly Tool[];
  readonly #jobs = new JobTable();
  readonly #open: () => Promise<Sandbox>;
  #sandbox: Promise<Sandbox> | undefined;

  constructor(session: SessionId, open: () => Promise<Sandbox>) {
    this.session = session;
    this.tools = createStandardTools({ jobs: this.#jobs });
    this.#open = open;
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

  async [Symbol.asyncDispose](): Promise<void> {
    this.#jobs[Symbol.dispose]();
    const sandbox = await this.#sandbox?.catch(() => undefined);
    await sandbox?.[Symbol.asyncDispose]();
  }
}
