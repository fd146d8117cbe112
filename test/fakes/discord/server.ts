import { cutResponse } from "../cut-response.ts";
import { Watchers } from "../watchers.ts";
import { findMessageProblem, parseCall, type Button, type RestCall } from "./calls.ts";
import { GatewaySession, type GatewaySocket } from "./gateway.ts";
import { readMarkdown } from "./read-markdown.ts";

export interface FakeUser {
  readonly id: string;
  readonly username: string;
  readonly global_name: string;
  readonly discriminator: string;
  readonly bot?: boolean;
}

export interface FakeMessage {
  id: string;
  channel_id: string;
  content: string;
  author?: FakeUser;
  components?: readonly { readonly components: readonly Button[] }[];
  reactions?: readonly { readonly emoji: { readonly name: string }; readonly me: boolean }[];
  file?: RestCall["file"];
  /** All else that Discord says of one. */
  [field: string]: unknown;
}

export interface FakeChannel {
  readonly id: string;
  readonly name: string;
  readonly type: number;
  readonly parent_id?: string;
  last_message_id?: string | null;
}

/**
 * What happens to a call instead. `lose`: it is done and the answer never comes whole. `drop`: nothing is done and no
 * answer comes. `hang`: the connection stays open and silent.
 */
export type Fault =
  | {
      readonly type: "error";
      readonly status: number;
      readonly body: object;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly type: "page"; readonly status: number }
  | { readonly type: "lose" | "drop" | "hang" };

export interface FakeOptions {
  readonly heartbeatMs?: number;
}

const nonceMs = 3 * 60_000;
const epochMs = 1_420_070_400_000n;

/**
 * Discord on loopback: its HTTP API, and a gateway whose sessions are gone on with or called invalid. Sends with a nonce are
 * idempotent for some minutes; what a bot may not send is refused.
 */
export class FakeDiscord implements AsyncDisposable {
  token = "NDcxMTAwMDAwMDAwMDAw.fake00.token-of-a-bot-that-is-none";
  readonly me: FakeUser = {
    id: "4711",
    username: "nano_test_bot",
    global_name: "Nano",
    discriminator: "1234",
    bot: true,
  };
  applicationFlags = 1 << 19;
  /** Whose application it is, where it is not Anna's. */
  team: object | null = null;
  readonly messages: FakeMessage[] = [];
  readonly calls: RestCall[] = [];
  readonly callbacks: RestCall[] = [];
  readonly faults = new Map<string, Fault[]>();
  readonly attachments = new Map<string, Uint8Array>();
  readonly servers = new Map<
    string,
    { readonly id: string; readonly name: string; readonly joined_at: string }
  >();
  readonly channels = new Map<string, FakeChannel & { readonly guild_id?: string }>();
  /** Asked before a call: lets a campaign decide by chance. */
  decide: (call: RestCall) => Fault | undefined = () => undefined;
  /** What becomes of an event on its way: not told, or told twice. */
  decideEvent: () => "repeat" | undefined = () => undefined;
  limit = { total: 1000, remaining: 1000, reset_after: 14_400_000, max_concurrency: 1 };
  /** What was said to begin or go on with a session. */
  readonly openings: { readonly op: number; readonly d: Readonly<Record<string, unknown>> }[] = [];
  /** With which the next that begins is hung up on. */
  closeNext: number | undefined;
  /** Whoever opens next is not heard. */
  ignoresNext = false;
  /** Heartbeats are not answered, and nothing is told. */
  isSilent = false;
  readonly port: number;
  readonly #heartbeatMs: number;
  #server: Bun.Server<SocketState> | undefined;
  #sessions: GatewaySession[] = [];
  readonly #sockets = new Set<GatewaySocket>();
  readonly #nonces = new Map<string, { readonly message: FakeMessage; readonly at: number }>();
  readonly #fetched = new Set<string>();
  readonly #missed = new Set<string>();
  #lastId = 0n;
  readonly #watchers = new Watchers();
  #asking: ReturnType<typeof setTimeout> | undefined;

