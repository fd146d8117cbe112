import { guardedConnect } from "../../src/egress/dial.ts";
import { toWireHandler, type Wire } from "../../src/wire.ts";

const signal = new AbortController().signal;
const anywhere = { allow: () => true, allowsAddress: () => true };

/** An HTTP proxy that leads every name to this machine, at the port that is asked for, and says what it was asked. */
export class ConnectProxy implements Disposable {
  readonly asked: string[] = [];
  readonly #listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    allowHalfOpen: true,
    socket: toWireHandler((wire) => void this.#serve(wire)),
  });

  get url(): string {
    return `http://127.0.0.1:${this.#listener.port}`;
  }

  async #serve(near: Wire): Promise<void> {
    const head = Buffer.from((await near.read()) ?? []).toString();
    const [, place = "", port = ""] = /^CONNECT (\S+):(\d+) /.exec(head) ?? [];
    this.asked.push(`${place}:${port}`);
    const far = await guardedConnect("127.0.0.1", Number(port), anywhere, signal).catch(() => undefined);
    await near.write(
      `HTTP/1.1 ${far === undefined ? "502 Bad Gateway" : "200 Connection Established"}\r\n\r\n`,
    );
    if (far === undefined) return near.end();
    await Promise.all([pass(near, far), pass(far, near)]);
  }

  [Symbol.dispose](): void {
    this.#listener.stop(true);
  }
}

async function pass(from: Wire, to: Wire): Promise<void> {
  for (let chunk = await from.read(); chunk !== undefined; chunk = await from.read())
    if (!(await to.write(chunk))) break;
  to.end();
}
