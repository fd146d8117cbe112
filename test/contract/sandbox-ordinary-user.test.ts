import { expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../src/run.ts";

const isRoot = process.getuid?.() === 0;
const files = [
  "contract/sandbox-bubblewrap.test.ts",
  "contract/sandbox-network.test.ts",
  "redteam/sandbox.test.ts",
  "redteam/sandbox-limits.test.ts",
  "redteam/sandbox-probes.test.ts",
  "redteam/mounts.test.ts",
  "contract/sandbox-shared-folders.test.ts",
];

/** Any uid that is neither root nor in use for a group. */
const ordinary = 1001;

// Started by an ordinary user, the files below are run as such anyway.
test.skipIf(!isRoot).each(files)(
  "%s holds for an ordinary user as well",
  async (file) => {
    const { code, stderr } = await run(
      [process.execPath, "--no-env-file", "test", join(import.meta.dir, "..", file)],
      {
        signal: AbortSignal.timeout(110_000),
        timeoutMs: 110_000,
        uid: ordinary,
        gid: ordinary,
        env: { PATH: "/usr/bin:/bin", HOME: "/nonexistent", TMPDIR: tmpdir() },
        cwd: join(import.meta.dir, "../.."),
      },
    );
    expect(stderr).toContain(" 0 fail");
    expect({ code, end: code === 0 ? "" : stderr }).toEqual({ code: 0, end: "" });
  },
  120_000,
);