  constructor({ heartbeatMs = 41_250 }: FakeOptions = {}) {
    this.#heartbeatMs = heartbeatMs;
    this.#server = this.#listen(0);
    this.port = this.#server.port ?? 0;
  }

  get base(): string {
    return `http://127.0.0.1:${this.port}/api/v10`;
  }

  get gateway(): string {
    return `ws://127.0.0.1:${this.port}/gateway`;
  }

  nextId(): string {
    const now = (BigInt(Date.now()) - epochMs) << 22n;
    this.#lastId = now > this.#lastId ? now : this.#lastId + 1n;
    return this.#lastId.toString();
  }

  addServer(id: string, name: string, channels: readonly Omit<FakeChannel, "last_message_id">[]): void {
    this.servers.set(id, { id, name, joined_at: "2020-01-01T00:00:00.000000+00:00" });
    for (const channel of channels) this.channels.set(channel.id, { ...channel, guild_id: id });
  }

  /** A person writes. Resolves when the bot has told that it has it. */
  async say(channel: string, more: Partial<FakeMessage> = {}): Promise<void> {
    await this.tell(this.createMessage(channel, more));
  }

  createMessage(channel: string, more: Partial<FakeMessage> = {}): FakeMessage {
    const server = this.channels.get(channel)?.guild_id;
    const message: FakeMessage = {
      id: this.nextId(),
      channel_id: channel,
      author: anna,
      content: "",
      timestamp: new Date().toISOString(),
      edited_timestamp: null,
      tts: false,
      mention_everyone: false,
      mentions: [],
      mention_roles: [],
      attachments: [],
      embeds: [],
      pinned: false,
      type: 0,
      ...more,
    };
    this.messages.push(message);
    const place = this.channels.get(channel);
    if (place !== undefined) place.last_message_id = message.id;
    else this.channels.set(channel, { id: channel, name: "", type: 1, last_message_id: message.id });
    return server === undefined
      ? message
      : { ...message, guild_id: server, member: { nick: null, roles: [] } };
  }

  async tell(message: FakeMessage, event = "MESSAGE_CREATE"): Promise<void> {
    await this.emit(event, message, message.id);
  }

  /** Resolves when it was acknowledged; with nobody there it is missed. */
  async emit(t: string, d: unknown, message?: string): Promise<void> {
    const session = this.#sessions.findLast(({ isValid }) => isValid);
    if (session === undefined) {
      if (message !== undefined) this.#missed.add(message);
      return;
    }
    const seq = session.emit(t, d);
    if (this.decideEvent() === "repeat") session.emit(t, d);
    const taken = session.whenTaken(seq);
    this.#ask();
    await taken;
    this.#watchers.wake();
  }

  /** Somebody presses a button of ours. */
  async press(channel: string, label: string, by: FakeUser = anna): Promise<void> {
    const message = this.messages.findLast(
      ({ channel_id: place, components = [] }) =>
        place === channel && components.some((row) => row.components.some((each) => each.label === label)),
    );
    const buttons = (message?.components ?? []).flatMap((row) => row.components);
    const custom_id = buttons.find((button) => button.label === label)?.custom_id;
    await this.interact(channel, 3, { custom_id, component_type: 2 }, by, message);
  }

  async interact(
    channel: string,
    type: number,
    data: unknown,
    by: FakeUser = anna,
    message?: FakeMessage,
  ): Promise<void> {
    const place = this.channels.get(channel);
    const guild_id = place?.guild_id;
    const who =
      guild_id === undefined ? { user: by } : { guild_id, member: { user: by, roles: [], nick: null } };
    const id = this.nextId();
    const common = { id, application_id: this.me.id, type, token: `interaction_${id}`, version: 1, data };
    await this.emit("INTERACTION_CREATE", {
      ...common,
      channel_id: channel,
      channel: place,
      message,
      ...who,
    });
  }

  textsOf(channel: string): readonly string[] {
    return this.shownIn(channel).map(({ content }) => readMarkdown(content).text);
  }

  shownIn(channel: string): readonly FakeMessage[] {
    return this.messages.filter(
      ({ channel_id: place, author }) => place === channel && author?.id === this.me.id,
    );
  }

