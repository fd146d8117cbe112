import type { HomePaths } from "../../home.ts";

/** What starts the gateway with the machine and keeps it running. */
export interface ServiceManager {
  readonly name: ServiceManagerName;
  /** Installs or renews it, and starts it. Resolves with what the person should know besides, as keys of the phrases. */
  install(signal: AbortSignal): Promise<readonly ServiceNote[]>;
  /** Resolves when it runs. Throws `AppError("not-found")` when it is not installed. */
  start(signal: AbortSignal): Promise<void>;
  /** Resolves when it has ended; harmless when it does not run. */
  stop(signal: AbortSignal): Promise<void>;
  /** Stops it and takes away what `install` made, and nothing else. */
  uninstall(signal: AbortSignal): Promise<void>;
  status(signal: AbortSignal): Promise<ServiceStatus>;
}

export type ServiceManagerName = "systemd" | "launchd" | "background";

export type ServiceNote = "endsWithLogin" | "endsWithMachine";

export interface ServiceStatus {
  readonly manager: ServiceManagerName;
  readonly isInstalled: boolean;
  readonly isRunning: boolean;
  readonly startsWithMachine: boolean;
  readonly pid?: number;
  /** What it is described in. */
  readonly file?: string;
}

export interface ServicePlace {
  readonly home: HomePaths;
  /** How the program is started, before the word `gateway`. */
  readonly program: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  /** Where the system keeps what describes services; another place in tests. */
  readonly systemRoot: string;
}

/** One name for each data folder: the usual one has the plain name. */
export function toServiceName({ home, environment }: ServicePlace): string {
  if (home.root === `${environment["HOME"]}/.nanoclaw`) return "nanoclaw";
  return `nanoclaw-${new Bun.CryptoHasher("sha256").update(home.root).digest("hex").slice(0, 8)}`;
}

/** What the gateway is started with: where its data is and the person's language, and no key ever. */
export function toServiceEnvironment({ home, environment }: ServicePlace): Readonly<Record<string, string>> {
  const names = ["HOME", "LANG", "LC_ALL", "NANOCLAW_LANG", "TZ"];
  const kept = names.flatMap((name) => {
    const value = environment[name];
    return value === undefined || value === "" ? [] : [[name, value] as const];
  });
  const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin";
  return { ...Object.fromEntries(kept), NANOCLAW_HOME: home.root, PATH: path };
}
