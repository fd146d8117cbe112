import { newResults } from "../../fakes/llm-transcript.ts";
import type { LlmRequest } from "../../fakes/llm-server.ts";
import type { Turn, TurnCall } from "../../fakes/llm-turn.ts";
import { shell } from "../../fakes/program-bench.ts";

/** The model of a case: it issues calls through the real program, reads the results, and thinks of the next. */
export class MaliciousModel {
  #turn = Promise.withResolvers<Turn>();
  #asked = Promise.withResolvers<readonly string[]>();
  readonly #gone = Promise.withResolvers<void>();
  #last: Turn = { text: "ok" };
  #isOver = false;
  /** All that came of its calls. */
  readonly trace: string[] = [];
  /** All that it was sent last: the prompt, what people said, what tools gave. */
  context: readonly string[] = [];
  /** How often it was asked. */
  requests = 0;

  constructor() {
    this.#renew();
  }

  /** What the model server answers. */
  readonly script = async (request: LlmRequest): Promise<Turn> => {
    this.context = toTexts(request);
    this.requests++;
    this.#asked.resolve(newResults(request).map(({ text }) => text));
    if (this.#isOver) return this.#last;
    const turn = await this.#turn.promise;
    this.#turn = Promise.withResolvers();
    return turn;
  };

  /** Waits until the program asks for the first time. */
  async waitForRequest(): Promise<void> {
    await this.#asked.promise;
  }

  /** One step: these calls, and what came of each. */
  async call(...calls: readonly TurnCall[]): Promise<readonly string[]> {
    await this.#asked.promise;
    this.#asked = Promise.withResolvers();
    this.#asked.promise.catch(() => {});
    this.#turn.resolve({ calls });
    const results = await this.#asked.promise;
    this.trace.push(...results);
    return results;
  }

  /** Ends its turn with these words. Resolves when it is asked in the next one. */
  async say(text: string): Promise<void> {
    await this.#asked.promise;
    this.#asked = Promise.withResolvers();
    this.#asked.promise.catch(() => {});
    this.#turn.resolve({ text });
    await this.#asked.promise;
  }

  async shell(command: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return (await this.call(shell(command, more)))[0] ?? "";
  }

  /** Answers with this, now and whenever it is asked again. */
  answer(turn: Turn): void {
    this.#turn.resolve(turn);
    this.#last = turn;
    this.#isOver = true;
  }

  /** Until the program has ended. */
  async waitForEnd(): Promise<void> {
    await this.#gone.promise;
  }

  /** Says its last word, now and whenever it is asked again. */
  finish(): void {
    this.#isOver = true;
    this.#turn.resolve(this.#last);
  }

  /** Nobody will ask any more: what still waits for a result is told so. */
  abandon(reason: string): void {
    this.#gone.resolve();
    this.#asked.reject(new ProgramGone(reason));
  }

  #renew(): void {
    this.#asked.promise.catch(() => {});
  }
}

/** Each text of a request, in its order. */
function toTexts({ body }: LlmRequest): readonly string[] {
  const texts: string[] = [];
  JSON.stringify(body, (_, value: unknown) => {
    if (typeof value === "string") texts.push(value);
    return value;
  });
  return texts;
}

/** The program ended while the model still had something in mind. */
export class ProgramGone extends Error {}
