import { loadConfig } from "../config.ts";
import { findHome } from "../home.ts";
import { openKeyring } from "../keyring.ts";
import { listKnownModels, type KnownModel } from "../providers/known-models.ts";
import type { CommandIo } from "./command-io.ts";
import { findOwnServers } from "./model.ts";

/** The models of this machine: of the configuration, of the keys that are set, of the servers that run here. */
export async function listModels(io: CommandIo, signal: AbortSignal): Promise<readonly KnownModel[]> {
  const home = findHome(io.env);
  const { config } = await loadConfig(home.config, io.env);
  const keyring = await openKeyring({ environment: io.env, secretsPath: home.secrets });
  const localServers = config.localServers.discover ? await findOwnServers(signal) : [];
  return listKnownModels({ config, keyring, localServers });
}