  callsOf(name: string): readonly RestCall[] {
    return this.calls.filter((call) => call.name === name);
  }

  fail(name: string, ...faults: readonly Fault[]): void {
    this.faults.set(name, [...(this.faults.get(name) ?? []), ...faults]);
  }

  /** All that was written has been taken, by an event or by what was fetched. */
  get isTaken(): boolean {
    const isMissed = [...this.#missed].some((id) => !this.#fetched.has(id));
    return !isMissed && !this.#sessions.some(({ isValid, hasWaiting }) => isValid && hasWaiting);
  }

  /** Resolves as soon as it holds: asked before and after every call and event. */
  async until(holds: () => boolean): Promise<void> {
    await this.#watchers.until(holds);
  }

  /** Connections are cut; sessions can be gone on with. */
  disconnect(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  hangUp(code: number): void {
    for (const socket of this.#sockets) socket.close(code);
  }

  /** Says so to whoever is connected: `7`, or `9` and whether the session can be gone on with. */
  order(op: 7 | 9, d: unknown = null): void {
    for (const socket of this.#sockets) socket.send(JSON.stringify({ op, d }));
  }

  /** Nobody can go on with what was: what nobody has told is missed. */
  endSessions(): void {
    for (const session of this.#sessions) {
      session.isValid = false;
      for (const { d, t } of session.events) {
        const { id } = d as { id?: unknown };
        if (t === "MESSAGE_CREATE" && typeof id === "string" && !this.#isOurs(id)) this.#missed.add(id);
      }
      session.acknowledge(session.seq);
    }
  }

  async goAway(): Promise<void> {
    clearTimeout(this.#asking);
    this.#asking = undefined;
    await this.#server?.stop(true);
    this.#server = undefined;
  }

  comeBack(): void {
    this.#server ??= this.#listen(this.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.goAway();
  }

  #isOurs(id: string): boolean {
    return this.messages.some((message) => message.id === id && message.author?.id === this.me.id);
  }

  /** Asks for a heartbeat, which tells what is on disk, until all is. */
  #ask(): void {
    if (this.#asking !== undefined) return;
    const open = this.#sessions.filter(({ isValid, hasWaiting }) => isValid && hasWaiting);
    if (open.length === 0) return;
    if (!this.isSilent) for (const { socket } of open) socket?.send(JSON.stringify({ op: 1, d: null }));
    this.#asking = setTimeout(() => {
      this.#asking = undefined;
      this.#ask();
    }, 4);
  }

  #listen(port: number): Bun.Server<SocketState> {
    return Bun.serve<SocketState>({
      hostname: "127.0.0.1",
      port,
      idleTimeout: 0,
      fetch: async (request, server) => {
        if (new URL(request.url).pathname.startsWith("/gateway")) {
          return server.upgrade(request, { data: {} }) ? undefined : new Response("", { status: 400 });
        }
        try {
          return await this.#handle(request);
        } finally {
          this.#watchers.wake();
        }
      },
      websocket: {
        idleTimeout: 0,
        open: (socket) => {
          this.#sockets.add(socket);
          socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: this.#heartbeatMs } }));
        },
        message: (socket, text) => {
          this.#hear(socket, String(text));
          this.#watchers.wake();
        },
        close: (socket, code) => {
          this.#sockets.delete(socket);
          const session = this.#sessions.find((each) => each.socket === socket);
          if (session !== undefined) session.socket = undefined;
          if (session !== undefined && (code === 1000 || code === 1001)) session.isValid = false;
          this.#watchers.wake();
        },
      },
    });
  }

  #hear(socket: Bun.ServerWebSocket<SocketState>, text: string): void {
    if (this.isSilent) return;
    const { op, d } = JSON.parse(text) as { op: number; d: unknown };
    if (op === 1) {
      const session = this.#sessions.find((each) => each.socket === socket);
      if (typeof d === "number") session?.acknowledge(d);
      socket.send(JSON.stringify({ op: 11 }));
      return;
    }
    if (this.ignoresNext) {
      this.ignoresNext = false;
      return;
    }
    const opening = { op, d: d as Readonly<Record<string, unknown>> };
    this.openings.push(opening);
    const code = opening.d["token"] === this.token ? this.closeNext : 4004;
    this.closeNext = undefined;
    if (code !== undefined) return socket.close(code, "no");
    if (op === 2) return this.#identify(socket);
    const session = this.#sessions.find(({ id, isValid }) => isValid && id === opening.d["session_id"]);
    if (session === undefined) socket.send(JSON.stringify({ op: 9, d: false }));
    else session.resume(socket, Number(opening.d["seq"]));
  }

  #identify(socket: GatewaySocket): void {
    this.limit.remaining -= 1;
    // Only the newest is told anything.
    this.endSessions();
    const session = new GatewaySession(`session${this.#sessions.length + 1}`);
    session.socket = socket;
    this.#sessions.push(session);
    const guilds = [...this.servers.keys()].map((id) => ({ id, unavailable: true }));
    session.emit("READY", {
      v: 10,
      user: this.me,
      guilds,
      session_id: session.id,
      resume_gateway_url: this.gateway,
      application: { id: this.me.id, flags: this.applicationFlags },
    });
    for (const server of this.servers.values()) session.emit("GUILD_CREATE", this.#describeServer(server.id));
  }

  #describeServer(id: string): object {
    const inside = [...this.channels.values()].filter(({ guild_id: of }) => of === id);
    const roles = [{ id: `${id}9`, name: "Nano", tags: { bot_id: this.me.id } }];
    return {
      ...this.servers.get(id),
      roles,
      channels: inside.filter(({ type }) => type < 10),
      threads: inside.filter(({ type }) => type >= 10),
    };
  }

