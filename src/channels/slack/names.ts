import type { Clock } from "../../clock.ts";
import type { IncomingMessage } from "../channel.ts";
import { parsePlace } from "./address.ts";
import { toFields, toText } from "./fields.ts";
import type { WebApi } from "./web-api.ts";

/** So long a message waits for a name; one that comes later is known the next time. */
const patienceMs = 300;
/** A name may change; nothing hangs on it. */
const freshMs = 60 * 60_000;
/** One that could not be had is asked for again after this. */
const missedMs = 60_000;
const mostNames = 5000;
/** Of one message: nobody makes us ask for a hundred. */
const mostMentions = 10;
const mentioned = /@(U[A-Z0-9]{5,20})\b/g;

interface Known {
  readonly name: string | undefined;
  readonly until: number;
}

/** What people and conversations are called: events tell ids only. Shown to people, and never a reason for a right. */
export class Names {
  readonly #api: WebApi;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  readonly #asked = new Map<string, Promise<string | undefined>>();

  constructor(api: WebApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  /** The message with names, as far as they are known soon enough. Never rejects. */
  async complete(message: IncomingMessage, signal: AbortSignal): Promise<IncomingMessage> {
    const { channel } = parsePlace(message.chat);
    const [name, title, text] = await Promise.all([
      this.#soon(message.sender.id, signal),
      message.isPrivate ? undefined : this.#soon(channel, signal),
      this.#name(message.text, signal),
    ]);
    const shown = message.isPrivate ? name : title;
    return {
      ...message,
      text,
      sender: { ...message.sender, ...(name === undefined ? {} : { name }) },
      ...(shown === undefined ? {} : { title: shown }),
    };
  }

  /** `@U0123ABC` as people see it. */
  async #name(text: string, signal: AbortSignal): Promise<string> {
    const ids = new Set([...text.matchAll(mentioned)].map(([, id = ""]) => id).slice(0, mostMentions));
    if (ids.size === 0) return text;
    const names = new Map(
      await Promise.all([...ids].map(async (id) => [id, await this.#soon(id, signal)] as const)),
    );
    return text.replace(mentioned, (whole, id: string) => {
      const name = names.get(id);
      return name === undefined ? whole : `@${name}`;
    });
  }

  async #soon(id: string, signal: AbortSignal): Promise<string | undefined> {
    const known = this.#known.get(id);
    if (known !== undefined && known.until > this.#clock.monotonic()) return known.name;
    const asked = this.#asked.get(id) ?? this.#ask(id, signal);
    const late = new AbortController();
    const wait = this.#clock.sleep(patienceMs, late.signal).catch(() => {});
    try {
      return (await Promise.race([asked, wait.then(() => known?.name)])) ?? known?.name;
    } finally {
      late.abort();
    }
  }

  #ask(id: string, signal: AbortSignal): Promise<string | undefined> {
    const asked = this.#look(id, signal)
      .then((name) => {
        const until = this.#clock.monotonic() + (name === undefined ? missedMs : freshMs);
        this.#known.delete(id);
        this.#known.set(id, { name, until });
        const [oldest] = this.#known.keys();
        if (this.#known.size > mostNames && oldest !== undefined) this.#known.delete(oldest);
        return name;
      })
      .finally(() => this.#asked.delete(id));
    this.#asked.set(id, asked);
    return asked;
  }

  async #look(id: string, signal: AbortSignal): Promise<string | undefined> {
    if (/^[CG]/.test(id)) {
      const answer = await this.#api.call("conversations.info", { channel: id }, { signal });
      const name = answer.type === "ok" ? toText(toFields(answer.result["channel"])["name"]) : undefined;
      return name === undefined ? undefined : `#${name}`;
    }
    if (id.startsWith("B")) {
      const answer = await this.#api.call("bots.info", { bot: id }, { signal });
      return answer.type === "ok" ? toText(toFields(answer.result["bot"])["name"]) : undefined;
    }
    const answer = await this.#api.call("users.info", { user: id }, { signal });
    if (answer.type !== "ok") return undefined;
    const user = toFields(answer.result["user"]);
    const profile = toFields(user["profile"]);
    return (
      toText(profile["display_name"]) ??
      toText(profile["real_name"]) ??
      toText(user["real_name"]) ??
      toText(user["name"])
    );
  }
}
