import { join } from "node:path";

/** What the model always says. */
export const answer = "Hello from the bench.";

export interface BenchModel extends AsyncDisposable {
  readonly http: string;
  /** With a certificate that `certificate` vouches for. */
  readonly https: string;
  readonly certificate: string;
  /** The body of the last request. */
  lastRequest(): Promise<string>;
}

/**
 * A model that costs nothing: a process of its own, so that a measured program shares no thread with it, which answers
 * every POST with the same bytes of an Anthropic event stream. `folder` gets the key and the certificate.
 */
export async function startModel(folder: string): Promise<BenchModel> {
  const [key, certificate] = await makeCertificate(folder);
  const child = Bun.spawn(
    [process.execPath, "--no-env-file", "--config=/dev/null", import.meta.path, key, certificate],
    {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "inherit",
    },
  );
  const { http, https } = parsePorts(await readLine(child.stdout));
  return {
    http: `http://127.0.0.1:${http}`,
    https: `https://127.0.0.1:${https}`,
    certificate,
    lastRequest: async () => await (await fetch(`http://127.0.0.1:${http}/`)).text(),
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.exited;
    },
  };
}

async function makeCertificate(folder: string): Promise<readonly [key: string, certificate: string]> {
  const key = join(folder, "key.pem");
  const certificate = join(folder, "certificate.pem");
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const argv = [
    "openssl",
    "req",
    "-x509",
    ...curve,
    "-keyout",
    key,
    "-out",
    certificate,
    "-days",
    "2",
    ...subject,
  ];
  const child = Bun.spawn(argv, { stdout: "ignore", stderr: "pipe" });
  const errors = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`openssl could not make a certificate:\n${errors}`);
  return [key, certificate];
}

async function readLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes("\n")) return text;
  }
  throw new Error("the bench's model did not start");
}

function parsePorts(line: string): { readonly http: number; readonly https: number } {
  const [http, https] = line.trim().split(" ").map(Number);
  if (http === undefined || https === undefined) throw new Error("the bench's model did not name its ports");
  return { http, https };
}

const usage = {
  input_tokens: 10,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 1,
};
const message = {
  id: "msg_bench",
  type: "message",
  role: "assistant",
  model: "bench",
  content: [],
  stop_reason: null,
};
const events = [
  { type: "message_start", message: { ...message, stop_sequence: null, usage } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: answer } },
  { type: "content_block_stop", index: 0 },
  {
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 5 },
  },
  { type: "message_stop" },
] as const;

async function serve(keyPath: string, certificatePath: string): Promise<void> {
  const bytes = new TextEncoder().encode(
    events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""),
  );
  const headers = { "content-type": "text/event-stream", "request-id": "req_bench" };
  let lastBody = "";
  async function respond(request: Request): Promise<Response> {
    if (request.method !== "POST") return new Response(lastBody);
    lastBody = await request.text();
    return new Response(bytes, { headers });
  }
  const tls = { key: await Bun.file(keyPath).text(), cert: await Bun.file(certificatePath).text() };
  const http = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: respond });
  const https = Bun.serve({ hostname: "127.0.0.1", port: 0, tls, fetch: respond });
  console.log(`${http.port} ${https.port}`);
  // Ends with the one who started it, however that one ended.
  for await (const _ of Bun.stdin.stream());
  await Promise.all([http.stop(true), https.stop(true)]);
}

if (import.meta.main) await serve(Bun.argv[2] ?? "", Bun.argv[3] ?? "");
