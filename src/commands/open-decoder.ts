import { chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import type { Config } from "../config.ts";
import type { HomePaths } from "../home.ts";
import type { Group } from "../store/groups.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import { toSandboxLimits } from "../sandbox/limits.ts";
import type { Decoder } from "../tools/web/decode-apart.ts";
import { prepareDecoder } from "./decoder-program.ts";
import { ownUid } from "./own-store.ts";

export interface DecoderPlace {
  readonly config: Pick<Config, "sandbox">;
  /** Started by root, it runs as the uid of this one. */
  readonly group: Pick<Group, "uid">;
  readonly home: Pick<HomePaths, "run">;
}

/** Of nobody: three folders that were made for it and go with it, the program that decodes, and no network. */
export async function openDecoder({ config, group, home }: DecoderPlace): Promise<Decoder> {
  const program = await prepareDecoder(home.run);
  const root = await mkdtemp(`${home.run}/empty-`);
  const folders = { workspace: `${root}/workspace`, home: `${root}/home`, temporary: `${root}/tmp` };
  for (const folder of Object.values(folders)) {
    await mkdir(folder, { mode: 0o700 });
    if (ownUid() === 0) await chown(folder, group.uid, group.uid);
  }
  const sandbox = await openSandbox(config.sandbox.runtime, {
    uid: group.uid,
    ...folders,
    mounts: [{ name: "decoder", source: program.folder, canWrite: false }],
    limits: toSandboxLimits(config.sandbox),
  });
  const [mount] = sandbox.paths.mounts;
  return {
    argv: program.argv(mount?.path ?? ""),
    sandbox: {
      paths: sandbox.paths,
      spawn: sandbox.spawn.bind(sandbox),
      async [Symbol.asyncDispose]() {
        await sandbox[Symbol.asyncDispose]();
        await rm(root, { recursive: true, force: true });
      },
    },
  };
}
