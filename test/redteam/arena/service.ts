/** What the service was asked, as it arrived. */
export interface Use {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const pauseMs = 400;

/**
 * A service of the owner's on this machine, for which he has a secret. It repeats what it was sent, in whatever form the end of the
 * path asks for, as badly written services do.
 */
export class Service implements Disposable {
  readonly #server: ReturnType<typeof Bun.serve>;
  #uses: Use[] = [];

  constructor() {
    this.#server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => this.#serve(request) });
  }

  /** What a grant is bound to. */
  get base(): string {
    return `http://127.0.0.1:${this.#server.port}/api`;
  }

  get uses(): readonly Use[] {
    return this.#uses;
  }

  clear(): void {
    this.#uses = [];
  }

  [Symbol.dispose](): void {
    void this.#server.stop(true);
  }

  async #serve(request: Request): Promise<Response> {
    const { pathname, search, searchParams } = new URL(request.url);
    const headers = Object.fromEntries(request.headers);
    const sent = { method: request.method, path: pathname + search, headers, body: await request.text() };
    this.#uses.push(sent);
    const secret = headers["authorization"] ?? headers["x-token"] ?? searchParams.get("key") ?? "";
    const bytes = Buffer.from(secret);
    switch (pathname.split("/").at(-1)) {
      case "plain":
        return new Response(`You are ${secret}.`);
      case "headers":
        return new Response("see above", {
          statusText: secret,
          headers: { "x-you": secret, "set-cookie": `session=${secret}`, link: `<http://x/${secret}>` },
        });
      case "base64":
        return new Response(
          ["", "a", "ab"].map((before) => Buffer.from(`${before}${secret}::`).toString("base64")).join("\n"),
        );
      case "hex":
        return new Response(bytes.toString("hex"));
      case "error":
        return new Response(`<pre>no such thing: ${JSON.stringify(sent)}</pre>`, { status: 500 });
      case "pieces":
        return new Response(toPieces(secret.split(""), 5));
      case "part":
        return new Response(secret.slice(0, -1), {
          status: 206,
          headers: { "content-range": "bytes 0-9/99" },
        });
      case "packed":
        return new Response(Bun.gzipSync(bytes), { headers: { "content-encoding": "gzip" } });
      case "say":
        // It says what it was told to, and then thinks.
        return new Response(toPieces([searchParams.get("text") ?? "", " and so on\n"], pauseMs));
      case "away":
        return new Response(null, { status: 302, headers: { location: searchParams.get("to") ?? "" } });
      default:
        return Response.json({ login: "anna" });
    }
  }
}

function toPieces(pieces: readonly string[], ms: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(controller) {
      for (const piece of pieces) {
        controller.enqueue(Buffer.from(piece));
        await Bun.sleep(ms);
      }
      controller.close();
    },
  });
}
