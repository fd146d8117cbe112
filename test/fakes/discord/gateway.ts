export interface GatewayEvent {
  readonly op: 0;
  readonly s: number;
  readonly t: string;
  readonly d: unknown;
}

export interface GatewaySocket {
  send(text: string): unknown;
  close(code?: number, reason?: string): void;
  terminate(): void;
}

/** A session: its events are kept until they are acknowledged, and sent again to who comes back to it. */
export class GatewaySession {
  readonly id: string;
  seq = 0;
  /** The last event that is known to be on the other side's disk. */
  taken = 0;
  events: GatewayEvent[] = [];
  socket: GatewaySocket | undefined;
  isValid = true;
  #waiting: { readonly seq: number; readonly done: () => void }[] = [];

  constructor(id: string) {
    this.id = id;
  }

  /** Returns its number. */
  emit(t: string, d: unknown): number {
    this.seq += 1;
    const event: GatewayEvent = { op: 0, s: this.seq, t, d };
    this.events.push(event);
    this.socket?.send(JSON.stringify(event));
    return this.seq;
  }

  acknowledge(seq: number): void {
    if (seq <= this.taken) return;
    this.taken = seq;
    this.events = this.events.filter(({ s }) => s > seq);
    const done = this.#waiting.filter((each) => each.seq <= seq);
    this.#waiting = this.#waiting.filter((each) => each.seq > seq);
    for (const each of done) each.done();
  }

  /** Resolves when the event is acknowledged. */
  whenTaken(seq: number): Promise<void> {
    if (seq <= this.taken) return Promise.resolve();
    return new Promise((done) => this.#waiting.push({ seq, done }));
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  resume(socket: GatewaySocket, seq: number): void {
    this.socket = socket;
    this.acknowledge(seq);
    for (const event of this.events) socket.send(JSON.stringify(event));
    this.emit("RESUMED", {});
  }
}
