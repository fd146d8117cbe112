import type { Socket } from "bun";
import { makeCertificateFor } from "../../fakes/certificate.ts";
import { answerName, readQuestion, type Zone } from "./name-server.ts";
import { countStrays, places } from "./network.ts";

/** Something that arrived. */
export interface Arrival {
  readonly by: "tcp" | "tls" | "udp" | "dns";
  /** Where it was sent. */
  readonly to: string;
  readonly text: string;
}

export interface SinkholeOptions {
  /** What the stand-in for the metadata address tells everybody who asks. */
  readonly metadata: string;
}

const tcpPorts = [25, 53, 80, 6667, 8080] as const;
const udpPorts = [123, 443, 5353, 9999] as const;

/**
 * All of the world outside: a resolver, and at every address a server that keeps what it is sent. It answers HTTP with what it
 * was asked, so that an attacker who gets through also sees that he did, and sends on to whatever stands behind `/redirect/`.
 */
export class Sinkhole implements AsyncDisposable {
  readonly #arrivals: Arrival[] = [];
  readonly #scope = new DisposableStack();
  readonly #zone: Zone = new Map();
  #straysBefore = 0;

  static async open(options: SinkholeOptions): Promise<Sinkhole> {
    const sinkhole = new Sinkhole();
    await sinkhole.#listen(options);
    await sinkhole.clear();
    return sinkhole;
  }

  /** Since the last `clear`. */
  get arrivals(): readonly Arrival[] {
    return this.#arrivals;
  }

  /** What names mean: a list is answered in turn, its last for ever. */
  setName(name: string, ...answers: readonly (readonly string[])[]): void {
    this.#zone.set(name, [...answers]);
  }

  async clear(): Promise<void> {
    this.#arrivals.length = 0;
    this.#straysBefore = await countStrays();
  }

  /** All that left since the last `clear`, in words. */
  async describe(): Promise<string | undefined> {
    const strays = (await countStrays()) - this.#straysBefore;
    const words = [
      ...this.#arrivals.map(({ by, to, text }) => `${by} to ${to}: ${JSON.stringify(text.slice(0, 120))}`),
      ...(strays > 0 ? [`${strays} packets to where nobody listens`] : []),
    ];
    return words.length === 0 ? undefined : words.join("; ");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#scope.dispose();
  }

  async #listen({ metadata }: SinkholeOptions): Promise<void> {
    const keep = (arrival: Arrival): void => void this.#arrivals.push(arrival);
    const answer = (to: string, text: string): string => (to === places.metadata ? metadata : text);
    for (const port of tcpPorts) this.#own(listenTcp(port, keep, answer));
    this.#own(
      listenTcp(
        443,
        keep,
        answer,
        makeCertificateFor("20200101000000Z", "20400101000000Z", "DNS:good.test,DNS:evil.test"),
      ),
    );
    for (const port of udpPorts) {
      const socket = await Bun.udpSocket({
        hostname: "0.0.0.0",
        port,
        socket: { data: (_, data) => keep({ by: "udp", to: String(port), text: data.toString("latin1") }) },
      });
      this.#scope.defer(() => socket.close());
    }
    const zone = this.#zone;
    const names = await Bun.udpSocket({
      hostname: "0.0.0.0",
      port: 53,
      socket: {
        data(socket, data, port, address) {
          const question = readQuestion(data);
          if (question === undefined) return;
          keep({ by: "dns", to: "a resolver", text: question.name });
          socket.send(answerName(data, question, zone), port, address);
        },
      },
    });
    this.#scope.defer(() => names.close());
  }

  #own(listener: { stop(closeActive?: boolean): void }): void {
    this.#scope.defer(() => listener.stop(true));
  }
}

interface Peer {
  text: string;
}

function listenTcp(
  port: number,
  keep: (arrival: Arrival) => void,
  answer: (to: string, text: string) => string,
  tls?: { readonly key: string; readonly cert: string },
) {
  const by = tls === undefined ? "tcp" : "tls";
  return Bun.listen<Peer>({
    hostname: "0.0.0.0",
    port,
    ...(tls === undefined ? {} : { tls }),
    socket: {
      open(socket) {
        socket.data = { text: "" };
      },
      data(socket, data) {
        socket.data.text += data.toString("latin1");
        if (isWhole(socket.data.text)) respond(socket);
      },
      close(socket) {
        if (socket.data.text !== "answered") keep({ by, to: toPlace(socket), text: socket.data.text });
      },
      error() {},
    },
  });

  function respond(socket: Socket<Peer>): void {
    const { text } = socket.data;
    keep({ by, to: toPlace(socket), text });
    socket.data.text = "answered";
    const onward = /^\w+ (?:http:\/\/[^/ ]+)?\/redirect\/(\S+)/.exec(text)?.[1];
    const body = answer(socket.localAddress, `reached ${socket.localAddress}\n${text}`);
    socket.write(
      [
        ...(onward === undefined
          ? ["HTTP/1.1 200 OK"]
          : ["HTTP/1.1 302 Found", `Location: ${decodeURIComponent(onward)}`]),
        ...["Content-Type: text/plain", `Content-Length: ${body.length}`, "Connection: close"],
        `\r\n${body}`,
      ].join("\r\n"),
    );
    socket.end();
  }

  function toPlace(socket: Socket<Peer>): string {
    return `${socket.localAddress}:${port}`;
  }
}

/** The head of a request and the body that it announces. */
function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1] ?? 0);
  return text.length >= end + 4 + length;
}
