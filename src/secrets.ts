import { AppError } from "./errors.ts";
import { readPrivateFile } from "./private-file.ts";
import { isSealed, Seal } from "./seal.ts";
import { Secret } from "./secret.ts";
import { homeWords } from "./words/english/home.ts";

/**
 * The values of `secrets.json` by name, in the file's order; empty when there is none. They are sealed in it, or plain as a
 * person wrote them. Throws `AppError("config")`.
 */
export async function readSecrets(path: string): Promise<ReadonlyMap<string, Secret>> {
  const stored = Object.entries(await readStored(path));
  const opened = stored.map(
    async ([name, value]) => [name, new Secret(await openValue(path, name, value))] as const,
  );
  return new Map(await Promise.all(opened));
}

/** One value, though another of the file could not be opened. */
export async function readSecret(path: string, name: string): Promise<Secret | undefined> {
  const { [name]: value } = await readStored(path);
  return value === undefined ? undefined : new Secret(await openValue(path, name, value));
}

/** What there is, without opening any of it. */
export async function listSecretNames(path: string): Promise<readonly string[]> {
  return Object.keys(await readStored(path));
}

/** Adds or replaces one value, sealed. The folder must exist. */
export async function writeSecret(path: string, name: string, secret: Secret): Promise<void> {
  if (!/^[A-Za-z_]\w{0,127}$/.test(name)) throw new AppError("usage", homeWords.secretName({ name }));
  await writeStored(path, { ...(await readStored(path)), [name]: secret.open() });
}

/** Whether there was one to remove. */
export async function removeSecret(path: string, name: string): Promise<boolean> {
  const { [name]: removed, ...rest } = await readStored(path);
  if (removed !== undefined) await writeStored(path, rest);
  return removed !== undefined;
}

async function openValue(path: string, name: string, value: string): Promise<string> {
  return isSealed(value) ? await toSeal(path).open(name, value) : value;
}

function toSeal(path: string): Seal {
  return new Seal(path.replace(/\.json$/, ".key"));
}

async function readStored(path: string): Promise<Record<string, string>> {
  const text = await readPrivateFile(path, { mayOthersRead: false });
  return text === undefined ? {} : parseFlat(text, path);
}

/** What a person wrote in plain words is sealed on the way. */
async function writeStored(path: string, values: Readonly<Record<string, string>>): Promise<void> {
  const { writePrivateFile } = await import("./write-private-file.ts");
  const seal = toSeal(path);
  const mayMakeKey = !Object.values(values).some(isSealed);
  const stored: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    stored[name] = isSealed(value) ? value : await seal.close(name, value, { mayMakeKey });
  }
  writePrivateFile(path, `${JSON.stringify(stored, undefined, 2)}\n`);
}

function parseFlat(text: string, path: string): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, and that is a secret: it does not travel as a cause.
    throw new AppError("config", homeWords.secretsBroken({ path, fault: "no-json" }));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new AppError("config", homeWords.secretsBroken({ path, fault: "no-object" }));
  }
  const values: Record<string, string> = {};
  for (const [name, item] of Object.entries(value)) {
    if (typeof item !== "string") {
      throw new AppError("config", homeWords.secretsBroken({ path, fault: "no-text", name }));
    }
    values[name] = item;
  }
  return values;
}
