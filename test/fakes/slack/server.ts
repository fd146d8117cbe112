import { cutResponse } from "../cut-response.ts";
import { Watchers } from "../watchers.ts";
import { findMessageProblem, toSeen } from "./check-message.ts";
import { FileShelf } from "./file-shelf.ts";
import { SocketHub, type Link } from "./socket-hub.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** A call as it came over the wire. */
export interface SlackCall {
  readonly method: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** By the machine's clock. */
  readonly at: number;
}

/** What stands in a conversation. */
export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly thread_ts?: string;
  text: string;
  blocks?: unknown;
  metadata?: unknown;
  bot_id?: string;
  readonly files?: readonly Fields[];
  reactions: { name: string; users: string[] }[];
}

/**
 * What happens to a call instead. `lose`: it is done and the answer never comes whole. `drop`: nothing is done and no
 * answer comes. `hang`: the connection stays open and silent.
 */
export type Fault =
  | { readonly type: "error"; readonly error: string }
  | { readonly type: "limit"; readonly seconds: number }
  | { readonly type: "page"; readonly status: number }
  | { readonly type: "lose" | "drop" | "hang" };

export const fakeTokens = { bot: "xoxb-1111-2222-fakebottoken", app: "xapp-1-A1-3333-fakeapptoken" };

export const me = { user: "UBOT", bot: "BBOT", team: "T1", name: "nano" };

/**
 * Slack's Web API and Socket Mode on loopback. An event goes to one of the open connections and is sent again on another until
 * it is acknowledged, or Slack gives it up; what was written stands in the history. Sends are not idempotent.
 */
export class FakeSlack implements AsyncDisposable {
  botToken: string = fakeTokens.bot;
  appToken: string = fakeTokens.app;
  readonly messages: SlackMessage[] = [];
  readonly calls: SlackCall[] = [];
  /** Only to the eyes of one. */
  readonly ephemeral: { readonly channel: string; readonly user: string; readonly text: string }[] = [];
  readonly files = new FileShelf();
  readonly faults = new Map<string, Fault[]>();
  readonly users = new Map([["U1", "Anna"]]);
  readonly channels = new Map([["C1", "general"]]);
  /** Asked before a call: lets a campaign decide by chance. */
  decide: (call: SlackCall) => Fault | undefined = () => undefined;
  /** Where events go out. */
  readonly hub = new SocketHub(
    () => this.port,
    () => this.#watchers.wake(),
  );
  isSocketModeOn = true;
  readonly port: number;
  #server: Bun.Server<Link> | undefined;
  #next = 1;
  readonly #watchers = new Watchers();

  constructor() {
    this.#server = this.#listen(0);
    this.port = this.#server.port ?? 0;
  }

  get base(): string {
    return `http://127.0.0.1:${this.port}/api`;
  }

  /** A time that no message has yet. */
  createTime(): string {
    return `${Math.floor(Date.now() / 1000)}.${String(this.#next++).padStart(6, "0")}`;
  }

  /** A person writes. Resolves when every event of it was acknowledged. */
  async say(channel: string, more: Fields & { readonly text?: string } = {}): Promise<void> {
    const ts = typeof more["ts"] === "string" ? more["ts"] : this.createTime();
    const message = { type: "message", channel, user: "U1", text: "", ts, ...more };
    this.messages.push({ ...message, reactions: [] });
    const event = { ...message, channel_type: channel.startsWith("D") ? "im" : "channel" };
    const told = [this.event(event)];
    if (message.text.includes(`<@${me.user}>`) && !channel.startsWith("D")) {
      told.push(this.event({ ...event, type: "app_mention" }));
    }
    await Promise.all(told);
  }

  /** What was written while events got lost: only the history has it. */
  sayUnheard(channel: string, more: Fields): string {
    const ts = this.createTime();
    this.messages.push({
      type: "message",
      channel,
      user: "U1",
      text: "",
      ts,
      ...more,
      reactions: [],
    } as unknown as SlackMessage);
    return ts;
  }

  async event(event: Fields): Promise<unknown> {
    const payload = { team_id: me.team, event, type: "event_callback", event_id: `Ev${this.#next++}` };
    return await this.hub.send("events_api", payload);
  }

  /** A person presses a button below the reply that was sent with this key. */
  async press(channel: string, key: string, option: number, user = "U1"): Promise<unknown> {
    const message = this.messages.findLast(
      (each) => each.channel === channel && JSON.stringify(each.metadata ?? {}).includes(JSON.stringify(key)),
    );
    const buttons = (message?.blocks as readonly { elements?: readonly Fields[] }[] | undefined)?.flatMap(
      ({ elements = [] }) => elements.filter(({ type }) => type === "button"),
    );
    const button = buttons?.[option];
    if (message === undefined || button === undefined)
      throw new Error(`there is no button ${option} below ${key}`);
    const { channel: _, ...shown } = message;
    return await this.hub.send("interactive", {
      type: "block_actions",
      user: { id: user, username: "anna", team_id: me.team },
      trigger_id: `${this.#next++}.1.x`,
      container: { type: "message", message_ts: message.ts, channel_id: channel, is_ephemeral: false },
      channel: { id: channel, name: "directmessage" },
      message: { type: "message", ...shown },
      actions: [{ ...button, block_id: "b", action_ts: this.createTime() }],
    });
  }

