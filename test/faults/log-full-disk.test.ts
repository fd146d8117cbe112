import { expect, test } from "bun:test";
import { join } from "node:path";
import { onSmallDisk } from "../fakes/surroundings.ts";
import { makeTemporaryFolder } from "../fakes/temporary-store.ts";

test("a full disk stops nobody who logs; how many lines it took is told when there is room, and no line is torn", async () => {
  await using disk = await makeTemporaryFolder();
  const steps = join(import.meta.dir, "log-full-disk-steps.ts");
  const argv = [...onSmallDisk(disk.path, "1m"), process.execPath, "--no-env-file", steps, disk.path];
  const child = Bun.spawn(argv, { stdout: "pipe", stderr: "pipe" });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  expect({ err, code: await child.exited }).toEqual({ err: "", code: 0 });
  const lines = out.trim().split("\n").filter(Boolean);
  expect(lines[0]).toBe("before");
  expect(lines.at(-1)).toBe("after");
  const loss: { message: string; lost: number } = JSON.parse(lines.at(-2) ?? "");
  expect(loss.message).toBe("log lines could not be written");
  expect(loss.lost).toBeGreaterThan(0);
  // One line may have found room for its first half only.
  const whole = lines.slice(1, -2).filter((line) => line.endsWith('"}'));
  expect(lines.slice(1, -2).length - whole.length).toBeLessThanOrEqual(1);
  expect(whole.length + loss.lost).toBe(2_000);
});
