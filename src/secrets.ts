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
  const seal = toSeal(path);
  const opened = stored.map(
    async ([name, value]) => [name, new Secret(await openValue(seal, name, value))] as const,
  );
  return new Map(await Promise.all(opened));
}

/** One value, though another of the file could not be opened. */
export async function readSecret(path: string, name: string): Promise<Secret | undefined> {
  const { [name]: value } = await readStored(path);
  return value === undefined ? undefined : new Secret(await openValue(toSeal(path), name, value));
}

/** What there is, without opening any of it. */
export async function listSecretNames(path: string): Promise<readonly string[]> {
  return Object.keys(await readStored(path));
}

/** Adds or replaces one value, sealed. The folder must exist. */
export async function writeSecret(path: string, name: string, secret: Secret): Promise<void> {
  if (!/^[A-Za-z_]\w{0,127}$/.test(name)) throw new AppError("usage", homeWords.secretName({ name }));
  await change(path, async (stored) => {
    const { [name]: _, ...others } = stored;
    const mayMakeKey = !Object.values(others).some(isSealed);
    return { ...stored, [name]: await toSeal(path).close(name, secret.open(), { mayMakeKey }) };
  });
}

/** Whether there was one to remove. */
export async function removeSecret(path: string, name: string): Promise<boolean> {
  let wasThere = false;
  await change(path, async (stored) => {
    const { [name]: removed, ...rest } = stored;
    wasThere = removed !== undefined;
    return wasThere ? rest : stored;
  });
  return wasThere;
}

type Stored = Readonly<Record<string, string>>;

/** Two that change it at once both count. */
async function change(path: string, edit: (stored: Stored) => Promise<Stored>): Promise<void> {
  const { withFolderLock } = await import("./folder-lock.ts");
  await withFolderLock(path.slice(0, path.lastIndexOf("/") + 1) || ".", async () => {
    const stored = await readStored(path);
    const edited = await edit(stored);
    if (edited !== stored) await writeStored(path, edited);
  });
}

async function openValue(seal: Seal, name: string, value: string): Promise<string> {
  return isSealed(value) ? await seal.open(name, value) : value;
}

function toSeal(path: string): Seal {
  return new Seal(path.replace(/\.json$/, ".key"));
}

async function readStored(path: string): Promise<Stored> {
  const text = await readPrivateFile(path, { mayOthersRead: false });
  return text === undefined ? {} : parseFlat(text, path);
}

/** What a person wrote in plain words is sealed on the way. */
async function writeStored(path: string, values: Stored): Promise<void> {
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
