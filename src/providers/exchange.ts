import { readBody, type BodyPiece } from "./answer-body.ts";
import { startDeadline } from "./deadline.ts";
import type { Saying } from "../words/define-words.ts";
import { connectionWords } from "../words/english/connection.ts";
import { toProviderError, type Complaint } from "./failure.ts";
import { toNetworkError } from "./network-failure.ts";
import type { AssistantMessage, ProviderError, ProviderEvent, StopReason, Usage } from "./provider.ts";
import { sendRequest, toLateError, type WireRequest } from "./send.ts";
import { toTimeouts } from "./target.ts";

/** One request over a wire, and who understands the answer. */
export interface Exchange<Body extends object> extends WireRequest<Body> {
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

type Step =
  | Exclude<AnswerStep, { type: "complaint" }>
  | { readonly type: "failure"; readonly error: ProviderError };

/** How long a server may take to close a complete answer, so that its connection can be used again. */
const drainMs = 200;

/** Sends one request and reads its answer. Never throws for anything the server, the network or `signal` does. */
export async function* exchange<Body extends object>(
  call: Exchange<Body>,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  const { target, model, answer } = call;
  const { firstByteMs, idleMs } = toTimeouts(target);
  using deadline = startDeadline(firstByteMs, signal);
  const response = await sendRequest(call, deadline);
  if (!(response instanceof Response)) {
    yield toLastEvent(answer, response, signal);
    return;
  }
  let failure: ProviderError | undefined;
  let hasBytes = false;
  let hasBegun = false;
  let isOver = false;
  for await (const piece of readBody(response, onBytes)) {
    if (isOver) continue;
    for (const step of toSteps(piece)) {
      if (step.type === "failure") failure = step.error;
      if (step.type === "failure" || signal.aborted) break;
      hasBegun = true;
      yield step;
    }
    if (failure !== undefined || signal.aborted) break;
    hasBegun = true;
    if (!answer.isComplete()) continue;
    isOver = true;
    yield toLastEvent(answer, endedEarly(), signal);
    deadline.extend(drainMs);
  }
  if (!isOver) yield toLastEvent(answer, { ...(failure ?? endedEarly()), wasCut: hasBegun }, signal);

  function onBytes(): void {
    hasBytes = true;
    if (!isOver) deadline.extend(idleMs);
  }

  function toSteps(piece: BodyPiece): readonly Step[] {
    switch (piece.type) {
      case "value":
        return answer
          .read(piece.value)
          .map((step) =>
            step.type === "complaint" ? fail(toProviderError(step.complaint, target, model)) : step,
          );
      case "garbled":
        return [fail(toRetryable(connectionWords.unreadable({ label: target.label, reason: piece.reason })))];
      case "cut":
        if (!deadline.isOver) return [fail(toNetworkError(piece.error, target))];
        return [fail(hasBytes ? wentSilent() : toLateError(target, firstByteMs))];
      default:
        return piece satisfies never;
    }
  }

  function wentSilent(): ProviderError {
    return toRetryable(connectionWords.silent({ label: target.label, seconds: idleMs / 1000 }));
  }

  function endedEarly(): ProviderError {
    return toRetryable(connectionWords.endedEarly({ label: target.label }));
  }
}

/** An answer that is whole counts, also when the connection failed behind it. */
function toLastEvent(answer: AnswerReader, failure: ProviderError, signal: AbortSignal): ProviderEvent {
  const usage = answer.usage();
  if (signal.aborted) return { type: "aborted", usage };
  const finished = failure.class === "retry" ? answer.finish() : undefined;
  return finished === undefined
    ? { type: "error", error: failure, usage }
    : { type: "stop", ...finished, usage };
}

function fail(error: ProviderError): Step {
  return { type: "failure", error };
}

function toRetryable(said: Saying): ProviderError {
  return { class: "retry", ...said, wasCut: false };
}
