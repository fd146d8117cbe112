import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { createPairingCode } from "../people/create-pairing-code.ts";
import { countOwners } from "../store/people.ts";
import type { Store } from "../store/store.ts";
import type { CommandIo } from "./command-io.ts";
import { formatPairingCode } from "./format-pairing-code.ts";
import { hasChatApp, type ChatChannels } from "./has-chat-app.ts";
import { allowIn } from "./own-store.ts";

/** A code for the owner, when a chat app is there in which nobody is known to be him. False: none was needed. */
export async function offerPairing(
  store: Store,
  config: Config,
  channels: ChatChannels,
  io: Pick<CommandIo, "write">,
): Promise<boolean> {
  if (!hasChatApp(config, channels)) return false;
  const pairing = await store.database.transaction(async (tx) => {
    if ((await countOwners(tx)) > 0) return undefined;
    await allowIn(tx, "people.pair", "owner");
    return await createPairingCode(tx, { grant: { makes: "owner" }, now: systemClock.now() });
  });
  if (pairing === undefined) return false;
  await io.write(`\n${formatPairingCode(pairing)}It is taken while a gateway runs: nanoclaw gateway\n`);
  return true;
}
