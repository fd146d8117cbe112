import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { toAnthropicError, toAnthropicEvents, toAnthropicMessage } from "./llm-anthropic.ts";
import { toOpenAiChunks, toOpenAiCompletion, toOpenAiError } from "./llm-openai.ts";
import type { ScriptFile, Turn } from "./llm-turn.ts";

/** A request that the fake received. `body` is what was sent, parsed. */
export interface LlmRequest {
  readonly wire: "anthropic" | "openai" | "other";
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** Port of the client's end: the same for two requests over one connection. */
  readonly clientPort: number;
}

export type LlmScript = readonly Turn[] | ScriptFile | ((request: LlmRequest) => Turn | Promise<Turn>);

export interface LlmServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, the base for Anthropic. */
  readonly url: string;
  /** The same with `/v1`, the base for OpenAI. */
  readonly openAiBase: string;
  /** Requests for an answer, in order. */
  readonly requests: readonly LlmRequest[];
  /** All others: lists of models, keys. */
  readonly otherRequests: readonly LlmRequest[];
  /** The certificate to trust, with `tls`. */
  readonly certificate: string | undefined;
  /** Resolves when the client of a silent or slow answer is gone. */
  readonly nextCancel: () => Promise<void>;
  /** The end of connections that were never answered too. */
  stop(): Promise<void>;
}

export interface LlmServerOptions {
  /** A certificate signed by itself, made by `openssl`. */
  readonly tls?: boolean;
  /** Keys that are accepted; any, or none, without it. */
  readonly keys?: readonly string[];
  readonly models?: readonly string[];
}

/** A model server on loopback that speaks both wires and plays a script, faults included. */
export function startLlmServer(script: LlmScript, options: LlmServerOptions = {}): LlmServer {
  const requests: LlmRequest[] = [];
  const otherRequests: LlmRequest[] = [];
  const cancels = Promise.withResolvers<void>();
  const pair = options.tls === true ? makeCertificate() : undefined;
  const models = options.models ?? ["fake-model"];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    ...(pair === undefined ? {} : { tls: pair }),
    async fetch(incoming, self) {
      const request = await toRequest(incoming, self.requestIP(incoming)?.port ?? 0);
      if (request.wire !== "other") return answer(request);
      otherRequests.push(request);
      return answerOther(request);
    },
  });
  const url = `${pair === undefined ? "http" : "https"}://127.0.0.1:${server.port}`;
  const stop = () => server.stop(true);
  return {
    url,
    openAiBase: `${url}/v1`,
    requests,
    otherRequests,
    certificate: pair?.cert,
    nextCancel: () => cancels.promise,
    stop,
    [Symbol.asyncDispose]: stop,
  };

  async function answer(request: LlmRequest): Promise<Response> {
    requests.push(request);
    if (!isAllowed(request)) return toErrorResponse(request, 401, "authentication_error", "invalid key");
    const turn = await nextTurn(request, requests.length);
    return toResponse(request, turn, requests.length, cancels.resolve);
  }

  async function nextTurn(request: LlmRequest, n: number): Promise<Turn> {
    if (typeof script === "function") return script(request);
    const { turns, repeat = false } = isFile(script) ? script : { turns: script };
    return turns[repeat ? (n - 1) % turns.length : n - 1] ?? { text: "The script is over." };
  }

  function isAllowed(request: LlmRequest): boolean {
    if (options.keys === undefined) return true;
    const key = request.headers["x-api-key"] ?? request.headers["authorization"]?.replace(/^Bearer /, "");
    return key !== undefined && options.keys.includes(key);
  }

  function answerOther(request: LlmRequest): Response {
    if (request.path.endsWith("/auth/keys") && request.method === "POST") {
      return typeof request.body["code"] === "string"
        ? Response.json({ key: `sk-or-v1-${request.body["code"]}`, user_id: "user_fake" })
        : toErrorResponse(request, 400, "400", "code is missing");
    }
    if (!isAllowed(request)) return toErrorResponse(request, 401, "authentication_error", "invalid key");
    if (request.path.endsWith("/models")) {
      const data = models.map((id) => ({ id, type: "model", object: "model", display_name: id, created: 0 }));
      return Response.json({ object: "list", data, has_more: false, first_id: null, last_id: null });
    }
    if (/\/(auth\/)?key$/.test(request.path)) {
      return Response.json({ data: { label: "fake", usage: 0, limit: null, is_free_tier: false } });
    }
    return toErrorResponse(request, 404, "not_found_error", "there is nothing here");
  }
}

function isFile(script: readonly Turn[] | ScriptFile): script is ScriptFile {
  return "turns" in script;
}

async function toRequest(incoming: Request, clientPort: number): Promise<LlmRequest> {
  const path = new URL(incoming.url).pathname;
  const text = await incoming.text();
  const isPost = incoming.method === "POST";
  const wire =
    isPost && path.endsWith("/messages")
      ? "anthropic"
      : isPost && path.endsWith("/chat/completions")
        ? "openai"
        : "other";
  return {
    wire,
    method: incoming.method,
    path,
    headers: Object.fromEntries(incoming.headers),
    body: text === "" ? {} : JSON.parse(text),
    clientPort,
  };
}

