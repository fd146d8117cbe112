import { parseArguments } from "../../src/commands/arguments.ts";
import { runGatewayCommand } from "../../src/commands/gateway.ts";
import { createProcessIo } from "../../src/commands/process-io.ts";
import { gateway } from "../../src/commands/table/gateway.ts";
import { createPlatformChannel } from "./platform-channel.ts";

/** `nanoclaw gateway` with one more channel: that of the platform on loopback. */
const [base = "", traits = "", groups = "", ...argv] = process.argv.slice(2);
/** `as-NAME`: under a name that the configuration knows, for people of whom none is the owner yet. */
const name = /^as-(.+)$/.exec(groups)?.[1] ?? "platform";
const channel = createPlatformChannel(base, {
  isIdempotent: traits === "idempotent",
  hasGroups: groups === "groups",
  name,
});
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort(new Error("SIGTERM")));
process.exit(
  await runGatewayCommand(parseArguments(argv, gateway), createProcessIo(), {}, stop.signal, {
    [name]: { isEnabled: () => true, load: async () => () => channel },
  }),
);
