import { basename, join } from "node:path";

import { listFiles } from "./list-files.ts";

/** Names, lengths and words that no linter rule covers. */
export async function checkFiles(root: string): Promise<readonly string[]> {
  const paths = await listFiles(root);
  const named = paths.flatMap(checkName);
  const texts = paths.filter((path) => isText.test(path) && path !== "package-lock.json");
  const read = await Promise.all(
    texts.map(async (path) => checkText(path, await Bun.file(join(root, path)).text())),
  );
  return [...named, ...read.flat()];
}

const isText = /(?:\.(?:ts|tsx|md|sh|json|sql|yml|yaml|html|css)|\/run)$/;
const vagueNames = /^(?:utils?|helpers?|common|misc|shared|types|index|constants|interfaces)\.tsx?$/;
const vagueFolders = /(?:^|\/)(?:utils?|helpers?|common|misc|types)\//;
/** Bun reads these from the current folder and runs what they say, also in the test runner's workers. */
const forbidden = new Set(["bunfig.toml", ".env", "bun.lock", "bun.lockb"]);
const longest = { code: 400, test: 600 } as const;

function checkName(path: string): readonly string[] {
  const name = basename(path);
  if (forbidden.has(name)) return [`${path}: must not be here: Bun would act on it`];
  if (vagueNames.test(name) || (vagueFolders.test(path) && path.endsWith(".ts"))) {
    return [`${path}: name it for the one idea it holds`];
  }
  return [];
}

function checkText(path: string, text: string): readonly string[] {
  if (!path.endsWith(".ts")) return checkPrivacy(path, text);
  const lines = text.split("\n").length - 1;
  const limit = /\.test\.ts$|^(?:test|scripts|bench)\//.test(path) ? longest.test : longest.code;
  const problems =
    lines > limit ? [`${path}: ${lines} lines, at most ${limit}: it holds more than one idea`] : [];
  if (/^export \* from/m.test(text)) problems.push(`${path}: a barrel: import from where things are`);
  if (/\b(?:TODO|FIXME|XXX|HACK)\b/.test(text) && !path.startsWith("scripts/check-")) {
    problems.push(`${path}: an unfinished note: finish it or say in a document what is missing`);
  }
  return [...problems, ...checkPrivacy(path, text)];
}

/** Absolute paths of the machine it was written on mean nothing to anyone else. */
function checkPrivacy(path: string, text: string): readonly string[] {
  const found =
    /(?<![\w.])\/(?:root|home\/[a-z]+|Users\/[A-Za-z]+)\/(?:projects?|src|code|repos?)\/[\w./-]*/.exec(
      text,
    )?.[0];
  return found === undefined ? [] : [`${path}: names a path of one machine: ${found}`];
}