async function toResponse(
  request: LlmRequest,
  turn: Turn,
  n: number,
  onCancel: () => void,
): Promise<Response> {
  const { fault } = turn;
  if (fault?.type === "status") {
    const { status, code = codeOf(status), message = `status ${status}`, headers = {}, body } = fault;
    if (body !== undefined) return new Response(body, { status, headers });
    return toErrorResponse(request, status, code, message, headers);
  }
  const model = String(request.body["model"]);
  if (fault?.type === "silence" && fault.afterBytes === undefined) return new Promise(() => {});
  if (fault?.type === "not-streamed" || request.body["stream"] !== true) {
    const whole = request.wire === "anthropic" ? toAnthropicMessage : toOpenAiCompletion;
    return Response.json(whole(turn, model, n));
  }
  const frames = toFrames(request, turn, n);
  return new Response(toBody(frames, turn, onCancel), {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" },
  });
}

/** The text of each event, framed for the wire. */
export function toFrames(request: Pick<LlmRequest, "wire" | "body">, turn: Turn, n: number): string[] {
  const model = String(request.body["model"]);
  const isAnthropic = request.wire === "anthropic";
  const events = isAnthropic ? toAnthropicEvents(turn, model, n) : toOpenAiChunks(turn, model, n);
  const frames = events.map((event) => toFrame(event, isAnthropic));
  const { fault } = turn;
  if (fault?.type === "malformed") frames.splice(2, 0, 'data: {"type": "content_bl\n\n');
  if (fault?.type === "error-event") {
    const { code, message = code, afterEvents = 0 } = fault;
    const error = isAnthropic ? toAnthropicError(code, message) : toOpenAiError(code, message);
    return [...frames.slice(0, afterEvents), toFrame(error, isAnthropic)];
  }
  if (fault?.type === "odd-framing") {
    const noise = isAnthropic
      ? 'event: ping\r\ndata: {"type": "ping"}\r\n\r\n'
      : "retry: 10\r\nid: 7\r\n\r\n";
    return frames.flatMap((frame) => [": still here\r\n\r\n", noise, frame.replaceAll("\n", "\r\n")]);
  }
  return frames;
}

function toFrame(event: object | string, isAnthropic: boolean): string {
  if (typeof event === "string") return `data: ${event}\n\n`;
  const name = isAnthropic && "type" in event ? `event: ${String(event.type)}\n` : "";
  return `${name}data: ${JSON.stringify(event)}\n\n`;
}

function toBody(frames: readonly string[], turn: Turn, onCancel: () => void): ReadableStream<Uint8Array> {
  const { fault, delayMs = 0, chunkBytes } = turn;
  const text = new TextEncoder();
  const whole = text.encode(frames.join(""));
  const isPartial = fault?.type === "cut" || fault?.type === "silence";
  const bytes = isPartial ? whole.subarray(0, fault.afterBytes ?? 0) : whole;
  const chunks =
    delayMs > 0 && chunkBytes === undefined
      ? frames.map((frame) => text.encode(frame))
      : toChunks(bytes, chunkBytes ?? bytes.length);
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      const chunk = chunks[at++];
      if (chunk !== undefined) {
        if (delayMs > 0) await Bun.sleep(delayMs);
        controller.enqueue(chunk);
      } else if (fault?.type === "silence") {
        await new Promise(() => {});
      } else if (fault?.type === "cut" && fault.cleanly !== true) {
        // Lets the bytes leave first: an error at once would take them along. With a reason, Bun would print it.
        await Bun.sleep(1);
        controller.error();
      } else {
        controller.close();
      }
    },
    cancel: onCancel,
  });
}

function toChunks(bytes: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

function toErrorResponse(
  request: LlmRequest,
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const toError = request.wire === "anthropic" ? toAnthropicError : toOpenAiError;
  return Response.json(toError(code, message), { status, headers });
}

function codeOf(status: number): string {
  const codes: Readonly<Record<number, string>> = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
  };
  return codes[status] ?? "api_error";
}

function makeCertificate(): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), "llm-server-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
    const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    const argv = ["openssl", "req", "-x509", ...curve, "-nodes", "-days", "2", ...name];
    const made = Bun.spawnSync([...argv, "-keyout", key, "-out", cert], { stdout: "ignore", stderr: "pipe" });
    if (!made.success) throw new Error(`openssl failed: ${made.stderr.toString()}`);
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As a program: `bun test/fakes/llm-server.ts --script FILE.json [--tls]` prints its port and serves until it is ended. */
if (import.meta.main) {
  const { values } = parseArgs({ options: { script: { type: "string" }, tls: { type: "boolean" } } });
  const script: ScriptFile | readonly Turn[] =
    values.script === undefined
      ? { turns: [{ text: "Hello." }], repeat: true }
      : await Bun.file(values.script).json();
  const server = startLlmServer(script, { tls: values.tls === true });
  process.on("SIGTERM", () => void server.stop().then(() => process.exit(0)));
  console.log(new URL(server.url).port);
}
