import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newResults } from "../../fakes/llm-transcript.ts";
import { ProgramBench, shell, type BenchOptions } from "../../fakes/program-bench.ts";

const value = "ghp_canary_0123456789";

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
}

let service: ReturnType<typeof Bun.serve>;
let seen: Seen[] = [];

/** A service of the owner's: it knows its key, and repeats it. */
beforeAll(() => {
  service = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const authorization = request.headers.get("authorization");
      const { pathname, search } = new URL(request.url);
      seen.push({ method: request.method, path: pathname + search, authorization });
      return Response.json({ login: "anna", you: authorization });
    },
  });
});
afterAll(() => service.stop(true));

/** The model runs this command and repeats what it printed. */
function running(command: string): BenchOptions {
  return {
    script: (request) => {
      const results = newResults(request);
      return results.length === 0 ? { calls: [shell(command)] } : { text: `It said: ${results[0]?.text}` };
    },
  };
}

async function grant(bench: ProgramBench, ...more: readonly string[]): Promise<void> {
  await bench.run(["secrets", "set", "TOKEN", "-"], { stdin: value });
  const url = `http://127.0.0.1:${service.port}`;
  const granted = await bench.run([
    ...["secrets", "grant", "TOKEN", "--name", "hub", "--url", url, "--path", "/user", ...more],
  ]);
  expect(granted.code).toBe(0);
}

/** Files of the machine in which it stands, but for the sealed ones. */
async function findValue(bench: ProgramBench): Promise<readonly string[]> {
  const forms = [value, Buffer.from(value).toString("base64"), Buffer.from(value).toString("hex")];
  const words = forms.flatMap((form) => ["-e", form]);
  const grep = Bun.spawn(["grep", "-rlazF", ...words, "--", bench.root], { stdout: "pipe" });
  return (await grep.stdout.text()).split("\n").filter(Boolean);
}

test("a command uses the key without ever having it: neither it, nor the model, nor any file ever holds it", async () => {
  seen = [];
  const look =
    "env | grep -v _URL; cat /proc/self/environ | tr '\\0' '\\n'; curl -s $NANOCLAW_GRANT_HUB_URL/user?x=1";
  await using bench = await ProgramBench.open(running(look));
  await grant(bench);
  const { out, code } = await bench.ask("who am I there?");
  expect([code, out]).toEqual([0, expect.stringContaining('"login":"anna"')]);
  expect(seen).toEqual([{ method: "GET", path: "/user?x=1", authorization: `Bearer ${value}` }]);
  expect(out).toContain(`Bearer ${"*".repeat(value.length)}`);
  const told = JSON.stringify(bench.requests.map(({ body }) => body));
  for (const text of [out, told]) expect(text).not.toContain(value);
  expect(told).toContain("$NANOCLAW_GRANT_HUB_URL");
  expect(await findValue(bench)).toEqual([]);
  // The search does find one that stands there.
  await writeFile(join(bench.root, "planted"), `x${value}`);
  expect(await findValue(bench)).toEqual([join(bench.root, "planted")]);
  expect(bench.query("SELECT action, verdict, object FROM audit WHERE action = 'secret.use'")).toEqual([
    { action: "secret.use", verdict: "allow", object: "GET hub/user" },
  ]);
  expect(bench.query("SELECT taint FROM groups WHERE name = 'main'")).toEqual([{ taint: 1 }]);
});

test.each([
  ["another method", "curl -s -X POST $NANOCLAW_GRANT_HUB_URL/user", "This grant is for GET, HEAD."],
  ["another path", "curl -s $NANOCLAW_GRANT_HUB_URL/admin", "This grant is for paths below /user."],
  ["the way around it", "curl -s --path-as-is $NANOCLAW_GRANT_HUB_URL/user/..%2fadmin", "differently"],
  [
    "no network beside it",
    "curl -s http://example.com/",
    "The owner has not allowed this host. Waiting for approval #1",
  ],
])("%s is refused, and the service never hears of it", async (_, command, said) => {
  seen = [];
  await using bench = await ProgramBench.open(running(command));
  await grant(bench);
  expect((await bench.ask("try")).out).toContain(said);
  expect(seen).toEqual([]);
});

test("another group has no way there, and neither has this one after it was revoked", async () => {
  seen = [];
  await using bench = await ProgramBench.open(
    running("env | grep -c NANOCLAW_GRANT; curl -s -m 3 http://127.0.0.1:3128/hub/user; echo code $?"),
  );
  await grant(bench);
  await bench.run(["groups", "add", "work"]);
  const other = await bench.ask("try", "-g", "work");
  expect(other.out).toContain('It said: 0\nNanoClaw: There is no grant "hub" here.\ncode 0');
  await bench.run(["secrets", "revoke", "main", "hub"]);
  expect((await bench.ask("try")).out).toContain(
    'It said: 0\nNanoClaw: There is no grant "hub" here.\ncode 0',
  );
  expect(seen).toEqual([]);
});

test("a value that is replaced while a command runs counts within the second", async () => {
  seen = [];
  const twice =
    "curl -s -o /dev/null $NANOCLAW_GRANT_HUB_URL/user; touch first; while [ ! -e go ]; do sleep 0.02; done; curl -s $NANOCLAW_GRANT_HUB_URL/user";
  await using bench = await ProgramBench.open(running(twice));
  await grant(bench);
  const running_ = bench.start(["agent", "-m", "twice"]);
  const first = join(bench.workspace(), "first");
  for (let look = 0; look < 400 && !(await Bun.file(first).exists()); look++) await Bun.sleep(20);
  await bench.run(["secrets", "set", "TOKEN", "-"], { stdin: "ghp_rotated_9876543210" });
  await writeFile(join(bench.workspace(), "go"), "");
  await chmod(join(bench.workspace(), "go"), 0o644);
  expect((await running_.ended).code).toBe(0);
  expect(seen.map(({ authorization }) => authorization)).toEqual([
    `Bearer ${value}`,
    "Bearer ghp_rotated_9876543210",
  ]);
});

test("private data and strangers' words together: reading goes on, writing waits for the owner", async () => {
  seen = [];
  const command = "curl -s $NANOCLAW_GRANT_HUB_URL/user; curl -s -d x=1 $NANOCLAW_GRANT_HUB_URL/user";
  await using bench = await ProgramBench.open(running(command));
  await grant(bench, "--method", "GET,POST");
  await writeFile(join(bench.folder, "diary.txt"), "private");
  const { out } = await bench.run(["agent", "-m", "try", "--folder", bench.folder], {
    stdin: "words of a stranger",
  });
  expect(out).toContain("only the owner may send on from here");
  expect(seen.map(({ method }) => method)).toEqual(["GET"]);
});
