import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ToolSandbox } from "../../src/sandbox/sandbox.ts";
import { capture } from "../../src/snapshots/capture.ts";
import { ContentStore } from "../../src/snapshots/content-store.ts";
import { turnLimits } from "../../src/snapshots/limits.ts";
import { systemClock } from "../../src/clock.ts";
import { UndoBench, type UndoBenchOptions } from "../fakes/undo-bench.ts";

const canary = "canary-8264";

let bench: UndoBench;
beforeEach(async () => {
  bench = await UndoBench.open();
  writeFileSync(join(bench.root, "secret"), canary, { mode: 0o600 });
});
afterEach(() => bench[Symbol.asyncDispose]());

async function reopen(options: UndoBenchOptions): Promise<void> {
  await bench[Symbol.asyncDispose]();
  bench = await UndoBench.open(options);
}

function readKept(): string {
  const files = readdirSync(join(bench.snapshots, "contents"), { recursive: true, withFileTypes: true });
  return files
    .filter((each) => each.isFile())
    .map((each) => readFileSync(join(each.parentPath, each.name), "latin1"))
    .join("\n");
}

describe("links", () => {
  test("a link to a file of the host is kept as a link: what it points to is neither read nor written", async () => {
    const secret = join(bench.root, "secret");
    await bench.run(`ln -s ${secret} link; ln -s ${bench.root} folder; echo x > plain; ln -s / root`);
    const before = await bench.tree();
    await bench.turn("rm link folder plain root; mkdir folder; echo y > folder/secret; echo z > link");
    expect(readKept()).not.toContain(canary);
    await bench.back();
    expect(await bench.tree()).toBe(before);
    expect(readFileSync(secret, "utf8")).toBe(canary);
  });

  test("a folder that became a link to elsewhere is not written through", async () => {
    await bench.run("mkdir -p d; echo mine > d/a; mkdir /home/agent/d; echo home > /home/agent/d/a");
    await bench.turn("rm -r d; ln -s /home/agent/d d");
    await bench.back();
    expect((await bench.run("cat d/a /home/agent/d/a; [ -L d ] || echo folder")).stdout).toBe(
      "mine\nhome\nfolder\n",
    );
  });

  test("a folder that a racing command swaps for a link leads nowhere but to what the group can write anyway", async () => {
    await bench.run("mkdir d; for i in $(seq 200); do echo $i > d/f$i; done");
    await bench.turn("rm d/*");
    const stop = new AbortController();
    const racer = await bench.sandbox.spawn(
      ["sh", "-c", "while :; do mv d e; ln -s /etc d; rm d; mv e d; done 2>/dev/null"],
      { signal: stop.signal },
    );
    const said = await bench.back();
    stop.abort();
    await racer.exited;
    expect(said).toContain("undo --to");
    await bench.run("rm -f d; [ ! -d e ] || mv e d");
    await bench.back("1");
    expect((await bench.run("cat d/f7; ls d | wc -l")).stdout).toBe("7\n200\n");
  }, 30_000);
});

describe("what the group's commands left where programs are looked for", () => {
  const plant = `mkdir -p ~/.local/bin; for p in find tar xargs rm chmod; do
    printf '#!/bin/sh\\necho planted > /workspace/was-run; exit 0\\n' > ~/.local/bin/$p; /bin/chmod 755 ~/.local/bin/$p; done`;

  test("is never one of our tools", async () => {
    await bench.run("echo x > a");
    await bench.run(plant);
    await bench.keep();
    await bench.run("echo y > a");
    await bench.back();
    expect((await bench.run("cat a; [ ! -e was-run ] || echo planted")).stdout).toBe("x\n");
  });

  test("the control: with the group's own search path it is", async () => {
    await bench.run("echo x > a");
    await bench.run(plant);
    const careless: ToolSandbox = {
      paths: bench.sandbox.paths,
      spawn: (argv, { env: _env, ...options }) => bench.sandbox.spawn(argv, options),
    };
    const roots = [{ source: undefined, inside: "/workspace", hidesExtra: false }];
    const store = new ContentStore(join(bench.root, "store"));
    const options = {
      sandbox: careless,
      roots,
      store,
      previous: undefined,
      limits: turnLimits,
      clock: systemClock,
    };
    await expect(capture(options, AbortSignal.timeout(10_000))).rejects.toThrow("can't be looked into");
    expect((await bench.run("cat was-run")).stdout).toBe("planted\n");
  });
});

