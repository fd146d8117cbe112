import type { Config } from "../config.ts";
import type { NamedSecret } from "../egress/secret-finder.ts";
import type { HomePaths } from "../home.ts";
import { readClawConfig } from "../keyring.ts";
import { Secret } from "../secret.ts";
import { listSecretNames, readSecret } from "../secrets.ts";

/**
 * All that must never be read in a chat: what the vault holds, what the configuration names, and keys in the environment.
 * A value of the vault that nobody can open is left out: neither can anyone else here.
 */
export async function readAllSecrets(
  home: HomePaths,
  config: Config,
  environment: Readonly<Record<string, string | undefined>>,
  token: Secret,
): Promise<readonly NamedSecret[]> {
  const [vault, claw] = await Promise.all([openVault(home.secrets), readClawConfig(environment["HOME"])]);
  const all = [
    { name: "gateway token", value: token.open() },
    ...vault,
    ...[...claw].map(([name, secret]) => ({ name, value: secret.open() })),
    ...listConfigured(config, ""),
    ...listEnvironment(environment),
  ];
  // One that is known by several names is told of by the first.
  return all.filter(({ value }, index) => all.findIndex((other) => other.value === value) === index);
}

async function openVault(path: string): Promise<readonly NamedSecret[]> {
  const names = await listSecretNames(path);
  const opened = await Promise.allSettled(names.map((name) => readSecret(path, name)));
  return opened.flatMap((result, index) => {
    const secret = result.status === "fulfilled" ? result.value : undefined;
    return secret === undefined ? [] : [{ name: names[index] ?? "", value: secret.open() }];
  });
}

function listConfigured(part: object, path: string): readonly NamedSecret[] {
  if (part instanceof Secret) return [{ name: path, value: part.open() }];
  const found: NamedSecret[] = [];
  for (const [key, value] of Object.entries(part) as [string, unknown][]) {
    if (typeof value !== "object" || value === null) continue;
    found.push(...listConfigured(value, path === "" ? key : `${path}.${key}`));
  }
  return found;
}

function listEnvironment(environment: Readonly<Record<string, string | undefined>>): readonly NamedSecret[] {
  return Object.entries(environment).flatMap(([name, value = ""]) =>
    /KEY|TOKEN|SECRET|PASSW/i.test(name) && /^\S{16,}$/.test(value) && !value.startsWith("/")
      ? [{ name, value }]
      : [],
  );
}
