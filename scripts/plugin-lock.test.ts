import { expect, test } from "bun:test";
import { join } from "node:path";
import { makePluginLock, pluginLockPath } from "./plugin-lock.ts";

const root = join(import.meta.dir, "..");

test("what a machine fetches for WhatsApp is, by its hashes, what we test with: npm run fix writes it", async () => {
  const text = await Bun.file(join(root, pluginLockPath)).text();
  expect(text).toBe(await makePluginLock(root));
  const named = [
    ...text.matchAll(
      /^ {4}"[^"]+": \["((?:@[^/"]+\/)?[^@"]+)@[^"]+", "", \{.*\}, "sha512-[\w+/]+={0,2}"\],$/gm,
    ),
  ];
  const lines = text.split("\n").filter((line) => /^ {4}"[^"]+": \[/.test(line));
  // Each of them by a hash, and from no place of its own.
  expect(named).toHaveLength(lines.length);
  expect(named.map(([, name]) => name)).toContain("libsignal");
});
