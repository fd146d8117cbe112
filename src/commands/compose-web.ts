import { createTerminalOwner } from "../authority/actor.ts";
import { createAuthority } from "../authority/authority.ts";
import { systemClock } from "../clock.ts";
import type { Config, Environment } from "../config.ts";
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
    allowHop: async (party, hop) => {
      const { createDecideHop } = await import("../turns/decide-hop.ts");
      const authority = createAuthority({ database: store.database, clock: systemClock });
      const actor = createTerminalOwner(ownUid(), group.name);
      await createDecideHop({ store, authority, group, actor })(party, hop);
    },
    decode: createDecode({ config, group, home }),
  };
}

function toKey(name: "brave" | "tavily", key: string | undefined) {
  return key === undefined || key === "" ? {} : { [name]: new Secret(key) };
}
