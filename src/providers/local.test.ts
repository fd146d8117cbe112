import { expect, test } from "bun:test";
import { startLlmServer } from "../../test/fakes/llm-server.ts";
import { listListeners, parseLsof, parseSocketTable, type Listener } from "./listeners.ts";
import { findLocalServers, type LocalSearch } from "./local.ts";

const never = new AbortController().signal;
const ours = 1000;

test("a model server of ours is found and its models are named", async () => {
  await using server = startLlmServer([], { models: ["llama3.2", "qwen3"] });
  expect(await find(portOf(server.url), [{ uid: ours, takesLoopback: true }])).toMatchObject([
    { name: "ollama", label: "Ollama", models: ["llama3.2", "qwen3"] },
  ]);
});

test("a server of somebody else is not asked anything", async () => {
  await using server = startLlmServer([], { models: ["trap"] });
  const port = portOf(server.url);
  expect(await find(port, [{ uid: 1001, takesLoopback: true }])).toEqual([]);
  expect(await find(port, [])).toEqual([]);
  const both = [
    { uid: ours, takesLoopback: true },
    { uid: 1001, takesLoopback: true },
  ];
  expect(await find(port, both)).toEqual([]);
  expect(server.otherRequests).toEqual([]);
  // The same server is found as soon as the check of its owner lets it pass.
  expect(await find(port, [{ uid: ours, takesLoopback: true }])).toHaveLength(1);
});

test("what answers with something else than models is none", async () => {
  using server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("<html>") });
  expect(await find(portOf(server.url.href), [{ uid: ours, takesLoopback: true }])).toEqual([]);
});

test("a server that hangs is waited for as long as was said, and told of", async () => {
  const asked = Promise.withResolvers<void>();
  using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => (asked.resolve(), new Promise<Response>(() => {})),
  });
  const late: string[] = [];
  const search = { patienceMs: 200, onLate: ({ label }: { label: string }) => late.push(label) };
  const found = await find(portOf(server.url.href), [{ uid: ours, takesLoopback: true }], search);
  await asked.promise;
  expect([found, late]).toEqual([[], ["Ollama"]]);
});

test.skipIf(process.platform !== "linux")("the kernel says who listens where", async () => {
  await using server = startLlmServer([]);
  const port = portOf(server.url);
  const listeners = await listListeners(never);
  expect(listeners.filter((listener) => listener.port === port)).toEqual([
    { port, uid: process.getuid?.() ?? -1, takesLoopback: true },
  ]);
});

test("the kernel's table is read, with both families", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 1 0000000000000000 100 0 0 10 0
   1: 00000000:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12346 1 0000000000000000 100 0 0 10 0
   2: 0100007F:A0B2 0100007F:2CAA 01 00000000:00000000 00:00000000 00000000  1000        0 12347 1 0000000000000000 20 4 30 10 -1
   3: 0A00020F:04D2 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 12348 1 0000000000000000 100 0 0 10 0
   4: 00000000000000000000000000000000:04D2 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1002        0 1 1
`;
  expect(parseSocketTable(table)).toEqual([
    { port: 11434, uid: 1000, takesLoopback: true },
    { port: 8000, uid: 0, takesLoopback: true },
    { port: 1234, uid: 1001, takesLoopback: false },
    { port: 1234, uid: 1002, takesLoopback: true },
  ]);
});

test("the answer of lsof is read", () => {
  const text = "p501\nu501\nf5\nn127.0.0.1:11434\nf6\nn[::1]:11434\np9\nu0\nf3\nn*:8000\nn192.168.1.5:1234\n";
  expect(parseLsof(text)).toEqual([
    { port: 11434, uid: 501, takesLoopback: true },
    { port: 11434, uid: 501, takesLoopback: false },
    { port: 8000, uid: 0, takesLoopback: true },
    { port: 1234, uid: 0, takesLoopback: false },
  ]);
});

function find(
  port: number,
  owners: readonly Omit<Listener, "port">[],
  patience: Pick<LocalSearch, "patienceMs" | "onLate"> = {},
) {
  const listeners = owners.map((owner) => ({ ...owner, port }));
  const places = [{ name: "ollama", label: "Ollama", port }];
  return findLocalServers({ ...patience, uid: ours, listListeners: async () => listeners, places }, never);
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