describe("nothing in a workspace holds us up or fills us", () => {
  test("pipes, sockets and devices are recorded and not opened", async () => {
    await bench.run(
      "mkfifo pipe; echo x > a; perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => \"sock\", Listen => 1)'",
    );
    const before = await bench.tree();
    await bench.turn("rm pipe a");
    await bench.back();
    expect(await bench.tree()).toBe(before);
    await bench.turn("rm sock");
    expect(await bench.undo.prepare(undefined, async () => {}, AbortSignal.timeout(10_000))).toBeDefined();
  });

  test("a file that becomes a pipe while it is copied is passed over", async () => {
    await bench.run("for i in $(seq 100); do echo $i > f$i; done");
    const stop = new AbortController();
    const line =
      "while :; do for i in $(seq 100); do rm -f f$i; mkfifo f$i; rm f$i; echo $i > f$i; done; done";
    const racer = await bench.sandbox.spawn(["sh", "-c", line], { signal: stop.signal });
    await bench.keep(AbortSignal.timeout(20_000));
    stop.abort();
    await racer.exited;
  }, 30_000);

  test("a sparse file of 3 GB is named and costs nothing", async () => {
    await bench.run("truncate -s 3G huge; echo x > a");
    const started = performance.now();
    await bench.keep();
    expect(performance.now() - started).toBeLessThan(5000);
    expect(bench.notices).toEqual(["Undo can't bring back huge (3.2 GB, too large)."]);
    expect(statSync(join(bench.snapshots, "contents")).isDirectory()).toBe(true);
    await bench.run("echo y > a");
    await bench.back();
    expect((await bench.run("cat a; stat -c %s huge")).stdout).toBe("x\n3221225472\n");
  });

  test("files that grow as fast as they are read end at the limit", async () => {
    await reopen({ limits: { fileBytes: 1e6, copyBytes: 2e6, copyMs: 3000 } });
    await bench.run("head -c 900000 /dev/zero > grows");
    const stop = new AbortController();
    const racer = await bench.sandbox.spawn(
      [
        "sh",
        "-c",
        "while :; do head -c 100000 /dev/zero >> grows; [ $(stat -c %s grows) -lt 90000000 ] || : > grows; done",
      ],
      { signal: stop.signal },
    );
    await bench.keep(AbortSignal.timeout(20_000));
    stop.abort();
    await racer.exited;
    expect(bench.notices.join()).toContain("grows");
    const rows = await bench.store.database.all("SELECT copied_bytes FROM snapshots");
    expect(Number(rows[0]?.["copied_bytes"])).toBeLessThanOrEqual(2e6);
  }, 30_000);

  test("fifty-one thousand files are too many, in bounded time and memory", async () => {
    await bench.run(
      'perl -e \'for (1..51) { mkdir "d$_"; for my $f (1..1000) { open(my $o, ">", "d$_/$f") } }\'',
    );
    Bun.gc(true);
    const memory = process.memoryUsage().rss;
    const started = performance.now();
    await bench.keep();
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(process.memoryUsage().rss - memory).toBeLessThan(150e6);
    expect(bench.notices).toEqual(["Undo will not work for this turn: it holds more than 50,000 files."]);
  }, 60_000);

  test("names as long as they may be fill no more than the list's limit", async () => {
    await reopen({ limits: { listBytes: 100_000 } });
    await bench.run(
      "n=$(printf 'x%.0s' $(seq 250)); d=.; for i in $(seq 14); do d=$d/$n; mkdir -p $d; echo > $d/f; done; for i in $(seq 100); do echo > $d/$i; done",
    );
    await bench.keep();
    expect(bench.notices).toEqual([
      "Undo will not work for this turn: the names of its files are too many or too long.",
    ]);
  });

  test("a list that takes too long is given up", async () => {
    await reopen({ limits: { listMs: 1 } });
    await bench.keep();
    expect(bench.notices.join()).toContain("it took longer than");
  });
});

test("a stranger's rights end here: the assistant may not undo", async () => {
  const { authorize } = await import("../../src/authority/authorize.ts");
  const { clean } = await import("../../src/authority/taint.ts");
  const agent = { kind: "agent", via: "terminal", id: "0", group: "main", behalf: "owner" } as const;
  expect(authorize(agent, "files.restore", { group: "main", name: "x" }, clean).verdict).toBe("deny");
});
