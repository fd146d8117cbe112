import { expect, test } from "bun:test";
import { join } from "node:path";
import { makeTemporaryFolder } from "../fakes/temporary-store.ts";

const program = join(import.meta.dir, "store-full-disk-steps.ts");

test("a full disk rejects what it can't hold, loses nothing, and is forgotten when there is room", async () => {
  expect(await runOnSmallDisk("fillAndRecover")).toEqual({
    told: true,
    failure: "The disk is full (DISK/home/nanoclaw.db). Nothing that was already saved is lost.",
    whileFull: expect.arrayContaining([
      "The disk is full (DISK/home/nanoclaw.db). Nothing that was already saved is lost.",
    ]),
    isWhole: true,
    afterwards: "ok",
    integrity: "ok",
  });
});

test("a first opening on a full disk fails in a sentence, and succeeds when there is room", async () => {
  expect(await runOnSmallDisk("openOnFullDisk")).toEqual({
    failure: expect.stringContaining("The disk is full"),
    rows: 0,
    files: 3,
  });
});

test("a first opening on a disk that can only be read fails in a sentence", async () => {
  expect(await runOnSmallDisk("openOnReadOnlyDisk", "mount -o remount,ro")).toEqual({
    failure: expect.stringMatching(/can only be read, not written/),
  });
});

/** In a mount namespace of its own, so that nothing is left mounted whatever happens. */
async function runOnSmallDisk(step: string, prepare = "true"): Promise<unknown> {
  await using disk = await makeTemporaryFolder();
  const script =
    'mount -t tmpfs -o size=2m,mode=700 tmpfs "$1" && $4 "$1" && exec "$0" --no-env-file "$2" "$1" "$3"';
  const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const inNamespace = ["unshare", "--mount", "--propagation", "private", ...asRoot];
  const command = ["sh", "-c", script, process.execPath, disk.path, program, step, prepare];
  const child = Bun.spawn([...inNamespace, ...command], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [output, problems] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  expect(problems).toBe("");
  return JSON.parse(output);
}
