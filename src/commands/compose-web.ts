import { createAgentActor, createTerminalOwner } from "../authority/actor.ts";
import { createAuthority } from "../authority/authority.ts";
import { systemClock } from "../clock.ts";
import type { Config, Environment } from "../config.ts";
import { AppError } from "../errors.ts";
import type { WebAccessOptions } from "../turns/web-access.ts";
import type { HomePaths } from "../home.ts";
import { Secret } from "../secret.ts";
import type { Group } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import { ownUid } from "./own-store.ts";

export interface WebPlace {
  readonly config: Config;
  readonly group: Group;
  readonly home: HomePaths;
  readonly store: Store;
  readonly environment: Environment;
}

/** The web as the configuration, the keys and the table of rights have it. Nothing of it is loaded before it is used. */
export function composeWeb({ config, group, home, store, environment }: WebPlace): WebAccessOptions {
  const { provider, apiKey, baseUrl, maxResults } = config.tools.web.search;
  return {
    readSearch: async () => {
      const { chooseSearch } = await import("../tools/web/search-web.ts");
      const environmentKeys = {
        ...toKey("brave", environment["BRAVE_API_KEY"]),
        ...toKey("tavily", environment["TAVILY_API_KEY"]),
      };
      const setting = chooseSearch({ provider, apiKey, baseUrl, environmentKeys });
      return { ...setting, maxResults, isOwnBase: baseUrl !== null };
    },
    allowHop: async ({ actor = createTerminalOwner(ownUid(), group.name), taint }, url) => {
      const authority = createAuthority({ database: store.database, clock: systemClock });
      const agent = createAgentActor(actor, group.name);
      const object = { group: group.name, name: `redirect to ${url.host}` };
      const decision = await authority.decide(agent, "web.read", object, taint.current);
      if (decision.verdict !== "allow") throw new AppError("denied", decision.reason);
    },
    readPdf: async (bytes, signal) => {
      const { readPdf } = await import("../tools/web/read-pdf.ts");
      return await readPdf(bytes, () => openEmptySandbox(config, group, home), signal);
    },
  };
}

/** Of nobody: three folders that were made for it, and go with it. */
async function openEmptySandbox(config: Config, group: Group, home: HomePaths) {
  const [{ openSandbox }, { toSandboxLimits }, { mkdtemp, mkdir, rm, chown }] = await Promise.all([
    import("../sandbox/open-sandbox.ts"),
    import("../sandbox/limits.ts"),
    import("node:fs/promises"),
  ]);
  await mkdir(home.run, { recursive: true, mode: 0o700 });
  const root = await mkdtemp(`${home.run}/empty-`);
  const folders = { workspace: `${root}/workspace`, home: `${root}/home`, temporary: `${root}/tmp` };
  for (const folder of Object.values(folders)) {
    await mkdir(folder, { mode: 0o700 });
    if (ownUid() === 0) await chown(folder, group.uid, group.uid);
  }
  const limits = toSandboxLimits(config.sandbox);
  const sandbox = await openSandbox(config.sandbox.runtime, {
    uid: group.uid,
    ...folders,
    mounts: [],
    limits,
  });
  return {
    paths: sandbox.paths,
    spawn: sandbox.spawn.bind(sandbox),
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function toKey(name: "brave" | "tavily", key: string | undefined) {
  return key === undefined || key === "" ? {} : { [name]: new Secret(key) };
}
