import { readPrivateFile } from "./private-file.ts";
import { Secret } from "./secret.ts";
import { readSecrets } from "./secrets.ts";

export const keySources = ["environment", "secrets.json", "~/.claw/config"] as const;

export type KeySource = (typeof keySources)[number];

export interface FoundKey {
  readonly secret: Secret;
  readonly source: KeySource;
  /** The variable or entry that held it. */
  readonly name: string;
}

/** Finds keys by the names of their environment variables. */
export interface Keyring {
  /** The first of `names` that `source` has. */
  findIn(source: KeySource, names: readonly string[]): FoundKey | undefined;
}

export interface KeyringOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly secretsPath: string;
}

/** Reads both files at once. One that cannot be read is an error to whom the environment is not enough. */
export async function openKeyring({ environment, secretsPath }: KeyringOptions): Promise<Keyring> {
  const [secrets, claw] = await Promise.allSettled([
    readSecrets(secretsPath),
    readClawConfig(environment["HOME"]),
  ]);
  return createKeyring(environment, { secrets: () => valueOf(secrets), claw: () => valueOf(claw) });
}

export interface KeyFiles {
  readonly secrets: () => ReadonlyMap<string, Secret>;
  readonly claw: () => ReadonlyMap<string, Secret>;
}

export function createKeyring(environment: KeyringOptions["environment"], files: KeyFiles): Keyring {
  function find(source: KeySource, name: string): Secret | undefined {
    switch (source) {
      case "environment":
        return toKey(environment[name]);
      case "secrets.json":
        return toKey(files.secrets().get(name)?.open());
      case "~/.claw/config":
        return files.claw().get(name);
      default:
        return source satisfies never;
    }
  }
  return {
    findIn(source, names) {
      for (const name of names) {
        const secret = find(source, name);
        if (secret !== undefined) return { secret, source, name };
      }
      return undefined;
    },
  };
}

/** Looks everywhere, in the order in which places win. */
export function findKey(keyring: Keyring, names: readonly string[]): FoundKey | undefined {
  for (const source of keySources) {
    const found = keyring.findIn(source, names);
    if (found !== undefined) return found;
  }
  return undefined;
}

function valueOf<Value>(settled: PromiseSettledResult<Value>): Value {
  if (settled.status === "rejected") throw settled.reason;
  return settled.value;
}

/** `api_key=sk-ant-…` on a line of its own; `#` and `;` begin comments. Other names stand as they are. */
/** Keys of an older program's file, by the names of their variables. */
export async function readClawConfig(home: string | undefined): Promise<ReadonlyMap<string, Secret>> {
  const keys = new Map<string, Secret>();
  if (home === undefined || home === "") return keys;
  const text = (await readPrivateFile(`${home}/.claw/config`, { mayOthersRead: true })) ?? "";
  for (const line of text.split("\n")) {
    const match = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    const key = toKey(match?.[2]?.replace(/^(["'])(.*)\1$/, "$2"));
    const name = match?.[1];
    if (name === undefined || key === undefined) continue;
    keys.set(name.toLowerCase() === "api_key" ? nameByPrefix(key) : name, key);
  }
  return keys;
}

/** That program speaks to Anthropic only, but a person may have put an OpenRouter key there. */
function nameByPrefix(key: Secret): string {
  return key.open().startsWith("sk-or-") ? "OPENROUTER_API_KEY" : "ANTHROPIC_API_KEY";
}

function toKey(value: string | undefined): Secret | undefined {
  const key = value?.trim() ?? "";
  return key === "" ? undefined : new Secret(key);
}
