import { TerminalScreen } from "./terminal-screen.ts";

const columns = 60;
const rows = 20;

/** A program on a real pseudo-terminal, driven like a person would: type, and wait for what appears. */
export class PseudoTerminal implements AsyncDisposable {
  readonly process: Bun.Subprocess;
  readonly #decoder = new TextDecoder();
  readonly #screen = new TerminalScreen(columns, rows);
  readonly #patienceMs: number;
  #output = "";
  #mark = 0;
  #wake: () => void = () => {};

  constructor(
    command: readonly string[],
    options: { cwd: string; env: Record<string, string | undefined>; patienceMs?: number },
  ) {
    this.#patienceMs = options.patienceMs ?? 4000;
    this.process = Bun.spawn([...command], {
      cwd: options.cwd,
      env: { TERM: "xterm-256color", PATH: Bun.env["PATH"], ...options.env },
      terminal: {
        cols: columns,
        rows,
        data: (_terminal, data) => {
          const text = this.#decoder.decode(data, { stream: true });
          this.#output += text;
          this.#screen.push(text);
          this.#wake();
        },
      },
    });
    void this.process.exited.then(() => this.#wake());
  }

  /** Everything so far, escape sequences included. */
  get output(): string {
    return this.#output;
  }

  /** What a person sees. */
  get screen(): string {
    return this.#screen.text;
  }

  /** Nothing was left switched on: no colour, no link, no mode. */
  get isAtRest(): boolean {
    return this.#screen.isAtRest;
  }

  type(text: string): void {
    this.#mark = this.#screen.lineStart;
    this.process.terminal?.write(text);
  }

  resize(newColumns: number, newRows: number): void {
    this.#screen.resize(newColumns, newRows);
    this.process.terminal?.resize(newColumns, newRows);
  }

  /** Waits for it to stand on the screen, at or below the line in which was typed last. */
  async waitFor(expected: string): Promise<void> {
    await this.waitUntil(JSON.stringify(expected), () => this.screen.indexOf(expected, this.#mark) !== -1);
  }

  /** Waits for it wherever lines were broken: a folder's name may be of any length. */
  async waitForWrapped(expected: string): Promise<void> {
    const bare = (text: string): string => text.replaceAll(/\s/g, "");
    await this.waitUntil(JSON.stringify(expected), () => bare(this.screen).includes(bare(expected)));
  }

  /** Waits until the prompt stands there, empty, as the last line. */
  async waitForPrompt(label = "you>"): Promise<void> {
    await this.waitUntil("the prompt", () => this.screen.trimEnd().split("\n").at(-1) === label);
  }

  async waitUntil(what: string, isThere: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(this.#patienceMs);
    deadline.addEventListener("abort", () => this.#wake());
    while (!isThere()) {
      if (deadline.aborted || this.process.exitCode !== null) {
        throw new Error(`${what} did not appear in\n${this.screen}`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.exited;
    this.process.terminal?.close();
  }
}
