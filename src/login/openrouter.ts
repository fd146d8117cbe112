import { AppError } from "../errors.ts";
import { exchangeCode } from "../providers/openrouter-exchange.ts";
import type { Secret } from "../secret.ts";
import { loginWords } from "../words/english/login.ts";

export interface OpenRouterLogin {
  /** `https://openrouter.ai`, or what stands for it. */
  readonly base: string;
  readonly timeoutMs: number;
  /** Called once with the address to visit, as soon as we listen for the answer. */
  readonly show: (url: string) => Promise<void>;
}

/**
 * Signs in through the browser (OAuth with PKCE, S256) and returns the key that OpenRouter made for us.
 * Throws `AppError`: `timeout`, `denied` by the person there, `provider-auth`, `network`.
 */
export async function loginWithOpenRouter(login: OpenRouterLogin, signal: AbortSignal): Promise<Secret> {
  const verifier = randomText();
  const deadline = AbortSignal.timeout(login.timeoutMs);
  const either = AbortSignal.any([signal, deadline]);
  try {
    const code = await receiveCode(login, await toChallenge(verifier), either);
    return await exchangeCode(login.base, { code, verifier }, either);
  } catch (error) {
    if (!deadline.aborted || signal.aborted) throw error;
    throw new AppError("timeout", loginWords.late(), { cause: error });
  }
}

/**
 * Listens on 127.0.0.1 for one visit to an address that nobody can guess. The state travels in the callback's own
 * query, since OpenRouter has no parameter for it, and its address says localhost, as OpenRouter asks of local apps.
 */
async function receiveCode(login: OpenRouterLogin, challenge: string, signal: AbortSignal): Promise<string> {
  const path = `/${randomText()}`;
  const state = randomText();
  const answer = Promise.withResolvers<string>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(visit) {
      const url = new URL(visit.url);
      if (visit.method !== "GET" || url.pathname !== path) return page("There is nothing here.", 404);
      if (url.searchParams.get("state") !== state) {
        return page("This is not the sign-in that was begun. Nothing was changed.", 400);
      }
      const code = url.searchParams.get("code");
      if (code !== null && code !== "") {
        answer.resolve(code);
        return page("You are signed in. You can close this page and go back to the terminal.", 200);
      }
      answer.reject(new AppError("denied", loginWords.declined()));
      return page("The sign-in was declined. You can close this page.", 200);
    },
  });
  function cancel(): void {
    answer.reject(signal.reason);
  }
  signal.addEventListener("abort", cancel, { once: true });
  try {
    signal.throwIfAborted();
    const url = new URL("/auth", login.base);
    url.searchParams.set("callback_url", `http://localhost:${server.port}${path}?state=${state}`);
    url.searchParams.set("code_challenge", challenge);
    url.searchParams.set("code_challenge_method", "S256");
    await login.show(url.href);
    return await answer.promise;
  } finally {
    signal.removeEventListener("abort", cancel);
    // Lets the browser have its page; a rejection that nobody waits for any more is of no interest.
    answer.promise.catch(() => {});
    await server.stop();
  }
}

async function toChallenge(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return new Uint8Array(digest).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** 256 bits, in the letters that PKCE allows. */
function randomText(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url", omitPadding: true });
}

function page(sentence: string, status: number): Response {
  const html = `<!doctype html><meta charset="utf-8"><title>NanoClaw</title><p style="font:1.2em system-ui;margin:4em">${sentence}</p>`;
  return new Response(html, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
      "referrer-policy": "no-referrer",
    },
  });
}