  textsOf(channel: string): readonly string[] {
    return this.messages
      .filter((each) => each.channel === channel && each.user === me.user)
      .map((each) => toSeen({ ...each }));
  }

  callsOf(method: string): readonly SlackCall[] {
    return this.calls.filter((call) => call.method === method);
  }

  fail(method: string, ...faults: readonly Fault[]): void {
    this.faults.set(method, [...(this.faults.get(method) ?? []), ...faults]);
  }

  /** Resolves as soon as it holds: asked before and after every call and frame. */
  async until(holds: () => boolean): Promise<void> {
    await this.#watchers.until(holds);
  }

  async goAway(): Promise<void> {
    await this.#server?.stop(true);
    this.#server = undefined;
    this.hub.clear();
  }

  comeBack(): void {
    this.#server ??= this.#listen(this.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.goAway();
    this.hub[Symbol.dispose]();
  }

  #listen(port: number): Bun.Server<Link> {
    return Bun.serve<Link>({
      hostname: "127.0.0.1",
      port,
      idleTimeout: 0,
      fetch: async (request, server) => {
        const url = new URL(request.url);
        if (url.pathname === "/link/") {
          const isOpen = server.upgrade(request, { data: this.hub.createLink() });
          return isOpen ? undefined : new Response("", { status: 400 });
        }
        try {
          return await this.#handle(url, request);
        } finally {
          this.#watchers.wake();
        }
      },
      websocket: this.hub.handler,
    });
  }

  async #handle(url: URL, request: Request): Promise<Response> {
    const [, kind, ...rest] = url.pathname.split("/");
    if (kind === "upload") return await this.files.take(rest[0] ?? "", request);
    if (kind === "files") return this.files.give(rest[0] ?? "", request, this.botToken);
    if (kind !== "api") return new Response("", { status: 404 });
    const method = rest[0] ?? "";
    const call = { method, parameters: parseForm(await request.text()), at: performance.now() };
    this.calls.push(call);
    this.#watchers.wake();
    const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? call.parameters["token"];
    const wanted = method === "apps.connections.open" ? this.appToken : this.botToken;
    if (token !== wanted) return refuse(token === undefined ? "not_authed" : "invalid_auth");
    const fault = this.faults.get(method)?.shift() ?? this.decide(call);
    if (fault?.type === "error") return refuse(fault.error);
    if (fault?.type === "limit") {
      const headers = { "retry-after": String(fault.seconds) };
      return Response.json({ ok: false, error: "ratelimited" }, { status: 429, headers });
    }
    if (fault?.type === "page") return new Response("<html>Bad Gateway</html>", { status: fault.status });
    if (fault?.type === "drop") return cutResponse();
    if (fault?.type === "hang") return await new Promise<Response>(() => {});
    const response = this.#answer(call);
    return fault?.type === "lose" ? cutResponse() : response;
  }

  #answer(call: SlackCall): Response {
    const { method, parameters } = call;
    const channel = toWords(parameters["channel"]);
    const time = toWords(parameters["timestamp"] ?? parameters["ts"]);
    const found = this.messages.find((each) => each.channel === channel && each.ts === time);
    switch (method) {
      case "auth.test":
        return ok({
          user_id: me.user,
          bot_id: me.bot,
          team_id: me.team,
          user: me.name,
          team: "Family",
          url: "https://family.slack.com/",
        });
      case "apps.connections.open":
        if (!this.isSocketModeOn) return refuse("forbidden_team");
        return ok({
          url: `ws://127.0.0.1:${this.hub.port}/link/?ticket=${crypto.randomUUID()}&app_id=A1`,
        });
      case "users.info": {
        const name = this.users.get(toWords(parameters["user"]));
        return name === undefined
          ? refuse("user_not_found")
          : ok({
              user: { id: parameters["user"], name: name.toLowerCase(), profile: { display_name: name } },
            });
      }
      case "bots.info":
        return ok({ bot: { id: me.bot, app_id: "A1", name: "NanoClaw" } });
      case "conversations.info": {
        const name = this.channels.get(channel);
        return name === undefined ? refuse("channel_not_found") : ok({ channel: { id: channel, name } });
      }
      case "users.conversations":
        return ok({
          channels: [...new Set(this.messages.map((each) => each.channel))].map((id) => ({ id })),
        });
      case "conversations.history":
      case "conversations.replies":
        return this.#read(call);
      case "chat.postMessage":
        return this.#post(call);
      case "chat.update": {
        if (found === undefined) return refuse("message_not_found");
        if (found.user !== me.user) return refuse("cant_update_message");
        const problem = findMessageProblem(parameters);
        if (problem !== undefined) return refuse(problem);
        found.text = toWords(parameters["text"]);
        found.blocks = parameters["blocks"];
        return ok({ channel, ts: found.ts, text: found.text });
      }
      case "chat.postEphemeral":
        this.ephemeral.push({
          channel,
          user: toWords(parameters["user"]),
          text: toWords(parameters["text"]),
        });
        return ok({ message_ts: this.createTime() });
      case "reactions.get":
        return found === undefined ? refuse("message_not_found") : ok({ type: "message", message: found });
      case "reactions.add":
      case "reactions.remove":
        return this.#react(found, method, toWords(parameters["name"]));
      case "files.getUploadURLExternal":
        return ok({
          file_id: this.files.add(`F${this.#next++}`, toWords(parameters["filename"])),
          upload_url: `http://127.0.0.1:${this.port}/upload/F${this.#next - 1}`,
        });
      case "files.completeUploadExternal":
        return this.#complete(call);
      case "files.info": {
        const shares = this.files.describe(toWords(parameters["file"]));
        return shares === undefined
          ? refuse("file_not_found")
          : ok({ file: { id: parameters["file"], shares } });
      }
      default:
        return refuse("unknown_method");
    }
  }

  #read({ method, parameters }: SlackCall): Response {
    const channel = toWords(parameters["channel"]);
    const oldest = Number(parameters["oldest"] ?? 0);
    const thread = method === "conversations.replies" ? toWords(parameters["ts"]) : undefined;
    const inside = this.messages.filter((each) => {
      if (each.channel !== channel || Number(each.ts) <= oldest) return false;
      const isReply = each.thread_ts !== undefined && each.thread_ts !== each.ts;
      return thread === undefined ? !isReply : each.thread_ts === thread || each.ts === thread;
    });
    const sorted = inside.toSorted((one, other) => Number(one.ts) - Number(other.ts));
    const ordered = thread === undefined ? sorted.toReversed() : sorted;
    const from = Number(parameters["cursor"] ?? 0);
    const limit = Number(parameters["limit"] ?? 100);
    const hasMetadata = toWords(parameters["include_all_metadata"]) === "true";
    const page = ordered.slice(from, from + limit).map(({ channel: _, metadata, ...message }) => {
      const replies = this.messages.filter((each) => each.thread_ts === message.ts && each.ts !== message.ts);
      const latest = replies.at(-1)?.ts;
      return {
        type: "message",
        ...message,
        ...(hasMetadata ? { metadata } : {}),
        ...(latest === undefined
          ? {}
          : { thread_ts: message.ts, latest_reply: latest, reply_count: replies.length }),
      };
    });
    const hasMore = ordered.length > from + limit;
    return ok({
      messages: page,
      has_more: hasMore,
      response_metadata: { next_cursor: hasMore ? String(from + limit) : "" },
    });
  }

  #post({ parameters }: SlackCall): Response {
    const channel = toWords(parameters["channel"]);
    if (!/^[CDG]/.test(channel)) return refuse("channel_not_found");
    const problem = findMessageProblem(parameters);
    if (problem !== undefined) return refuse(problem);
    const ts = this.createTime();
    const thread = parameters["thread_ts"];
    this.messages.push({
      channel,
      ts,
      user: me.user,
      bot_id: me.bot,
      text: toWords(parameters["text"]),
      blocks: parameters["blocks"],
      metadata: parameters["metadata"],
      ...(typeof thread === "string" ? { thread_ts: thread } : {}),
      reactions: [],
    });
    return ok({ channel, ts, message: { text: parameters["text"] } });
  }

  #react(message: SlackMessage | undefined, method: string, name: string): Response {
    if (message === undefined) return refuse("message_not_found");
    const known = message.reactions.find((each) => each.name === name);
    if (method === "reactions.add") {
      if (known?.users.includes(me.user) === true) return refuse("already_reacted");
      if (known === undefined) message.reactions.push({ name, users: [me.user] });
      else known.users.push(me.user);
      return ok({});
    }
    if (known?.users.includes(me.user) !== true) return refuse("no_reaction");
    message.reactions = message.reactions.filter((each) => each !== known);
    return ok({});
  }

  #complete({ parameters }: SlackCall): Response {
    const channel = toWords(parameters["channel_id"]);
    const files = parameters["files"] as readonly { id: string; title?: string }[];
    const known = files.map(({ id, title }) => ({ id, title, file: this.files.find(id) }));
    if (known.some(({ file }) => file === undefined)) return refuse("file_not_found");
    for (const { file } of known) file?.shares.push(channel);
    const thread = parameters["thread_ts"];
    this.messages.push({
      channel,
      ts: this.createTime(),
      user: me.user,
      bot_id: me.bot,
      text: toWords(parameters["initial_comment"]),
      ...(typeof thread === "string" ? { thread_ts: thread } : {}),
      files: known.map(({ id, title }) => ({ id, name: title })),
      reactions: [],
    });
    return ok({ files: known.map(({ id, title }) => ({ id, title })) });
  }
}

function parseForm(body: string): Readonly<Record<string, unknown>> {
  const parameters: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body)) {
    parameters[name] =
      /^[[{]/.test(value) && name !== "text" && name !== "initial_comment" ? JSON.parse(value) : value;
  }
  return parameters;
}

function toWords(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function ok(result: object): Response {
  return Response.json({ ok: true, ...result });
}

function refuse(error: string): Response {
  return Response.json({ ok: false, error });
}
