import type { ToolSandbox } from "../../sandbox/sandbox.ts";
import { AppError } from "../../errors.ts";
import type { Job } from "./job.ts";

const defaultMostJobs = 8;

/** The background commands of one session. They end with it: disposing kills them all. */
export class JobTable implements Disposable {
  readonly #jobs = new Map<string, Job>();
  readonly #scope = new AbortController();
  readonly #mostJobs: number;
  #started = 0;
  #starting = 0;

  constructor(mostJobs = defaultMostJobs) {
    this.#mostJobs = mostJobs;
  }

  /** Throws `AppError("conflict")` when too many are running. */
  async start(sandbox: ToolSandbox, argv: readonly string[], title: string): Promise<Job> {
    const { signal } = this.#scope;
    signal.throwIfAborted();
    this.#makeRoom();
    this.#starting += 1;
    try {
      const [{ Job }, process] = await Promise.all([
        import("./job.ts"),
        sandbox.spawn(argv, { signal, stdin: "pipe" }),
      ]);
      this.#started += 1;
      const job = new Job(`job-${this.#started}`, title, process);
      this.#jobs.set(job.id, job);
      return job;
    } finally {
      this.#starting -= 1;
    }
  }

  /** Throws `AppError("not-found")` that names the known ones. */
  get(id: string): Job {
    const job = this.#jobs.get(id);
    if (job !== undefined) return job;
    const known = [...this.#jobs.keys()].join(", ");
    throw new AppError("not-found", `There is no job ${JSON.stringify(id)}.`, {
      hint: known === "" ? "No job was started in this session." : `Known: ${known}.`,
    });
  }

  list(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  get running(): number {
    return this.list().filter((job) => job.isRunning).length;
  }

  [Symbol.dispose](): void {
    this.#scope.abort(new AppError("cancelled", "The session ended."));
    for (const job of this.#jobs.values()) job.kill();
    this.#jobs.clear();
  }

  /** A finished job gives its place away, the oldest first. */
  #makeRoom(): void {
    if (this.#jobs.size + this.#starting < this.#mostJobs) return;
    const finished = this.list().find((job) => !job.isRunning);
    if (finished === undefined) {
      throw new AppError("conflict", `${this.#mostJobs} jobs are running already.`, {
        hint: "Stop one with job(action: stop).",
      });
    }
    this.#jobs.delete(finished.id);
  }
}
