import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { findPlaces } from "../../src/sandbox/bubblewrap/control-groups.ts";
import { inForbidden } from "../fakes/forbidden-namespaces.ts";
import { ProgramBench, shell } from "../fakes/program-bench.ts";

let bench: ProgramBench;
beforeAll(async () => {
  bench = await ProgramBench.open({ config: { sandbox: { limits: { memoryMb: 700, commands: 5 } } } });
});
afterAll(() => bench[Symbol.asyncDispose]());

test("sandbox status shows the runtime and by what each limit is held", async () => {
  const { out, code } = await bench.run(["sandbox", "status"]);
  expect(code).toBe(0);
  expect(out).toStartWith("bubblewrap ✓\nbubblewrap 0.");
  expect(out).toMatch(/^memory +700 MB +(?:control group, version [12]|rlimit)/m);
  expect(out).toMatch(/^at once +5 +NanoClaw itself$/m);
  expect(out).toMatch(/uid of its own|as your own user/);
});

test("sandbox status --json holds the same", async () => {
  const { out } = await bench.run(["sandbox", "status", "--json"]);
  expect(JSON.parse(out)).toMatchObject({
    name: "bubblewrap",
    isAvailable: true,
    limits: expect.arrayContaining([
      expect.objectContaining({ limit: "memoryBytes", value: 700 * 1024 * 1024 }),
    ]),
  });
});

test("sandbox probe shows what was tried, what was seen, and that it held", async () => {
  const { out, err, code } = await bench.run(["sandbox", "probe"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(
    /^held +fs\.read-ssh-key +read an SSH key in a home folder: No such file or directory$/m,
  );
  expect(out).toMatch(/^held +fs\.read-state /m);
  expect(out).toMatch(/^held +sys\.io_uring /m);
  expect(out).toMatch(/^bubblewrap: \d+ held, 0 leaked, \d+ without a control, \d+ not run$/m);
  expect(out).not.toContain("canary-");
}, 60_000);

test.each(["status", "probe"])(
  "where the system forbids namespaces sandbox %s says so, and how to allow them",
  async (verb) => {
    await chmod(bench.root, 0o777);
    const env = { NANOCLAW_HOME: join(bench.root, `new-${verb}`) };
    const { out, err, code } = await bench.run(["sandbox", verb], { under: inForbidden, env });
    expect(code).toBe(1);
    expect(out + err).toContain("allows users no namespaces");
    expect(out + err).toContain("sudo sysctl -w user.max_user_namespaces=28633");
  },
);

test("the model is told which limit its command met, and how many run already", async () => {
  const limits = { memoryMb: 64, outputMb: 1, jobs: 1, processes: 40 };
  const calls = [
    shell("head -c 150000000 /dev/zero | tail -c 150000000 | wc -c"),
    shell("yes"),
    shell("sleep 20", { background: true }),
    shell("sleep 21", { background: true }),
  ];
  await using own = await ProgramBench.open({
    script: [...calls.map((call) => ({ calls: [call] })), { text: "ok" }],
    config: { sandbox: { limits } },
  });
  expect((await own.ask("go")).code).toBe(0);
  const said = JSON.stringify(own.requests.at(-1));
  if (findPlaces({ root: "" }).memory !== undefined) {
    expect(said).toContain("the memory that this sandbox may use ran out");
  }
  expect(said).toContain("stopped: it printed more than a command may");
  expect(said).toContain("1 jobs are running already");
}, 30_000);
