export interface ShelvedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The conversations in which it is shown. */
  readonly shares: string[];
}

/** Slack's files: nobody sees one before it is shared, and whoever may not have one gets a page. */
export class FileShelf {
  readonly #files = new Map<string, ShelvedFile>();
  /** Files that lie somewhere else, as whoever asks for them is told. */
  readonly moved = new Map<string, string>();

  /** Returns its id. */
  add(id: string, name: string, text = ""): string {
    this.#files.set(id, { name, bytes: new TextEncoder().encode(text), shares: [] });
    return id;
  }

  find(id: string): ShelvedFile | undefined {
    return this.#files.get(id);
  }

  describe(id: string): object | undefined {
    const file = this.#files.get(id);
    if (file === undefined) return undefined;
    return { private: Object.fromEntries(file.shares.map((channel) => [channel, [{ ts: "1.0" }]])) };
  }

  async take(id: string, request: Request): Promise<Response> {
    const file = this.#files.get(id);
    if (file === undefined) return new Response("no", { status: 404 });
    const bytes = new Uint8Array(await request.arrayBuffer());
    this.#files.set(id, { ...file, bytes });
    return new Response(`OK - ${bytes.length}`);
  }

  give(id: string, request: Request, token: string): Response {
    const file = this.#files.get(id);
    const place = this.moved.get(id);
    if (place !== undefined) return new Response(null, { status: 302, headers: { location: place } });
    if (request.headers.get("authorization") !== `Bearer ${token}`) {
      const headers = { "content-type": "text/html; charset=utf-8" };
      return new Response("<html>Sign in</html>", { headers });
    }
    return file === undefined ? new Response("", { status: 404 }) : new Response(Uint8Array.from(file.bytes));
  }
}
