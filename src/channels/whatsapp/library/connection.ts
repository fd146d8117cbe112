import type { BinaryNode } from "baileys";
import { openLocalWay, type DialGuard, type WayOut } from "../../../egress/dial.ts";
import { toCallFailure } from "../../call-failure.ts";
import { createGuard } from "../guard.ts";
import {
  codeRefused,
  type LibraryAnswer,
  type LibraryRequest,
  type Order,
  type OwnIds,
  type Report,
} from "../wire.ts";
import { Arrivals } from "./arrivals.ts";
import { answerCall, findSent } from "./calls.ts";
import type { Library, Socket } from "./load.ts";
import { Outlet } from "./outlet.ts";
import { watchSilence } from "./watch-silence.ts";
import { silentLogger } from "./silent-logger.ts";
import { LibraryState } from "./state.ts";

type Agent = NonNullable<Parameters<Library["makeWASocket"]>[0]["agent"]>;
type Begin = Extract<Order, { type: "begin" }>;

export interface ConnectionEnds {
  readonly report: (report: Report) => void;
  /** Hands over what has to be on disk. Resolves when it is. */
  readonly commit: (batch: Omit<Extract<Report, { type: "batch" }>, "type" | "batch">) => Promise<void>;
}

/** When a connection of which nothing comes is asked whether it stands, and when it is given up. */
export interface LivenessTimes {
  readonly askAfterMs: number;
  readonly giveUpAfterMs: number;
}

/** What tests set otherwise. */
export interface ConnectionOptions {
  readonly times?: LivenessTimes;
  readonly guard?: Pick<DialGuard, "lookup" | "allowsAddress">;
}

const usualTimes: LivenessTimes = { askAfterMs: 30_000, giveUpAfterMs: 45_000 };

/** The server ends a connection when a link is made, and wants a new one. */
const restartRequired = 515;

/** What the person sees in the list of linked devices. */
const device: [string, string, string] = ["NanoClaw", "Chrome", "1.0"];
const commonSystem = "Linux";

/** One account of WhatsApp, connected until it is lost. */
export class Connection {
  readonly #library: Library;
  readonly #begin: Begin;
  readonly #ends: ConnectionEnds;
  readonly #options: ConnectionOptions;
  readonly #times: LivenessTimes;
  readonly #stop = new AbortController();
  readonly #state: LibraryState;
  #socket: Socket | undefined;
  #isCodeAsked = false;
  #isOpen = false;
  #way: WayOut | undefined;
  /** Why the dialer made no connection: the library knows only that there is none. */
  #refusal: string | undefined;

  constructor(library: Library, begin: Begin, ends: ConnectionEnds, options: ConnectionOptions = {}) {
    this.#library = library;
    this.#begin = begin;
    this.#ends = ends;
    this.#options = options;
    this.#times = options.times ?? usualTimes;
    this.#state = new LibraryState(library, begin.state);
  }

