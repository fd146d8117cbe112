import { AppError } from "./errors.ts";
import { readPrivateFile } from "./private-file.ts";
import { Secret } from "./secret.ts";
import { homeWords } from "./words/english/home.ts";

/** The values of `secrets.json` by name, in the file's order; empty when there is none. Throws `AppError("config")`. */
export async function readSecrets(path: string): Promise<ReadonlyMap<string, Secret>> {
  const text = await readPrivateFile(path, { mayOthersRead: false });
  if (text === undefined) return new Map();
  const entries = Object.entries(parseFlat(text, path));
  return new Map(entries.map(([name, value]) => [name, new Secret(value)]));
}

/** Adds or replaces one value. The folder must exist. */
export async function writeSecret(path: string, name: string, secret: Secret): Promise<void> {
  if (!/^[A-Za-z_]\w{0,127}$/.test(name)) {
    throw new AppError("usage", `"${name}" cannot be the name of a secret.`, {
      hint: "Use letters, digits and underscores, such as OPENROUTER_API_KEY.",
    });
  }
  await writeAll(path, new Map([...(await readSecrets(path)), [name, secret]]));
}

/** Whether there was one to remove. */
export async function removeSecret(path: string, name: string): Promise<boolean> {
  const secrets = new Map(await readSecrets(path));
  const isRemoved = secrets.delete(name);
  if (isRemoved) await writeAll(path, secrets);
  return isRemoved;
}

async function writeAll(path: string, secrets: ReadonlyMap<string, Secret>): Promise<void> {
  const { writePrivateFile } = await import("./write-private-file.ts");
  const values = Object.fromEntries([...secrets].map(([name, secret]) => [name, secret.open()]));
  writePrivateFile(path, `${JSON.stringify(values, undefined, 2)}\n`);
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
