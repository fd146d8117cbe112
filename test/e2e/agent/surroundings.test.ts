import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newResults } from "../../fakes/llm-transcript.ts";
import { ProgramBench, shell } from "../../fakes/program-bench.ts";

/** Whole programs start here, also on a machine that has much else to do. */
setDefaultTimeout(30_000);

const isRoot = process.getuid?.() === 0;

/** Runs what follows where `script` has changed the mounts, for it alone. */
function withMounts(script: string): string[] {
  const user = isRoot ? [] : ["--user", "--map-root-user"];
  return ["unshare", "--mount", ...user, "sh", "-c", `set -e\n${script}\nexec "$@"`, "sh"];
}

describe("without a sandbox", () => {
  const places: readonly (readonly [string, (bench: ProgramBench) => string, string])[] = [
    ["bubblewrap is not installed", () => "mount --bind /dev/null /usr/bin/bwrap", "bubblewrap"],
    [
      "the system forbids namespaces",
      (bench) => `mount --bind '${bench.root}/bwrap' /usr/bin/bwrap`,
      // As an ordinary user we are root of a namespace with no uids here, which is told first.
      isRoot ? "namespace" : "no uid",
    ],
  ];
  test.each(places)("%s: tools refuse with the remedy and the talk goes on", async (_, mount, word) => {
    const marker = `/tmp/nanoclaw-escaped-${crypto.randomUUID()}`;
    await using bench = await ProgramBench.open({
      script: [
        {
          calls: [
            shell(`touch ${marker}`),
            shell(`touch ${marker}`, { background: true }),
            { name: "write_file", arguments: { path: marker, content: "x" } },
            { name: "read_file", arguments: { path: "/etc/hostname" } },
          ],
        },
        { text: "I cannot, but let us talk." },
      ],
    });
    const broken = "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n";
    await writeFile(join(bench.root, "bwrap"), broken, { mode: 0o755 });
    const ran = await bench.run(["agent", "-m", "Do it"], { under: withMounts(mount(bench)) });
    expect(ran).toMatchObject({ out: "I cannot, but let us talk.\n", code: 0 });
    const results = newResults(bench.requests[1] ?? missing()).map(({ text }) => text);
    expect(results).toHaveLength(4);
    for (const result of results) {
      expect(result).toStartWith("Error: ");
      expect(result).toContain(word);
    }
    expect(await Bun.file(marker).exists()).toBe(false);
    expect(await Bun.file(`${bench.workspace()}${marker}`).exists()).toBe(false);

    const status = await bench.run(["status"], { under: withMounts(mount(bench)) });
    expect(status.code).toBe(0);
    expect(status.out).toMatch(/Sandbox +bubblewrap ✗/);
  });

  test("root of a container without uids of its own says so", async () => {
    await using bench = await ProgramBench.open({
      script: [{ calls: [shell("touch escaped")] }, { text: "I cannot." }],
    });
    const under = ["unshare", "--user", "--map-root-user"];
    expect(await bench.run(["agent", "-m", "Do it"], { under })).toMatchObject({
      out: "I cannot.\n",
      code: 0,
    });
    const [result] = newResults(bench.requests[1] ?? missing());
    expect(result?.text).toStartWith("Error: Root has no uid");
    expect(await Bun.file(`${bench.workspace()}/escaped`).exists()).toBe(false);
    expect((await bench.run(["status"], { under })).out).toMatch(/Sandbox +bubblewrap ✗/);
  });

  test("the user's PATH is not where bubblewrap is looked for", async () => {
    await using bench = await ProgramBench.open({
      script: [{ calls: [shell("echo inside")] }, { text: "ok" }],
    });
    const own = join(bench.root, "bin");
    await mkdir(own);
    for (const name of ["bwrap", "nsenter", "setpriv", "unshare", "sh", "bash"]) {
      await writeFile(join(own, name), `#!/bin/sh\ntouch '${bench.root}/taken'\nexit 1\n`, { mode: 0o755 });
    }
    await bench.run(["agent", "-m", "Do it"], { env: { PATH: `${own}:/usr/bin:/bin` } });
    expect(newResults(bench.requests[1] ?? missing())[0]?.text).toBe("inside");
    expect(await Bun.file(join(bench.root, "taken")).exists()).toBe(false);
  });
});

describe("a disk that is full", () => {
  /** A home of that many KiB, with what is in ours. */
  function withSmallHome(bench: ProgramBench, kibibytes: number): string[] {
    return withMounts(
      `mount -t tmpfs -o size=${kibibytes}k,mode=0700 tmpfs "$HOME"
       cp -a '${bench.state}' "$HOME/state"
       export NANOCLAW_HOME="$HOME/state"`,
    );
  }

  test.each([false, true])("says so, whatever the size that is left (used before: %p)", async (wasUsed) => {
    await using bench = await ProgramBench.open({ script: () => ({ text: "Hello. ".repeat(2000) }) });
    if (wasUsed) await bench.ask("hi");
    const sizes = [12, 48, 100, 180, 300, 400, 560, 4000];
    const answers = await Promise.all(
      sizes.map(
        async (size) => await bench.run(["agent", "-m", "hi"], { under: withSmallHome(bench, size) }),
      ),
    );
    for (const { out, err, code } of answers) {
      if (code === 0) expect(out).toStartWith("Hello.");
      else expect(err).toMatch(/cp: |disk is full|disk failed[^]*free space/);
      expect(err).not.toContain("bug");
      expect(err).not.toContain("SQLITE");
    }
    expect(answers.some(({ err }) => err.includes("disk is full"))).toBe(true);
    expect(answers.at(-1)?.code).toBe(0);
  });
});

describe("a home that can only be read", () => {
  const readOnly = (bench: ProgramBench): string[] =>
    withMounts(`mount --bind '${bench.state}' '${bench.state}'; mount -o remount,bind,ro '${bench.state}'`);

  test.each([false, true])("is told of (used before: %p)", async (wasUsed) => {
    await using bench = await ProgramBench.open({ script: () => ({ text: "ok" }) });
    if (wasUsed) await bench.ask("hi");
    const asked = bench.requests.length;
    const ran = await bench.run(["agent", "-m", "hi"], { under: readOnly(bench) });
    expect(ran).toMatchObject({ out: "", code: 1 });
    expect(ran.err).toContain("only be read");
    expect(bench.requests).toHaveLength(asked);
    const status = await bench.run(["status"], { under: readOnly(bench) });
    expect(status.code).toBe(0);
    expect(status.err).toBe("");
  });

  test("of another user is refused", async () => {
    await using bench = await ProgramBench.open();
    await chmod(bench.state, 0o777);
    const ran = await bench.ask("hi");
    expect(ran).toMatchObject({ out: "", code: 1 });
    expect(ran.err).toContain("chmod 700");
  });
});

describe("a database that is not what it was", () => {
  test.each([
    ["damaged", async (file: string) => await writeFile(file, "x".repeat(8192))],
    ["emptied", async (file: string) => await writeFile(file, "")],
    ["lost", async (file: string) => await Bun.file(file).delete()],
  ] as const)("%s: it is said and not begun anew over what is there", async (_name, spoil) => {
    await using bench = await ProgramBench.open({ script: () => ({ text: "ok" }) });
    await bench.ask("hi");
    const file = join(bench.state, "nanoclaw.db");
    await spoil(file);
    const ran = await bench.ask("hi");
    expect(ran).toMatchObject({ out: "", code: 1 });
    expect(ran.err).toContain("database");
    expect(ran.err).not.toContain("bug");
  });
});

function missing(): never {
  throw new Error("It was never sent.");
}
