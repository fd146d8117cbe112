import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import { toSha256 } from "../../../src/plugins/load-plugin.ts";
import { writePlugins } from "../../../src/plugins/plugin-list.ts";
import { makePluginFolder } from "../plugins.ts";
import type { FakeAuthority } from "./noise-server.ts";

/** As the library has WhatsApp's own authority written down. */
const realAuthority = "142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b";

/** The library as the owner's program loads it, pinned by its hash, but that it trusts a fake's authority. */
export async function installLibrary(plugins: string, authority: FakeAuthority): Promise<void> {
  await using made = await makePluginFolder("baileys");
  const text = await Bun.file(join(made.folder, "baileys.mjs")).text();
  const trusting = text.replace(realAuthority, Buffer.from(authority.publicKey).toString("hex"));
  if (trusting === text) throw new Error("the library no longer says whom it trusts where it did");
  await mkdir(plugins, { recursive: true, mode: 0o700 });
  const file = "baileys-7.0.0-rc14.mjs";
  await Bun.write(join(plugins, file), trusting);
  const bytes = await Bun.file(join(plugins, file)).bytes();
  writePlugins(plugins, [{ name: "baileys", version: "7.0.0-rc14", file, sha256: toSha256(bytes) }]);
}
