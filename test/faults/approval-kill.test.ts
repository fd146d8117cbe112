import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ProgramBench, shell } from "../fakes/program-bench.ts";

/** Milliseconds after the decision stood on disk: before its call, in it, and when it has ended. */
const moments = [0, 30, 90, 250];

test("killed between the decision and its effect, the decision stays, and the effect comes once or never", async () => {
  await using bench = await ProgramBench.open({
    script: ({ body }) => {
      const { messages } = body as { readonly messages: readonly unknown[] };
      const last = JSON.stringify(messages.at(-1));
      if (last.includes("Waiting for approval")) return { text: "It waits." };
      if (last.includes("request #")) return { text: "I was told." };
      const [, name = "x"] = /write (\w+)/.exec(last) ?? [];
      return { calls: [shell(`echo x >> ${name}; sleep 0.05; echo y >> ${name}`)] };
    },
  });
  await bench.run(["policy", "set", "main", "locked"]);
  const seen: string[] = [];
  for (const [index, ms] of moments.entries()) {
    const id = index + 1;
    const session = `s${id}`;
    await bench.run(["agent", "-s", session, "-m", `write f${id}`]);
    const running = bench.start(["approvals", "allow", String(id), "--yes"]);
    await running.waitForErr(`✓ #${id}: allowed once.`);
    // Real time: what it is killed in is another process.
    await Bun.sleep(ms);
    running.kill("SIGKILL");
    await running.ended;
    const decisions = bench.query(
      `SELECT verdict FROM audit WHERE action = 'approval.decide' AND object LIKE '#${id} once%'`,
    );
    expect(decisions).toEqual([{ verdict: "allow" }]);
    const left = String(bench.query(`SELECT state FROM approvals WHERE id = ${id}`)[0]?.["state"]);
    seen.push(left);
    expect(["allowed", "running", "done"]).toContain(left);
    // The next turn of that conversation does it, or says that nobody knows.
    const next = await bench.run(["agent", "-s", session, "-m", "and now?"]);
    expect(next.code).toBe(0);
    const text = await readFile(join(bench.workspace(), `f${id}`), "utf8").catch(() => "");
    expect(["", "x\n", "x\ny\n"]).toContain(text);
    const told = JSON.stringify(bench.requests.at(-1)?.body);
    expect(told).toMatch(/The owner said yes to request|The owner allowed request/);
    if (left === "allowed") expect(text).toBe("x\ny\n");
    expect(bench.query(`SELECT state FROM approvals WHERE id = ${id}`)).toEqual([{ state: "done" }]);
  }
  // It was killed early and late.
  expect(new Set(seen).size).toBeGreaterThan(1);
  expect((await bench.run(["doctor"])).out).not.toContain("audit: ✗");
});
