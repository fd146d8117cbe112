import type { SandboxExit, SandboxProcess } from "../../sandbox/sandbox.ts";
import { AppError } from "../../errors.ts";
import { drain } from "../drain.ts";
import { describeHits, flooded } from "./describe-limits.ts";

const mostUnread = 256 * 1024;

/** One command in the background: its state and what it printed since somebody last looked. */
export class Job {
  readonly id: string;
  readonly title: string;
  readonly #process: SandboxProcess;
  readonly #decoder = new TextDecoder();
  readonly #waiting = new Set<() => void>();
  #unread = "";
  #lost = 0;
  #exit: SandboxExit | undefined;

  constructor(id: string, title: string, process: SandboxProcess) {
    this.id = id;
    this.title = title;
    this.#process = process;
    void this.#follow(process);
  }

  get isRunning(): boolean {
    return this.#exit === undefined;
  }

  /** For a person and the model: `running`, or how it ended. */
  get state(): string {
    if (this.#exit === undefined) return "running";
    return [toState(this.#exit), ...describeHits(this.#exit)].join("; ");
  }

  /** What was printed since the last call; the oldest is lost when nobody asked for long. */
  read(): { readonly text: string; readonly lost: number } {
    const text = Bun.stripANSI(this.#unread.slice(-mostUnread));
    const lost = this.#lost + Math.max(0, this.#unread.length - mostUnread);
    this.#unread = "";
    this.#lost = 0;
    return { text, lost };
  }

  /** Resolves with unread output, with the end of the job or after `ms`, whichever is first. */
  async waitForNews(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#unread !== "" || !this.isRunning || ms <= 0) return;
    await this.#wait(() => this.#unread !== "" || !this.isRunning, ms, signal);
  }

  /** Resolves when it is over or after `ms`. */
  async waitForEnd(ms: number, signal: AbortSignal): Promise<void> {
    if (this.isRunning) await this.#wait(() => !this.isRunning, ms, signal);
  }

  /** Sends `text` to its standard input. */
  async write(text: string): Promise<void> {
    if (!this.isRunning || this.#process.stdin === undefined) {
      throw new AppError("conflict", `${this.id} is not running: ${this.state}.`);
    }
    try {
      await this.#process.stdin.write(text);
    } catch (cause) {
      throw new AppError("io", `${this.id} does not read its input any more.`, { cause });
    }
  }

  kill(): void {
    this.#process.kill();
  }

  async #follow(child: SandboxProcess): Promise<void> {
    const [exit] = await Promise.all([
      child.exited,
      drain(child.stdout, child.exited, (chunk) => this.#add(chunk)),
      drain(child.stderr, child.exited, (chunk) => this.#add(chunk)),
    ]);
    this.#exit = exit;
    this.#wake();
  }

  /** Lets the text grow to twice the limit before it is cut, so that a flood costs little. */
  #add(chunk: Uint8Array): void {
    this.#unread += this.#decoder.decode(chunk, { stream: true });
    const excess = this.#unread.length - mostUnread;
    if (excess > mostUnread) {
      this.#unread = this.#unread.slice(excess);
      this.#lost += excess;
    }
    this.#wake();
  }

  #wake(): void {
    for (const check of this.#waiting) check();
  }

  async #wait(isOver: () => boolean, ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = (): void => {
      if (isOver()) resolve();
    };
    const timer = setTimeout(resolve, ms);
    this.#waiting.add(check);
    const stop = (): void => resolve();
    signal.addEventListener("abort", stop, { once: true });
    await promise;
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    this.#waiting.delete(check);
    signal.throwIfAborted();
  }
}

function toState(exit: SandboxExit): string {
  switch (exit.type) {
    case "exited":
      return `ended with exit code ${exit.code}`;
    case "signalled":
      return `killed by ${exit.signal}`;
    case "flooded":
      return flooded;
    case "timed-out":
    case "cancelled":
      return "stopped";
    default:
      return exit satisfies never;
  }
}
