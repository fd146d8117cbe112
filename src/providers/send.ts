import { mark } from "../trace.ts";
import { readText } from "./answer-body.ts";
import { toComplaint } from "./complaint.ts";
import type { Deadline } from "./deadline.ts";
import { connectionWords } from "../words/english/connection.ts";
import { providerWords } from "../words/english/provider.ts";
import { toProviderError, toRetryAfterMs } from "./failure.ts";
import { isCertificateTime, toAddressError, toNetworkError } from "./network-failure.ts";
import type { ProviderError } from "./provider.ts";
import type { Repairs } from "./repairs.ts";
import { toEndpoint, toTimeouts, type ProviderTarget } from "./target.ts";

/** What is asked of whom. */
export interface WireRequest<Body extends object> {
  readonly target: ProviderTarget;
  readonly model: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly repairs: Repairs<Body>;
}

const longestComplaint = 64 * 1024;

/** Of one request: a server that refuses both of two ways is not asked in turns for ever. */
const mostRepairs = 4;

/** The server's answer if it is a success, else why not. Never throws. */
export async function sendRequest<Body extends object>(
  call: WireRequest<Body>,
  deadline: Deadline,
): Promise<Response | ProviderError> {
  const { target, model, repairs } = call;
  const misaddressed = toAddressError(target);
  if (misaddressed !== undefined) return misaddressed;
  const headers = toHeaders(call);
  if (headers === undefined) return toHeaderError(target);
  const url = toEndpoint(target.apiBase, call.path);
  let body = repairs.apply(model, call.body);
  for (let repaired = 0; ; repaired++) {
    mark("request made");
    const response = await post(url, headers, toJson(body), deadline.signal);
    if (!(response instanceof Response)) {
      if (deadline.isOver) return toLateError(target, toTimeouts(target).firstByteMs);
      if (!isCertificateTime(response.error)) return toNetworkError(response.error, target);
      const { toCertificateError } = await import("./server-clock.ts");
      return await toCertificateError(response.error, target, deadline.signal);
    }
    mark("headers");
    if (response.ok) return response;
    const said = toComplaint(response.status, await readText(response, longestComplaint));
    const retryAfterMs = toRetryAfterMs(response.headers, said.message, Date.now());
    const complaint = retryAfterMs === undefined ? said : { ...said, retryAfterMs };
    const changed = repaired < mostRepairs ? repairs.learn(model, body, complaint) : undefined;
    if (changed === undefined) return toProviderError(complaint, target, model);
    body = changed;
  }
}

export function toLateError(target: ProviderTarget, ms: number): ProviderError {
  return {
    class: "retry",
    ...connectionWords.late({ label: target.label, seconds: ms / 1000 }),
    wasCut: false,
  };
}

async function post(
  url: string,
  headers: Headers,
  body: string,
  signal: AbortSignal,
): Promise<Response | { readonly error: unknown }> {
  try {
    // A redirect would carry the key to whomever it names.
    return await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
  } catch (error) {
    return { error };
  }
}

function toHeaders<Body extends object>(call: WireRequest<Body>): Headers | undefined {
  try {
    const headers = new Headers({ "content-type": "application/json", ...call.headers });
    for (const [name, value] of Object.entries(call.target.extraHeaders ?? {})) {
      headers.set(name, value.open());
    }
    return headers;
  } catch {
    return undefined;
  }
}

function toHeaderError(target: ProviderTarget): ProviderError {
  return { class: "auth", ...providerWords.badHeader({ label: target.label }), wasCut: false };
}

/** Half of a surrogate pair, left by a text that was clipped, is refused by some servers as broken JSON. */
function toJson(body: object): string {
  const json = JSON.stringify(body);
  if (!json.includes("\\ud")) return json;
  return JSON.stringify(body, (_, value: unknown) =>
    typeof value === "string" ? value.toWellFormed() : value,
  );
}