  async #handle(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/attachments/")) {
      const bytes = this.attachments.get(pathname.split("/").at(-1) ?? "");
      return bytes === undefined ? new Response("", { status: 404 }) : new Response(Uint8Array.from(bytes));
    }
    const call = await parseCall(request);
    this.calls.push(call);
    this.#watchers.wake();
    if (call.name !== "callback" && request.headers.get("authorization") !== `Bot ${this.token}`) {
      return refuse(401, 0, "401: Unauthorized");
    }
    const fault = this.faults.get(call.name)?.shift() ?? this.decide(call);
    if (fault?.type === "error") {
      return Response.json(fault.body, {
        status: fault.status,
        ...(fault.headers && { headers: fault.headers }),
      });
    }
    if (fault?.type === "page") return new Response("<html>error</html>", { status: fault.status });
    if (fault?.type === "drop") return cutResponse();
    if (fault?.type === "hang") return await new Promise<Response>(() => {});
    const response = this.#answer(call);
    return fault?.type === "lose" ? cutResponse() : response;
  }

  #answer(call: RestCall): Response {
    const [, , id = "", , message = "", , emoji = ""] = call.path.split("/");
    switch (call.name) {
      case "me":
        return Response.json(this.me);
      case "application":
        return Response.json({
          id: this.me.id,
          name: "Nano",
          flags: this.applicationFlags,
          bot_public: false,
          owner: anna,
          team: this.team,
        });
      case "open":
        return this.#open(call);
      case "gateway":
        return Response.json({ url: this.gateway, shards: 1, session_start_limit: this.limit });
      case "commands":
        return Response.json(call.body);
      case "channel": {
        const channel = this.channels.get(id);
        return channel === undefined ? refuse(404, 10_003, "Unknown Channel") : Response.json(channel);
      }
      case "server":
        return this.servers.has(id)
          ? Response.json(this.#describeServer(id))
          : refuse(404, 10_004, "Unknown Guild");
      case "history":
        return this.#history(id, call.query);
      case "send":
        return this.#show(id, call);
      case "callback":
        this.callbacks.push(call);
        return new Response(null, { status: 204 });
      case "typing":
        return new Response(null, { status: 204 });
      default: {
        const found = this.messages.find((each) => each.id === message && each.channel_id === id);
        if (call.name === "unknown" || found === undefined) return refuse(404, 10_008, "Unknown Message");
        return this.#change(found, call, decodeURIComponent(emoji));
      }
    }
  }

  /** The private chat with somebody, which is there for ever; a bot is named none of them. */
  #open({ body }: RestCall): Response {
    const { recipient_id: person } = body as { readonly recipient_id?: string };
    if (person === undefined || person === this.me.id) return refuse(400, 50_033, "Invalid Recipient(s)");
    const written = this.messages.find(
      ({ author, channel_id: channel }) =>
        author?.id === person && this.channels.get(channel)?.guild_id === undefined,
    );
    const id = written?.channel_id ?? this.nextId();
    if (!this.channels.has(id)) this.channels.set(id, { id, name: "", type: 1, last_message_id: null });
    return Response.json({ ...this.channels.get(id), recipients: [{ id: person }] });
  }

  #history(channel: string, query: URLSearchParams): Response {
    const after = BigInt(query.get("after") ?? "0");
    const found = this.messages.filter(
      ({ id, channel_id: place }) => place === channel && BigInt(id) > after,
    );
    const page = found.slice(0, Number(query.get("limit") ?? 50));
    for (const { id } of page) this.#fetched.add(id);
    return Response.json(page.map(({ nonce: _, ...message }) => message).toReversed());
  }

  #show(channel: string, call: RestCall): Response {
    const body = call.body as Record<string, unknown>;
    const problem = findMessageProblem(call);
    if (problem !== undefined) return refuse(400, 50_035, "Invalid Form Body", problem);
    const nonce = body["nonce"] as string | undefined;
    const known = nonce === undefined ? undefined : this.#nonces.get(nonce);
    if (known !== undefined && body["enforce_nonce"] === true && Date.now() - known.at < nonceMs) {
      return Response.json(known.message);
    }
    const reference = body["message_reference"] as
      | { message_id?: string; fail_if_not_exists?: boolean }
      | undefined;
    const answered = this.messages.some(
      ({ id, channel_id: at }) => id === reference?.message_id && at === channel,
    );
    if (reference !== undefined && !answered && reference.fail_if_not_exists !== false) {
      return refuse(400, 50_035, "Invalid Form Body", "message_reference: Unknown message");
    }
    const message = this.createMessage(channel, {
      author: this.me,
      content: typeof body["content"] === "string" ? body["content"] : "",
      components: (body["components"] ?? []) as NonNullable<FakeMessage["components"]>,
      flags: body["flags"],
      ...(nonce === undefined ? {} : { nonce }),
      ...(answered ? { message_reference: reference } : {}),
      ...(call.file === undefined ? {} : { file: call.file }),
    });
    if (nonce !== undefined) this.#nonces.set(nonce, { message, at: Date.now() });
    this.#sessions.findLast(({ isValid }) => isValid)?.emit("MESSAGE_CREATE", message);
    return Response.json(message);
  }

  #change(message: FakeMessage, { name, body }: RestCall, emoji: string): Response {
    if (name === "message") return Response.json(message);
    if (name === "edit") {
      const { content, components } = body as { content?: string; components?: FakeMessage["components"] };
      if ((content ?? "").length > 2000) return refuse(400, 50_035, "Invalid Form Body");
      if (content !== undefined) message.content = content;
      if (components !== undefined) message.components = components;
      return Response.json(message);
    }
    const others = (message.reactions ?? []).filter((each) => each.emoji.name !== emoji);
    const own = name === "react" ? [{ emoji: { name: emoji }, me: true }] : [];
    message.reactions = [...others, ...own];
    return new Response(null, { status: 204 });
  }
}

type SocketState = Readonly<Record<string, never>>;

export const anna: FakeUser = { id: "77", username: "anna", global_name: "Anna", discriminator: "0" };

function refuse(status: number, code: number, message: string, detail?: string): Response {
  const errors =
    detail === undefined ? {} : { errors: { content: { _errors: [{ code: "X", message: detail }] } } };
  return Response.json({ message, code, ...errors }, { status });
}
