import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { networkInterfaces } from "node:os";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { run } from "../../src/run.ts";
import { makeCertificateFor } from "../fakes/certificate.ts";
import { EgressBench } from "../fakes/egress-bench.ts";
import { startPackageRegistry, type PackageRegistry } from "../fakes/package-registry.ts";
import { newResults } from "../fakes/llm-transcript.ts";
import { ProgramBench, shell as call } from "../fakes/program-bench.ts";
import { finish, SandboxBench, shell } from "../fakes/sandbox-bench.ts";

setDefaultTimeout(60_000);

const host = "files.test";
const { key, cert } = makeCertificateFor("20200101000000Z", "20990101000000Z", `DNS:${host}`);

describe("the programs that people use get out to a listed host, and to no other", () => {
  let sandboxes: SandboxBench;
  let egress: EgressBench;
  let sandbox: Sandbox;
  let registry: PackageRegistry;
  let secure: ReturnType<typeof serve>;
  let plain: ReturnType<typeof serve>;
  /** What a program must be told so that it knows the test's own authority. */
  const trust = "/workspace/ca.pem";
  const env = {
    ...{ CURL_CA_BUNDLE: trust, GIT_SSL_CAINFO: trust, SSL_CERT_FILE: trust, NODE_EXTRA_CA_CERTS: trust },
    GIT_TERMINAL_PROMPT: "0",
  };

  function serve(folder: string, tls?: { readonly key: string; readonly cert: string }) {
    return Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      ...(tls === undefined ? {} : { tls }),
      async fetch(request) {
        const path = new URL(request.url).pathname;
        if (request.method === "POST") return new Response(`got ${(await request.bytes()).length}`);
        const file = Bun.file(join(folder, path));
        return (await file.exists()) ? new Response(file) : new Response("none", { status: 404 });
      },
    });
  }

  beforeAll(async () => {
    sandboxes = await SandboxBench.create(createBubblewrap());
    const served = join(sandboxes.root, "served");
    await mkdir(served);
    await writeFile(join(served, "hello"), "hello from outside\n");
    await writeFile(join(served, "large"), new Uint8Array(20_000_000).fill(7));
    await makeRepository(served);
    registry = await startPackageRegistry([
      { name: "left-pad", version: "1.0.0", files: { "index.js": "export default 1;" } },
    ]);
    [secure, plain] = [serve(served, { key, cert }), serve(served)];
    const ports = [secure.port, plain.port, new URL(registry.url).port];
    egress = await EgressBench.open({
      hosts: [...ports.map((port) => `${host}:${port}`), "127.0.0.1.nip.test"],
    });
    const spec = await sandboxes.group("family");
    sandbox = await sandboxes.runtime.open({ ...spec, network: egress.egress });
    await shell(sandbox, "cat > ca.pem", { stdin: cert });
  });
  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
    await egress[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
    await Promise.all([secure.stop(true), plain.stop(true)]);
    await sandboxes[Symbol.asyncDispose]();
  });
  const inside = (line: string) => shell(sandbox, line, { env });
  const https = () => `https://${host}:${secure.port}`;
  const http = () => `http://${host}:${plain.port}`;

  test("curl, encrypted and in the clear", async () => {
    for (const base of [https(), http()])
      expect(await inside(`curl -sS ${base}/hello`)).toEqual({
        code: 0,
        stdout: "hello from outside\n",
        stderr: "",
      });
    const refused = await inside("curl -sS https://evil.test/; curl -sS -i http://evil.test/");
    expect(refused.stderr).toContain("403");
    expect(refused.stdout).toContain("nanoclaw groups egress allow family evil.test");
  });

  test("curl sends and fetches many megabytes unchanged", async () => {
    for (const base of [https(), http()]) {
      const line = `curl -sS ${base}/large -o large && sha256sum < large && curl -sS --data-binary @large ${base}/up`;
      const hash = new Bun.CryptoHasher("sha256").update(new Uint8Array(20_000_000).fill(7)).digest("hex");
      expect((await inside(line)).stdout).toBe(`${hash}  -\ngot 20000000`);
    }
    const chunked = `head -c 3000000 large | curl -sS -T - -X POST ${http()}/up`;
    expect((await inside(chunked)).stdout).toBe("got 3000000");
  });

  test("git clones over HTTPS", async () => {
    const { code, stdout, stderr } = await inside(`git clone -q ${https()}/repository.git r && cat r/README`);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "a repository\n", stderr: "" });
    const refused = await inside("git clone -q https://evil.test/repository.git e");
    expect(refused.stderr).toContain("403");
  });

  test("npm installs from a registry", async () => {
    const base = `http://${host}:${new URL(registry.url).port}`;
    const line = `mkdir -p app && cd app && npm init -y >/dev/null && npm install --no-audit --no-fund --registry ${base} left-pad && ls node_modules`;
    expect((await inside(line)).stdout).toContain("left-pad");
  });

  test("Python's urllib, encrypted and in the clear", async () => {
    const script = (base: string) =>
      `import urllib.request as u; print(u.urlopen("${base}/hello").read().decode().strip())`;
    for (const base of [https(), http()])
      expect((await finish(sandbox, ["python3", "-c", script(base)], { env })).stdout).toBe(
        "hello from outside\n",
      );
    const refused = await finish(sandbox, ["python3", "-c", script("https://evil.test")], { env });
    expect(refused.stderr).toContain("403 The owner has not allowed this host.");
  });

  test("Node's fetch, where Node is new enough to be told of a proxy", async () => {
    const version = (await inside("node --version")).stdout;
    const isNew = Number(/^v(\d+)/.exec(version)?.[1]) >= 24;
    const script = `fetch("${https()}/hello").then((r) => r.text()).then((t) => process.stdout.write(t), () => process.stdout.write("no way"))`;
    const { stdout } = await finish(sandbox, ["node", "-e", script], { env });
    // An older one knows of no proxy, and so gets nowhere: it does not get past it either.
    expect(stdout).toBe(isNew ? "hello from outside\n" : "no way");
  });

  test("a server of the sandbox's own on its loopback is asked directly", async () => {
    const line =
      "python3 -m http.server 8000 --bind 127.0.0.1 >/dev/null 2>&1 & until curl -s http://localhost:8000/ >/dev/null; do sleep 0.05; done; curl -s http://localhost:8000/ | head -1";
    expect((await inside(line)).stdout).toContain("DOCTYPE");
  });

  test("past the proxy there is nothing: no address of the host answers, no name is looked up, no packet leaves", async () => {
    const address = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
    let packets = 0;
    const sink = await Bun.udpSocket({ hostname: "0.0.0.0", socket: { data: () => void packets++ } });
    const lookups = egress.lookups.length;
    for (const target of ["127.0.0.1", ...(address === undefined ? [] : [address])]) {
      const { stdout } = await inside(
        `curl -s --noproxy '*' --max-time 2 http://${target}:${plain.port}/hello; perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(Proto => "udp", PeerAddr => "${target}:${sink.port}") and print $s "x"'; getent hosts evil.test`,
      );
      expect(stdout).toBe("");
    }
    expect([packets, egress.lookups.length - lookups]).toEqual([0, 0]);
    // Through the proxy, this machine's addresses are not listed either.
    expect(
      (
        await inside(
          `curl -sS http://127.0.0.1.nip.test/; curl -s -x http://127.0.0.1:3128 --noproxy '' http://127.0.0.1:${plain.port}/hello`,
        )
      ).stdout,
    ).not.toContain("hello from outside");
    // The sink does hear what is sent from where there is a network.
    const outside = await Bun.udpSocket({});
    outside.send("x", sink.port, "127.0.0.1");
    for (let round = 0; round < 200 && packets === 0; round++) await Bun.sleep(5);
    expect(packets).toBe(1);
    sink.close();
    outside.close();
  });
});

