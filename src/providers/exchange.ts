import { readBody, readText } from "./answer-body.ts";
import { toComplaint } from "./complaint.ts";
import { startDeadline, type Deadline } from "./deadline.ts";
import {
  toAddressError,
  toNetworkError,
  toProviderError,
  toRetryAfterMs,
  type Complaint,
} from "./failure.ts";
import type { AssistantMessage, ProviderError, ProviderEvent, StopReason, Usage } from "./provider.ts";
import type { Repairs } from "./repairs.ts";
import { toEndpoint, toTimeouts, type ProviderTarget } from "./target.ts";

/** One request over a wire: where, what, and who understands the answer. */
export interface Exchange<Body extends object> {
  readonly target: ProviderTarget;
  readonly model: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly repairs: Repairs<Body>;
  readonly answer: AnswerReader;
}

/** What a wire makes of the values of one answer, in their order. It is asked nothing more after a complaint. */
export interface AnswerReader {
  /** Takes a JSON value of the answer, or the text `[DONE]`. */
  read(value: unknown): readonly AnswerStep[];
  /** Whether nothing more is to come. */
  isComplete(): boolean;
  /** The answer, if all of it has come. */
  finish(): { readonly reason: StopReason; readonly message: AssistantMessage } | undefined;
  /** What has been reported so far. */
  usage(): Usage;
}

export type AnswerStep =
  | { readonly type: "text-delta"; readonly text: string }
  | { readonly type: "thinking-delta"; readonly text: string }
  | { readonly type: "complaint"; readonly complaint: Complaint };

/** How long a server may take to close a complete answer, so that its connection can be used again. */
const drainMs = 200;

const longestComplaint = 64 * 1024;

/** Of one request: a server that refuses both of two ways is not asked in turns for ever. */
const mostRepairs = 4;

/** Sends one request and reads its answer. Never throws for anything the server, the network or `signal` does. */
export async function* exchange<Body extends object>(
  call: Exchange<Body>,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  const { target, answer } = call;
  const timeouts = toTimeouts(target);
  using deadline = startDeadline(timeouts.firstByteMs, signal);
  const response = await request(call, deadline);
  if (signal.aborted) {
    yield { type: "aborted", usage: answer.usage() };
    return;
  }
  if (!(response instanceof Response)) {
    yield { type: "error", error: response, usage: answer.usage() };
    return;
  }
  let hasBegun = false;
  let isOver = false;
  let failure: ProviderError | undefined;
  for await (const piece of readBody(response, () => deadline.extend(timeouts.idleMs))) {
    if (isOver) continue;
    if (signal.aborted) break;
    if (piece.type === "cut") {
      failure = deadline.isOver ? toSilence(target, timeouts.idleMs) : toNetworkError(piece.error, target);
      break;
    }
    if (piece.type === "garbled") {
      failure = toCut(target, `sent an answer that cannot be read: ${piece.reason}`);
      break;
    }
    for (const step of answer.read(piece.value)) {
      if (step.type === "complaint") {
        failure = toProviderError(step.complaint, target, call.model);
        break;
      }
      hasBegun = true;
      yield step;
      if (signal.aborted) break;
    }
    if (failure !== undefined || signal.aborted) break;
    hasBegun = true;
    if (!answer.isComplete()) continue;
    isOver = true;
    yield toLastEvent(answer, target, undefined);
    deadline.extend(drainMs);
  }
  if (isOver) return;
  if (signal.aborted) yield { type: "aborted", usage: answer.usage() };
  else
    yield toLastEvent(answer, target, failure === undefined ? undefined : { ...failure, wasCut: hasBegun });
}

/** The answer of the server, if it is a success. */
async function request<Body extends object>(
  call: Exchange<Body>,
  deadline: Deadline,
): Promise<Response | ProviderError> {
  const { target, model, repairs } = call;
  const misaddressed = toAddressError(target);
  if (misaddressed !== undefined) return misaddressed;
  const headers = toHeaders(call);
  if (headers === undefined) return toUnsendable(target);
  const url = toEndpoint(target.apiBase, call.path);
  let body = repairs.apply(model, call.body);
  for (let repaired = 0; ; repaired++) {
    const response = await send(url, headers, toJson(body), deadline.signal);
    if (!(response instanceof Response)) {
      return deadline.isOver
        ? toLate(target, toTimeouts(target).firstByteMs)
        : toNetworkError(response.error, target);
    }
    if (response.ok) return response;
    const said = toComplaint(response.status, await readText(response, longestComplaint));
    const retryAfterMs = toRetryAfterMs(response.headers, said.message, Date.now());
    const complaint = retryAfterMs === undefined ? said : { ...said, retryAfterMs };
    const changed = repaired < mostRepairs ? repairs.learn(model, body, complaint) : undefined;
    if (changed === undefined) return toProviderError(complaint, target, model);
    body = changed;
  }
}

async function send(
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

function toHeaders<Body extends object>(call: Exchange<Body>): Headers | undefined {
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

/** Half of a surrogate pair, left by a text that was clipped, is refused by some servers as broken JSON. */
function toJson(body: object): string {
  const json = JSON.stringify(body);
  if (!json.includes("\\ud")) return json;
  return JSON.stringify(body, (_, value: unknown) =>
    typeof value === "string" ? value.toWellFormed() : value,
  );
}

function toLastEvent(
  answer: AnswerReader,
  target: ProviderTarget,
  failure: ProviderError | undefined,
): ProviderEvent {
  const usage = answer.usage();
  const finished = answer.finish();
  if (finished !== undefined && (failure === undefined || failure.class === "retry")) {
    return { type: "stop", ...finished, usage };
  }
  return { type: "error", error: failure ?? toCut(target, "ended in the middle of its answer"), usage };
}

function toCut(target: ProviderTarget, what: string): ProviderError {
  return { class: "retry", message: `${target.label} ${what}.`, wasCut: true };
}

function toSilence(target: ProviderTarget, ms: number): ProviderError {
  return toCut(target, `fell silent for ${ms / 1000} s`);
}

function toLate(target: ProviderTarget, ms: number): ProviderError {
  return { class: "retry", message: `${target.label} did not answer within ${ms / 1000} s.`, wasCut: false };
}

function toUnsendable(target: ProviderTarget): ProviderError {
  return {
    class: "auth",
    message: `The key or a header of ${target.label} holds a character that cannot be sent.`,
    hint: "Paste it again without line breaks or quotation marks.",
    wasCut: false,
  };
}
