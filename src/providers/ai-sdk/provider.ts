import { connectionWords } from "../../words/english/connection.ts";
import { type Deadline, startDeadline } from "../deadline.ts";
import { complainsOfImages } from "../image-complaint.ts";
import { hideImages } from "../images.ts";
import {
  noUsage,
  type Provider,
  type ProviderError,
  type ProviderEvent,
  type ProviderRequest,
} from "../provider.ts";
import { toLateError } from "../send.ts";
import { type ProviderTarget, toTimeouts } from "../target.ts";
import { toSdkComplaint, toSdkFailure } from "./failure.ts";
import { openSdkProvider, type SdkModel } from "./model.ts";
import { toCallOptions } from "./request.ts";
import { createSdkReader } from "./stream.ts";

/** Any provider of the AI SDK, from a package that the owner added as a plugin. */
export async function createProvider(target: ProviderTarget): Promise<Provider> {
  const makeModel = await openSdkProvider(target);
  const blindModels = new Set<string>();
  return {
    name: target.name,
    async *stream(request, signal) {
      for (;;) {
        const isBlind = target.isBlind === true || blindModels.has(request.model);
        const shown = isBlind ? { ...request, messages: hideImages(request.messages) } : request;
        const refused = yield* streamOnce(makeModel, shown, target, signal);
        if (refused === undefined) return;
        // What has no picture left cannot be refused for one.
        if (isBlind) {
          yield { type: "error", error: refused, usage: noUsage };
          return;
        }
        blindModels.add(request.model);
      }
    },
  };
}

/** Who asks is known to the package alone: a key is not checked before it is used. */
export function toHeaders(): Record<string, string> {
  return {};
}

/** Returns the error where only pictures were refused and nothing has been handed out. */
async function* streamOnce(
  makeModel: (id: string) => SdkModel,
  request: ProviderRequest,
  target: ProviderTarget,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent, ProviderError | undefined> {
  if (signal.aborted) {
    yield { type: "aborted", usage: noUsage };
    return undefined;
  }
  const { firstByteMs, idleMs } = toTimeouts(target);
  using deadline = startDeadline(firstByteMs, signal);
  const reader = createSdkReader(request.messages, target.name);
  let hasBegun = false;
  let failure: unknown;
  try {
    const model = makeModel(request.model);
    const options = toCallOptions(request, { provider: target.name, version: model.specificationVersion });
    const { stream } = await untilAborted(
      model.doStream({ ...options, abortSignal: deadline.signal }),
      deadline,
    );
    for await (const part of stream) {
      deadline.extend(idleMs);
      const step = reader.read(part);
      if (step?.type === "failure") failure = step.error;
      if (failure !== undefined || signal.aborted) break;
      if (step === undefined || step.type === "failure") continue;
      hasBegun = true;
      yield step;
      if (signal.aborted) break;
    }
  } catch (error) {
    failure = error;
  }
  const usage = reader.usage();
  // Looked at first: a call that is aborted throws an error of the package's own.
  if (signal.aborted) {
    yield { type: "aborted", usage };
    return undefined;
  }
  const finished = failure === undefined ? reader.finish() : undefined;
  if (finished !== undefined) {
    yield { type: "stop", ...finished, usage };
    return undefined;
  }
  const complaint = toSdkComplaint(failure);
  const error = toFailure(failure, deadline, hasBegun, target, request.model);
  if (!hasBegun && complaint !== undefined && complainsOfImages(complaint.message)) return error;
  yield { type: "error", error, usage };
  return undefined;
}

/** A package that does not heed its signal must not hold anybody up. */
async function untilAborted<T>(work: PromiseLike<T>, { signal }: Deadline): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function toFailure(
  failure: unknown,
  deadline: Deadline,
  hasBegun: boolean,
  target: ProviderTarget,
  model: string,
): ProviderError {
  const { firstByteMs, idleMs } = toTimeouts(target);
  if (deadline.isOver) {
    if (!hasBegun) return toLateError(target, firstByteMs);
    const silent = connectionWords.silent({ label: target.label, seconds: idleMs / 1000 });
    return { class: "retry", ...silent, wasCut: true };
  }
  if (failure === undefined) {
    return { class: "retry", ...connectionWords.endedEarly({ label: target.label }), wasCut: hasBegun };
  }
  return { ...toSdkFailure(failure, target, model), wasCut: hasBegun };
}
