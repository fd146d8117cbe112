import { stat } from "node:fs/promises";
import { join } from "node:path";

export const configFiles: readonly string[] = ["config.json", "secrets.json"];

/** Changes whenever one of the files in which settings stand does. */
export async function stampConfig(folder: string): Promise<string> {
  const stamps = configFiles.map(async (name) => {
    const file = await stat(join(folder, name), { bigint: true }).catch(() => undefined);
    return file === undefined ? "none" : `${file.ino}:${file.size}:${file.mtimeNs}`;
  });
  return (await Promise.all(stamps)).join(" ");
}
