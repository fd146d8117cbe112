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
import { createDecode } from "./create-decode.ts";
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
    decode: createDecode({ config, group, home }),
  };
}

function toKey(name: "brave" | "tavily", key: string | undefined) {
  return key === undefined || key === "" ? {} : { [name]: new Secret(key) };
}
