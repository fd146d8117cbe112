import { SilentRelay } from "../silent-relay.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface Link {
  readonly id: number;
  isSilent: boolean;
}

type Socket = Bun.ServerWebSocket<Link>;

interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly payload: Fields;
  readonly done: (payload: unknown) => void;
  attempts: number;
  sentAt: number;
  /** By which connection it went last. */
  link: number | undefined;
}

/** The connections of Socket Mode: an event goes to one of them, and again to another until it is acknowledged. */
export class SocketHub implements Disposable {
  /** Asked before an event goes out. */
  decide: (payload: Fields) => "drop" | "twice" | undefined = () => undefined;
  /** Between an event and its acknowledgement, in milliseconds. */
  readonly ackTimes: number[] = [];
  /** So many connections there have been. */
  opened = 0;
  readonly #wake: () => void;
  readonly #relay: SilentRelay;
  readonly #sockets = new Set<Socket>();
  #waiting: Envelope[] = [];

  constructor(target: () => number, wake: () => void) {
    this.#relay = new SilentRelay(target);
    this.#wake = wake;
  }

  /** Behind a network that can fall silent. */
  get port(): number {
    return this.#relay.port;
  }

  get links(): number {
    return this.#sockets.size;
  }

  get unacknowledged(): number {
    return this.#waiting.length;
  }

  createLink(): Link {
    this.opened += 1;
    return { id: this.opened, isSilent: false };
  }

  readonly handler: Bun.WebSocketHandler<Link> = {
    sendPings: false,
    idleTimeout: 0,
    open: (socket) => this.#greet(socket),
    message: (socket, text) => this.#take(socket, String(text)),
    close: (socket) => this.#lose(socket),
  };

  /** Resolves with the payload of its acknowledgement. */
  async send(type: string, payload: Fields): Promise<unknown> {
    const fate = this.decide(payload);
    if (fate === "drop") return undefined;
    if (fate === "twice") void this.#queue(type, payload);
    return await this.#queue(type, payload);
  }

  /** Slack wants its connections back. */
  refresh(reason: "warning" | "refresh_requested" | "link_disabled" = "refresh_requested"): void {
    const frame = { type: "disconnect", reason, debug_info: { host: "fake" } };
    for (const socket of this.#sockets) socket.send(JSON.stringify(frame));
  }

  /** A connection that was handed out goes, as Slack closes one after a warning. */
  closeOldest(): void {
    const [oldest] = this.#sockets;
    oldest?.close(1000);
  }

  /** A frame of any shape, to whoever listens. */
  sendRaw(text: string): void {
    for (const socket of this.#sockets) socket.send(text);
  }

  disconnect(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  /** Connections stay open and say nothing any more, not even to a ping. */
  fallSilent(): void {
    for (const { data } of this.#sockets) data.isSilent = true;
    this.#relay.fallSilent();
  }

  /** What is not acknowledged yet never comes again. */
  giveUp(): void {
    for (const { done } of this.#waiting.splice(0)) done(undefined);
  }

  clear(): void {
    this.#sockets.clear();
  }

  [Symbol.dispose](): void {
    this.#relay[Symbol.dispose]();
  }

  async #queue(type: string, payload: Fields): Promise<unknown> {
    const { promise, resolve: done } = Promise.withResolvers<unknown>();
    const id = crypto.randomUUID();
    const envelope: Envelope = { id, type, payload, done, attempts: 0, sentAt: 0, link: undefined };
    this.#waiting.push(envelope);
    const socket = [...this.#sockets].findLast(({ data }) => !data.isSilent);
    if (socket !== undefined) this.#hand(envelope, socket);
    return await promise;
  }

  #hand(envelope: Envelope, socket: Socket): void {
    const { id, type, payload, attempts } = envelope;
    envelope.attempts += 1;
    envelope.link = socket.data.id;
    envelope.sentAt = performance.now();
    const frame = {
      envelope_id: id,
      type,
      payload,
      accepts_response_payload: type !== "events_api",
      retry_attempt: attempts,
      retry_reason: attempts === 0 ? "" : "timeout",
    };
    socket.send(JSON.stringify(frame));
  }

  #greet(socket: Socket): void {
    this.#sockets.add(socket);
    const frame = {
      type: "hello",
      num_connections: this.#sockets.size,
      debug_info: { host: "fake", approximate_connection_time: 3600 },
      connection_info: { app_id: "A1" },
    };
    socket.send(JSON.stringify(frame));
    const open = new Set([...this.#sockets].filter(({ data }) => !data.isSilent).map(({ data }) => data.id));
    for (const envelope of this.#waiting) {
      if (envelope.link === undefined || !open.has(envelope.link)) this.#hand(envelope, socket);
    }
    this.#wake();
  }

  #take(socket: Socket, text: string): void {
    if (socket.data.isSilent) return;
    const { envelope_id: id, payload } = JSON.parse(text) as { envelope_id?: string; payload?: unknown };
    const envelope = this.#waiting.find((each) => each.id === id);
    if (envelope !== undefined) this.ackTimes.push(performance.now() - envelope.sentAt);
    this.#waiting = this.#waiting.filter((each) => each !== envelope);
    envelope?.done(payload);
    this.#wake();
  }

  #lose(socket: Socket): void {
    this.#sockets.delete(socket);
    const other = [...this.#sockets].find(({ data }) => !data.isSilent);
    for (const envelope of this.#waiting.filter(({ link }) => link === socket.data.id)) {
      envelope.link = undefined;
      if (other !== undefined) this.#hand(envelope, other);
    }
    this.#wake();
  }
}
