export interface FakeOpenRouter extends AsyncDisposable {
  readonly base: string;
  /** The person visits the page and agrees: where the browser is sent next. */
  agree(authUrl: string): Promise<string>;
  /** Bodies of exchanges, as they came. */
  readonly exchanges: readonly Record<string, unknown>[];
  readonly key: string;
}

/** OpenRouter's sign-in: a page that makes single-use codes, and the exchange that checks S256. */
export function startFakeOpenRouter(): FakeOpenRouter {
  const challenges = new Map<string, string>();
  const exchanges: Record<string, unknown>[] = [];
  const key = `sk-or-v1-${crypto.randomUUID()}`;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    routes: {
      "/auth": (request) => {
        const query = new URL(request.url).searchParams;
        const callback = query.get("callback_url");
        const challenge = query.get("code_challenge");
        if (callback === null || challenge === null || query.get("code_challenge_method") !== "S256") {
          return new Response("bad request", { status: 400 });
        }
        const code = crypto.randomUUID();
        challenges.set(code, challenge);
        const next = new URL(callback);
        next.searchParams.set("code", code);
        return Response.redirect(next.href, 302);
      },
      "/api/v1/auth/keys": {
        POST: async (request) => {
          const body: unknown = await request.json();
          if (!isRecord(body)) return new Response("bad request", { status: 400 });
          exchanges.push(body);
          const challenge = challenges.get(String(body["code"]));
          challenges.delete(String(body["code"]));
          const digest = new Bun.CryptoHasher("sha256")
            .update(String(body["code_verifier"]))
            .digest("base64url");
          if (challenge === undefined || digest !== challenge) {
            return Response.json({ error: { message: "Invalid code or code_verifier" } }, { status: 403 });
          }
          return Response.json({ key });
        },
      },
    },
  });
  return {
    base: server.url.origin,
    exchanges,
    key,
    async agree(authUrl) {
      const response = await fetch(authUrl, { redirect: "manual" });
      const next = response.headers.get("location");
      if (next === null) throw new Error(`no redirect: ${response.status}`);
      return next;
    },
    async [Symbol.asyncDispose]() {
      await server.stop(true);
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