  /** Never rejects: what fails is reported. */
  async open(): Promise<void> {
    const { url, proxy } = this.#begin;
    const { hostname: host, port, protocol } = new URL(url);
    const place = { host, port: Number(port) || (protocol === "wss:" ? 443 : 80) };
    const guard = { ...createGuard(url, proxy), ...this.#options.guard };
    try {
      this.#way = await openLocalWay(place, guard, this.#stop.signal, (error) => {
        this.#refusal = toPart(toCallFailure(error).reason);
      });
      this.#connect(this.#way.proxy);
    } catch (error) {
      const reason = toPart(error instanceof Error ? error.message : String(error));
      this.#ends.report({ type: "closed", code: 0, reason });
    }
  }

  #connect(proxy: string): void {
    const library = this.#library;
    const browser: typeof device = [...device];
    const socket = library.makeWASocket({
      auth: { creds: this.#state.creds, keys: this.#state.keys() },
      logger: silentLogger,
      waWebSocketUrl: this.#begin.url,
      browser,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Of an agent Bun's WebSocket takes the proxy, and nothing else.
      agent: { proxy } as unknown as Agent,
      keepAliveIntervalMs: this.#times.askAfterMs,
      syncFullHistory: false,
      markOnlineOnConnect: false,
      emitOwnEvents: false,
      generateHighQualityLinkPreview: false,
      shouldSyncHistoryMessage: () => false,
      shouldIgnoreJid: (id) => library.isJidStatusBroadcast(id) || library.isJidNewsletter(id),
      getMessage: async ({ id }) => findSent(id ?? "", { library, state: this.#state }),
    });
    this.#socket = socket;
    const { giveUpAfterMs } = this.#times;
    const watch = watchSilence(socket, giveUpAfterMs, () =>
      this.#lose(socket, 0, `nothing has come for ${giveUpAfterMs / 1000} seconds, though it was asked`),
    );
    const arrivals = new Arrivals(library, socket, () => outlet.wake());
    const outlet = new Outlet({
      settle: () => (arrivals.areThere || this.#state.hasChanged ? this.#settle(arrivals) : undefined),
      onFailure: (error) => this.#lose(socket, 0, String(error)),
    });
    guardDoor(socket, outlet);
    socket.ev.on("creds.update", (changes) => {
      this.#state.changeCreds(changes);
      outlet.wake();
    });
    socket.ev.on("connection.update", ({ connection, lastDisconnect, qr }) => {
      if (qr !== undefined) void this.#offerLink(socket, browser, qr);
      if (connection === "open") {
        this.#isOpen = true;
        this.#refusal = undefined;
        this.#ends.report({ type: "open", me: toOwnIds(this.#state) });
      }
      if (connection === "close") {
        watch[Symbol.dispose]();
        this.#onClose(socket, lastDisconnect?.error);
      }
    });
  }

  async call(request: LibraryRequest): Promise<LibraryAnswer> {
    const socket = this.#socket;
    // Before the handshake is over the library would send it all the same, as it is.
    if (socket === undefined || !this.#isOpen) return { type: "not-sent", reason: "there is no connection" };
    return await answerCall(request, { library: this.#library, socket, state: this.#state });
  }

  async close(): Promise<void> {
    await this.#socket?.end(undefined);
    this.#stop.abort();
    this.#way?.[Symbol.dispose]();
  }

  async #settle(arrivals: Arrivals): Promise<void> {
    const messages = await arrivals.take();
    await this.#ends.commit({ messages, state: this.#state.takeChanges() });
  }

  async #offerLink(socket: Socket, browser: typeof device, picture: string): Promise<void> {
    const { phone } = this.#begin;
    if (phone === undefined) return this.#ends.report({ type: "picture", text: picture });
    if (this.#isCodeAsked) return;
    this.#isCodeAsked = true;
    // The library hands out a code whether WhatsApp takes it or not: its refusal comes as an answer that nobody waits for.
    socket.ws.on("CB:iq,type:error", (node: BinaryNode) => this.#lose(socket, codeRefused, toRefusal(node)));
    // WhatsApp takes a code only from a browser on a system that it knows; who we are was said before, and is what is seen.
    browser[0] = commonSystem;
    const taken = Promise.withResolvers<void>();
    socket.ws.on("CB:iq,type:result", () => taken.resolve());
    try {
      const code = await socket.requestPairingCode(phone);
      await taken.promise;
      this.#ends.report({ type: "code", code });
    } catch (error) {
      this.#lose(socket, 0, String(error));
    }
  }

  /** It ends for us here, whatever the library still does with it. */
  #lose(socket: Socket, code: number, reason: string): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#isOpen = false;
    this.#ends.report({ type: "closed", code, reason });
    void socket.end(undefined);
  }

  #onClose(socket: Socket, error: Error | undefined): void {
    if (this.#socket !== socket) return;
    this.#isOpen = false;
    const code = toStatus(error);
    if (code === restartRequired && this.#way !== undefined) return this.#connect(this.#way.proxy);
    this.#ends.report({ type: "closed", code, reason: this.#refusal ?? error?.message ?? "it was closed" });
  }
}

/** All that the library sends goes through the outlet; it is told at once that it went. Throws where the library is built otherwise. */
function guardDoor({ ws }: Socket, outlet: Outlet): void {
  const door: unknown = Object.getOwnPropertyDescriptor(ws, "socket")?.value;
  if (!isDoor(door)) throw new Error("the library has no such door");
  const leave = door.send.bind(door);
  door.send = (bytes, callback) => {
    outlet.push(() => {
      if (ws.isOpen) leave(bytes);
    });
    callback?.();
  };
}

interface Door {
  send(bytes: unknown, callback?: () => void): void;
}

function isDoor(value: unknown): value is Door {
  return typeof value === "object" && value !== null && "send" in value && typeof value.send === "function";
}

function toOwnIds({ creds: { me } }: LibraryState): OwnIds {
  return {
    phone: me?.id ?? "",
    ...(me?.lid === undefined ? {} : { hidden: me.lid }),
    ...(me?.name === undefined ? {} : { name: me.name }),
  };
}

function toRefusal({ content }: BinaryNode): string {
  const error = Array.isArray(content) ? content.find(({ tag }) => tag === "error") : undefined;
  const { text = "no reason was given", code = "" } = error?.attrs ?? {};
  return `${text} ${code}`.trim();
}

/** Of a sentence of another. */
function toPart(sentence: string): string {
  return sentence.replace(/\.$/, "");
}

function toStatus(error: Error | undefined): number {
  if (error === undefined || !("output" in error)) return 0;
  const { output } = error;
  if (typeof output !== "object" || output === null || !("statusCode" in output)) return 0;
  return Number(output.statusCode);
}