async function makeRepository(folder: string): Promise<void> {
  const git = async (...words: readonly string[]) => {
    const env = {
      ...{ PATH: "/usr/bin:/bin", HOME: folder, GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@a.test" },
      ...{ GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@a.test" },
    };
    const { code, stderr } = await run(["/usr/bin/git", ...words], {
      signal: AbortSignal.timeout(20_000),
      env,
      cwd: folder,
    });
    if (code !== 0) throw new Error(stderr);
  };
  await git("init", "-q", "source");
  await writeFile(join(folder, "source/README"), "a repository\n");
  await git("-C", "source", "add", ".");
  await git("-C", "source", "commit", "-qm", "first");
  await git("clone", "-q", "--bare", "source", "repository.git");
  // Without a program behind it a server serves a repository as files.
  await git("-C", "repository.git", "update-server-info");
}

describe("the whole program", () => {
  const look = (line: string) => [{ text: "", calls: [call(line)] }, { text: "Done." }];

  const named =
    "Waits for your yes: #1 new.test\n  nanoclaw approvals show 1\n  nanoclaw approvals allow 1\n";
  const tries =
    "env | grep -ci proxy; curl -s -o /dev/null -w '%{http_connect} ' https://new.test/ https://new.test/";

  test("the first host of a group is asked for where it is tried; a yes lists it, and the next try is let through", async () => {
    await using bench = await ProgramBench.open({ script: [...look(tries), ...look(tries), ...look(tries)] });
    expect((await bench.run(["groups", "egress", "list"])).out).toBe(
      "main may reach nothing yet: you are asked about what it tries. Allow a host: nanoclaw groups egress allow main HOST\n",
    );
    expect((await bench.ask("go")).err.split(named)).toHaveLength(2);
    expect((await bench.run(["approvals", "allow", "1"])).code).toBe(0);
    expect((await bench.run(["groups", "egress", "list"])).out).toBe("new.test\n");
    expect((await bench.ask("go")).err).not.toContain("Waits for your yes");
    // It was let out to a name that nobody knows here.
    const log = (await bench.run(["groups", "egress", "log", "--json"])).out;
    expect([...log.matchAll(/"verdict":\s*"(\w+)"/g)].map(([, verdict]) => verdict).slice(-2)).toEqual([
      "allow",
      "allow",
    ]);
  });

  test.each([
    ["that is locked", ["policy", "set", "main", "locked"], "locked, and its sandbox has no network"],
    ["that the owner keeps off", ["groups", "egress", "off", "main"], "egress on main"],
  ])("a group %s has no network and asks for none", async (_, argv, said) => {
    await using bench = await ProgramBench.open({ script: look(tries) });
    expect((await bench.run(argv)).code).toBe(0);
    expect((await bench.run(["groups", "egress", "list"])).out).toContain(said);
    expect((await bench.ask("go")).err).not.toContain("#1 new.test");
    expect(bench.query("SELECT count(*) AS n FROM audit WHERE action = 'egress.connect'")).toEqual([
      { n: 0 },
    ]);
    expect((await bench.run(["groups", "egress", "on", "main"])).code).toBe(0);
  });

  test("a refused host is asked for once, with the line that allows it", async () => {
    await using bench = await ProgramBench.open({ script: look(tries) });
    expect(await bench.run(["groups", "egress", "allow", "main", "Example.com", "--read-only", "/"])).toEqual(
      {
        out: "✓ main may reach example.com (reading below /), from its next command on.\n",
        err: "",
        code: 0,
      },
    );
    const second = await bench.ask("go");
    expect(second.err.split(named)).toHaveLength(2);
    expect((await bench.run(["groups", "egress", "log"])).out).toMatch(
      /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}deny {3}CONNECT new\.test:443 {2}The owner has not allowed this host\.\n){2}$/,
    );
    expect(JSON.parse((await bench.run(["groups", "egress", "list", "main", "--json"])).out)).toEqual([
      { host: "example.com", readOnly: ["/"] },
    ]);
    expect((await bench.run(["groups", "egress", "deny", "main", "example.com."])).out).toBe(
      "✓ main opens no more connections to example.com.\n",
    );
    expect(JSON.parse((await bench.run(["groups", "egress", "list", "--json"])).out)).toEqual([]);
    expect(bench.query("SELECT action, object FROM audit WHERE action LIKE 'egress.change'")).toEqual([
      { action: "egress.change", object: "allow example.com" },
      { action: "egress.change", object: "deny example.com" },
    ]);
  });

  test.skipIf(process.getuid?.() !== 0)(
    "started by an ordinary user it lets out and refuses as well, and leaves nothing behind",
    async () => {
      const line = "curl -s -o /dev/null -w '%{http_connect}' https://new.test/";
      await using bench = await ProgramBench.open({ script: look(line) });
      await bench.run(["groups", "egress", "allow", "main", "example.com"]);
      const options = { signal: AbortSignal.timeout(20_000) };
      await run(["/usr/bin/chown", "-R", "1003:1003", bench.root], options);
      const under = ["/usr/bin/setpriv", "--reuid=1003", "--regid=1003", "--clear-groups"];
      const { err, code } = await bench.run(["agent", "-m", "go"], { under });
      expect(err).toContain("nanoclaw approvals allow 1");
      expect(code).toBe(0);
      expect(newResults(bench.requests[1] ?? ({ body: {} } as never))[0]?.text).toContain("403");
    },
  );

  test("the log is followed as it grows", async () => {
    await using bench = await ProgramBench.open({ script: look("curl -s http://late.test/") });
    await bench.run(["groups", "egress", "allow", "main", "example.com"]);
    await using following = bench.start(["groups", "egress", "log", "main", "-f", "--json"]);
    await bench.ask("go");
    await following.waitForOut("late.test");
    const entry: unknown = JSON.parse(following.out);
    expect(entry).toMatchObject({ verdict: "deny", request: "GET late.test:80/" });
  });
});
