import { cutResponse } from "../cut-response.ts";
import { Watchers } from "../watchers.ts";
import type { Chat, Message, Update, UserFromGetMe } from "@grammyjs/types";
import { findTextProblem } from "./check-text.ts";
import { parseCall, type BotCall } from "./parse-call.ts";

/** What stands in a chat. */
export interface ShownMessage {
  readonly id: number;
  readonly chat: string;
  text: string;
  entities: readonly { type: string; offset: number; length: number; url?: string }[];
  readonly call: BotCall;
}

/**
 * What happens to a call instead. `lose`: it is done and the answer never comes whole. `drop`: nothing is done and no
 * answer comes. `hang`: the connection stays open and silent.
 */
export type Fault =
  | { readonly type: "error"; readonly code: number; readonly text: string; readonly parameters?: object }
  | { readonly type: "page"; readonly status: number }
  | { readonly type: "lose" | "drop" | "hang" };

export interface FakeBotOptions {
  readonly token?: string;
  readonly holdSeconds?: number;
}

const usualToken = "4711:AAfake-token_of_a_bot_that_is_none0000";

/**
 * Telegram's Bot API on loopback: updates are kept until a later question acknowledges them, one reader at a time, texts and
 * entities are held to its rules, sends are not idempotent.
 */
export class FakeTelegram implements AsyncDisposable {
  readonly me: UserFromGetMe;
  token: string;
  readonly shown: ShownMessage[] = [];
  readonly calls: BotCall[] = [];
  readonly files = new Map<string, Uint8Array>();
  readonly faults = new Map<string, Fault[]>();
  /** Asked before a call: lets a campaign decide by chance. */
  decide: (call: BotCall) => Fault | undefined = () => undefined;
  webhook = "";
  /** So many updates were given to whoever asked, repeated ones included. */
  handedOut = 0;
  #isCut = false;
  readonly port: number;
  #server: Bun.Server<undefined> | undefined;
  #updates: Update[] = [];
  readonly #given: Update[] = [];
  #nextUpdate = 1000;
  #nextMessage = 1;
  #news = Promise.withResolvers<void>();
  #reader: PromiseWithResolvers<"conflict"> | undefined;
  #taken: { readonly update: number; readonly done: () => void }[] = [];
  readonly #watchers = new Watchers();

  constructor({ token = usualToken }: FakeBotOptions = {}) {
    this.token = token;
    const id = Number(token.split(":")[0]);
    this.me = { id, is_bot: true, first_name: "Nano", username: "nano_test_bot" } as UserFromGetMe;
    this.#server = this.#listen(0);
    this.port = this.#server.port ?? 0;
  }

