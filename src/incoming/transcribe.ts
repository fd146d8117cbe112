import type { Config } from "../config.ts";
import { guardedFetch } from "../egress/dial.ts";
import { isReachableAddress } from "../egress/addresses.ts";
import type { Keyring } from "../keyring.ts";
import type { Log } from "../log.ts";
import { listCandidates, type Candidate } from "../providers/candidates.ts";
import type { Secret } from "../secret.ts";
import type { Transcribe } from "./receive-files.ts";

interface Listener {
  /** Of an OpenAI-compatible server, with its `/v1`. */
  readonly base: string;
  readonly key: Secret | undefined;
  readonly model: string;
  readonly language: string | undefined;
  /** The owner named it: it may stand on this machine or in his network. */
  readonly isOwn: boolean;
}

const timeoutMs = 120_000;
/** What these servers take. */
const largest = 25_000_000;
const usualModels: Readonly<Record<string, string>> = { groq: "whisper-large-v3-turbo", openai: "whisper-1" };

/** Words of recordings, by the server that the configuration names or by one of which there is a key. */
export function createTranscribe(config: Config, keyring: Keyring, log: Log): Transcribe {
  const listener = findListener(config, keyring);
  return async (recording, signal) => {
    if (listener === undefined) return { problem: cannotHear };
    if (recording.bytes.length > largest) return { problem: "The recording is too long to be heard." };
    try {
      return await ask(listener, recording, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    } catch (error) {
      signal.throwIfAborted();
      log.warn("a recording could not be heard", { error });
      return { problem: "The recording could not be heard: its server did not answer." };
    }
  };
}

/** For the model, which tells the person. */
const cannotHear =
  "I cannot hear recordings: no transcription is set up. The owner can set a Groq or OpenAI key, or transcription.apiBase to a local Whisper server.";

function findListener(config: Config, keyring: Keyring): Listener | undefined {
  const { apiBase, apiKey, model, language } = config.transcription;
  const wanted = { language: language ?? undefined };
  if (apiBase !== null && apiBase !== "") {
    return { ...wanted, base: apiBase, key: apiKey, model: model ?? "whisper-1", isOwn: true };
  }
  const candidates = listCandidates(config, keyring);
  for (const name of ["groq", "openai"]) {
    const found: Candidate | undefined = candidates.find((each) => each.name === name);
    const key = apiKey ?? found?.apiKey;
    if (found === undefined || key === undefined) continue;
    const usual = usualModels[name] ?? "whisper-1";
    return { ...wanted, base: found.apiBase, key, model: model ?? usual, isOwn: found.hasOwnBase };
  }
  return undefined;
}

async function ask(
  { base, key, model, language, isOwn }: Listener,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
  signal: AbortSignal,
): ReturnType<Transcribe> {
  const form = new FormData();
  form.set("model", model);
  form.set("response_format", "json");
  if (language !== undefined) form.set("language", language);
  form.set("file", new Blob([Uint8Array.from(bytes)]), name);
  const encoded = new Response(form);
  const url = new URL(`${base.replace(/\/+$/, "")}/audio/transcriptions`);
  const request = new Request(url.href, {
    method: "POST",
    headers: {
      "content-type": encoded.headers.get("content-type") ?? "",
      ...(key === undefined ? {} : { authorization: `Bearer ${key.open()}` }),
    },
  });
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  const guard = {
    allow: (host: string, at: number): boolean => host === url.hostname && at === port,
    allowsAddress: isOwn ? (): boolean => true : (address: string): boolean => isReachableAddress(address),
  };
  const response = await guardedFetch(request, guard, signal, new Uint8Array(await encoded.arrayBuffer()));
  if (response.status !== 200)
    return { problem: `The recording could not be heard: HTTP ${response.status}.` };
  const text = toText(await response.json());
  return text === undefined || text === "" ? { problem: "Nothing was heard in the recording." } : { text };
}

function toText(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null || !("text" in answer)) return undefined;
  return typeof answer.text === "string" ? answer.text.trim() : undefined;
}
