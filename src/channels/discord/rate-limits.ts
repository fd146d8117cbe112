import type { Clock } from "../../clock.ts";
import type { RestAnswer } from "./answer.ts";

type Wait = Extract<RestAnswer, { type: "wait" }>;

/** What Discord asked to be left alone for: one kind of call in one place, or everything. Nothing is asked for before. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #until = new Map<string, number>();
  #allUntil = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  find(route: string): Wait | undefined {
    const now = this.#clock.monotonic();
    const reason = "Discord asked to wait";
    if (this.#allUntil > now) {
      return { type: "wait", ms: Math.ceil(this.#allUntil - now), scope: "account", reason };
    }
    const until = this.#until.get(route) ?? 0;
    if (until > now) return { type: "wait", ms: Math.ceil(until - now), scope: "chat", reason };
    this.#until.delete(route);
    return undefined;
  }

  /** Of each response: the last call of a bucket tells when the next may come. */
  note(route: string, headers: Headers, answer: RestAnswer): void {
    const now = this.#clock.monotonic();
    if (answer.type === "wait") {
      if (answer.scope === "account") this.#allUntil = now + answer.ms;
      else this.#until.set(route, now + answer.ms);
      return;
    }
    const after = Number(headers.get("x-ratelimit-reset-after") ?? Number.NaN);
    if (headers.get("x-ratelimit-remaining") !== "0" || !(after > 0)) return;
    this.#until.set(route, now + after * 1000);
    // What is over is forgotten with the next that comes, so that no row of channels is kept for ever.
    for (const [each, until] of this.#until) if (until <= now) this.#until.delete(each);
  }
}

/** Calls that Discord counts together: by method, kind of path, and the channel, server or webhook that it is about. */
export function toRoute(method: string, path: string): string {
  const [, kind = "", id = "", ...rest] = path.split("?")[0]?.split("/") ?? [];
  const places = rest.map((part) => (/^\d{5,}$/.test(part) ? ":id" : part));
  return `${method} /${kind}/${id}/${places.join("/").replace(/reactions\/.*/, "reactions")}`;
}
