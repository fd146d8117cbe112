import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError, systemCode } from "../errors.ts";
import { groupFiles, type GroupFile } from "../group-folder.ts";
import type { HomePaths } from "../home.ts";
import { findNearestWord } from "../nearest-word.ts";
import { groupWords } from "../words/english/group.ts";

/** Of which a new group is made, unless another is asked for. */
export const usualTemplate = "group";

const introduction = `You are the assistant of the group {group}, where people call you {trigger}.
`;

/**
 * The first files of a new group, from a folder of templates that belongs to the owner; the usual one is made from ours when
 * it is first asked for. `{group}` and `{trigger}` in them become the group's. Throws `AppError("not-found")`.
 */
export async function readTemplate(
  { templates }: Pick<HomePaths, "templates">,
  name: string,
  facts: { readonly group: string; readonly trigger: string },
): Promise<readonly GroupFile[]> {
  const folder = `${templates}/${name}`;
  if (name === usualTemplate) await writeUsual(folder);
  else await checkName(templates, name);
  return await Promise.all(
    groupFiles.map(async ([path, ours]) => {
      const text = (await readIfThere(`${folder}/${path}`)) ?? ours;
      return [path, fill(text, facts)] as const;
    }),
  );
}

function fill(
  text: string,
  { group, trigger }: { readonly group: string; readonly trigger: string },
): string {
  return text.replaceAll("{group}", group).replaceAll("{trigger}", `@${trigger}`);
}

async function writeUsual(folder: string): Promise<void> {
  if ((await readIfThere(`${folder}/AGENTS.md`)) !== undefined) return;
  for (const [path, text] of groupFiles) {
    await mkdir(dirname(`${folder}/${path}`), { recursive: true, mode: 0o700 });
    const whole = path === "AGENTS.md" ? text.replace("\n\n", `\n\n${introduction}`) : text;
    try {
      await writeFile(`${folder}/${path}`, whole, { flag: "wx", mode: 0o600 });
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw error;
    }
  }
}

async function checkName(templates: string, name: string): Promise<void> {
  const entries = await readdir(templates, { withFileTypes: true }).catch(() => []);
  const known = [...entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name), usualTemplate];
  if (known.includes(name)) return;
  const nearest = findNearestWord(name, known);
  throw new AppError("not-found", groupWords.unknownTemplate({ name, folder: templates, nearest }));
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Bun.file(path).text();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
