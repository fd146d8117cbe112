import { AppError } from "../errors.ts";
import type { SandboxRuntime } from "./sandbox.ts";
import { configWords } from "../words/english/config.ts";

/** Each runtime is loaded only when it is asked for. */
const runtimes = {
  bubblewrap: async () => (await import("./bubblewrap/runtime.ts")).createBubblewrap(),
} satisfies Record<string, () => Promise<SandboxRuntime>>;

/** `auto` takes the strongest that this system can have. */
const automatic = "bubblewrap" satisfies keyof typeof runtimes;

/** Loads the runtime that the configuration names: `auto`, or one of the registry. It is not probed. */
export async function loadSandboxRuntime(configured: string): Promise<SandboxRuntime> {
  const name = configured === "auto" ? automatic : configured;
  if (!isKnown(name)) {
    throw new AppError(
      "config",
      configWords.unknownSandbox({ name: configured, known: Object.keys(runtimes) }),
    );
  }
  return runtimes[name]();
}

function isKnown(name: string): name is keyof typeof runtimes {
  return Object.hasOwn(runtimes, name);
}