  get base(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves when it was acknowledged. */
  async update(update: Omit<Partial<Update>, "update_id">): Promise<void> {
    const id = this.#nextUpdate++;
    const taken = new Promise<void>((done) => this.#taken.push({ update: id, done }));
    this.#updates.push({ ...update, update_id: id });
    this.#given.push({ ...update, update_id: id });
    this.#tell();
    await taken;
  }

  /** What was acknowledged comes once more, the last of it first. */
  repeat(count: number): void {
    this.#updates.push(...this.#given.slice(-count).toReversed());
    this.#tell();
  }

  /** A person writes. */
  async say(chat: string | Chat, more: Partial<Message> & { readonly text?: string }): Promise<void> {
    await this.update({ message: this.createMessage(chat, more) });
  }

  createMessage(chat: string | Chat, more: Partial<Message>): Message & Update.NonChannel {
    const place = typeof chat === "string" ? toChat(chat) : chat;
    const from = { id: 77, is_bot: false, first_name: "Anna", username: "anna" };
    const message = {
      message_id: this.#nextMessage++,
      date: Math.floor(Date.now() / 1000),
      chat: place,
      from,
    };
    return { ...message, ...more } as Message & Update.NonChannel;
  }

  textsOf(chat: string): readonly string[] {
    return this.shown.filter((each) => each.chat === chat).map(({ text }) => text);
  }

  callsOf(method: string): readonly BotCall[] {
    return this.calls.filter((call) => call.method === method);
  }

  fail(method: string, ...faults: readonly Fault[]): void {
    this.faults.set(method, [...(this.faults.get(method) ?? []), ...faults]);
  }

  /** As after a week without any. */
  countOnFrom(update: number): void {
    this.#nextUpdate = update;
  }

  get unacknowledged(): number {
    return this.#updates.length;
  }

  /** Resolves as soon as it holds: asked before and after every call. */
  async until(holds: () => boolean): Promise<void> {
    await this.#watchers.until(holds);
  }

  /** Whoever waits for news, or is about to, loses the connection. */
  disconnect(): void {
    this.#isCut = true;
    this.#tell();
  }

  async goAway(): Promise<void> {
    await this.#server?.stop(true);
    this.#server = undefined;
  }

  comeBack(): void {
    this.#server ??= this.#listen(this.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.goAway();
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  #listen(port: number): Bun.Server<undefined> {
    return Bun.serve({
      hostname: "127.0.0.1",
      port,
      idleTimeout: 0,
      fetch: async (request) => {
        try {
          return await this.#handle(request);
        } finally {
          this.#watchers.wake();
        }
      },
    });
  }

  async #handle(request: Request): Promise<Response> {
    const [, kind = "", ...rest] = new URL(request.url).pathname.split("/");
    if (kind === "file") {
      const bytes = this.files.get(decodeURIComponent(rest.slice(1).join("/")));
      if (rest[0] !== `bot${this.token}` || bytes === undefined) return new Response("", { status: 404 });
      return new Response(Uint8Array.from(bytes));
    }
    if (kind !== `bot${this.token}`) return refuse(401, "Unauthorized");
    const call = await parseCall(rest[0] ?? "", request);
    this.calls.push(call);
    this.#watchers.wake();
    const fault = this.faults.get(call.method)?.shift() ?? this.decide(call);
    if (fault?.type === "error") return refuse(fault.code, fault.text, fault.parameters);
    if (fault?.type === "page") return new Response("<html>Bad Gateway</html>", { status: fault.status });
    if (fault?.type === "drop") return cutResponse();
    if (fault?.type === "hang") return await new Promise<Response>(() => {});
    const response = await this.#answer(call, request.signal);
    return fault?.type === "lose" ? cutResponse() : response;
  }

  async #answer(call: BotCall, signal: AbortSignal): Promise<Response> {
    const { method, parameters } = call;
    switch (method) {
      case "getMe":
        return ok(this.me);
      case "getUpdates":
        return await this.#poll(call, signal);
      case "getWebhookInfo":
        return ok({ url: this.webhook, pending_update_count: this.#updates.length });
      case "deleteWebhook":
        this.webhook = "";
        return ok(true);
      case "getFile": {
        const path = String(parameters["file_id"]);
        if (!this.files.has(path)) return refuse(400, "Bad Request: invalid file_id");
        return ok({ file_id: path, file_unique_id: path, file_path: path });
      }
      case "sendMessage":
      case "sendPhoto":
      case "sendDocument":
      case "sendVoice":
      case "sendAudio":
      case "sendVideo":
      case "sendAnimation":
        return this.#show(call);
      case "editMessageText":
        return this.#edit(call);
      case "sendChatAction":
      case "setMessageReaction":
      case "answerCallbackQuery":
      case "setMyCommands":
        return ok(true);
      default:
        return refuse(404, "Not Found");
    }
  }

  async #poll({ parameters }: BotCall, signal: AbortSignal): Promise<Response> {
    if (this.webhook !== "") {
      return refuse(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    this.#reader?.resolve("conflict");
    const reader = Promise.withResolvers<"conflict">();
    this.#reader = reader;
    const offset = Number(parameters["offset"] ?? 0);
    if (offset < 0) this.#updates = this.#updates.slice(offset);
    else this.#updates = this.#updates.filter(({ update_id: id }) => id >= offset);
    const isOpen = (id: number): boolean => this.#updates.some((update) => update.update_id === id);
    const done = this.#taken.filter(({ update }) => !isOpen(update));
    this.#taken = this.#taken.filter(({ update }) => isOpen(update));
    for (const taken of done) taken.done();
    const seconds = Number(parameters["timeout"] ?? 0);
    if (this.#updates.length === 0 && seconds > 0 && !this.#isCut) {
      const gone = new Promise<"gone">((resolve) => signal.addEventListener("abort", () => resolve("gone")));
      const outcome = await Promise.race([
        this.#news.promise,
        gone,
        Bun.sleep(seconds * 1000),
        reader.promise,
      ]);
      if (outcome === "conflict") {
        return refuse(
          409,
          "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        );
      }
    }
    if (seconds > 0 && this.#isCut) {
      this.#isCut = false;
      return cutResponse();
    }
    if (this.#reader === reader) this.#reader = undefined;
    const updates = this.#updates.slice(0, Number(parameters["limit"] ?? 100));
    this.handedOut += updates.length;
    return ok(updates);
  }

  #show(call: BotCall): Response {
    const { parameters } = call;
    const isText = call.method === "sendMessage";
    const given = parameters[isText ? "text" : "caption"];
    const text = typeof given === "string" ? given : "";
    const entities = parameters[isText ? "entities" : "caption_entities"] ?? [];
    const list = Array.isArray(entities) ? (entities as ShownMessage["entities"]) : [];
    const problem = isText || text !== "" ? findTextProblem(text, list, isText ? 4096 : 1024) : undefined;
    if (problem !== undefined) return refuse(400, `Bad Request: ${problem}`);
    const chat = String(parameters["chat_id"]);
    const id = this.#nextMessage++;
    this.shown.push({ id, chat, text, entities: list, call });
    return ok({ message_id: id, date: 1, chat: toChat(chat), text });
  }

  #edit({ parameters }: BotCall): Response {
    const known = this.shown.find(
      ({ id, chat }) => id === Number(parameters["message_id"]) && chat === String(parameters["chat_id"]),
    );
    if (known === undefined) return refuse(400, "Bad Request: message to edit not found");
    const text = String(parameters["text"]);
    const entities = (parameters["entities"] ?? []) as ShownMessage["entities"];
    const problem = findTextProblem(text, entities);
    if (problem !== undefined) return refuse(400, `Bad Request: ${problem}`);
    if (known.text === text && JSON.stringify(known.entities) === JSON.stringify(entities)) {
      return refuse(400, "Bad Request: message is not modified: specified new message content is the same");
    }
    known.text = text;
    known.entities = entities;
    return ok({ message_id: known.id, date: 1, chat: toChat(known.chat), text });
  }
}

export function toChat(id: string): Chat {
  const number = /^-?\d+$/.test(id) ? Number(id) : (id as unknown as number);
  return id.startsWith("-")
    ? { id: number, type: "supergroup", title: `Group ${id}` }
    : { id: number, type: "private", first_name: "Anna" };
}

function ok(result: unknown): Response {
  return Response.json({ ok: true, result });
}

function refuse(code: number, description: string, parameters?: object): Response {
  return Response.json(
    { ok: false, error_code: code, description, ...(parameters && { parameters }) },
    { status: code },
  );
}
