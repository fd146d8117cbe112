import { AppError } from "../errors.ts";
import { Secret } from "../secret.ts";

/** What the browser brought back, and the proof that we are those who sent it there. */
export interface SignInProof {
  readonly code: string;
  readonly verifier: string;
}

/**
 * Exchanges the code of an OpenRouter sign-in for the key that it made.
 * Throws `AppError`: `provider-auth` when it is refused, `network` when it cannot be asked.
 */
export async function exchangeCode(base: string, proof: SignInProof, signal: AbortSignal): Promise<Secret> {
  const response = await post(new URL("/api/v1/auth/keys", base), proof, signal);
  const text = await response.text();
  if (!response.ok) {
    throw new AppError("provider-auth", `OpenRouter refused the sign-in (status ${response.status}).`, {
      hint: "Begin again: nanoclaw onboard --openrouter",
    });
  }
  const key = readKey(text);
  if (key !== undefined) return new Secret(key);
  throw new AppError("provider-auth", "OpenRouter answered the sign-in without a key.", {
    hint: "Make one at https://openrouter.ai/keys and paste it: nanoclaw onboard",
  });
}

async function post(url: URL, { code, verifier }: SignInProof, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code, code_verifier: verifier, code_challenge_method: "S256" }),
      redirect: "error",
      signal,
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw new AppError("network", `${url.host} could not be reached.`, { cause });
  }
}

function readKey(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const key = typeof body === "object" && body !== null && "key" in body ? body.key : undefined;
    return typeof key === "string" && key !== "" ? key : undefined;
  } catch {
    return undefined;
  }
}
