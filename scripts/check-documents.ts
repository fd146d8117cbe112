import { dirname, join, normalize } from "node:path";

import { listFiles } from "./list-files.ts";

const longestGuide = 150;

/** What the documents say exists does exist, and `AGENTS.md` stays short enough to be read. */
export async function checkDocuments(root: string): Promise<readonly string[]> {
  const files = await listFiles(root);
  const documents = files.filter((path) =>
    /^(?:AGENTS|README|CONTRIBUTING|SECURITY)\.md$|^docs\/.*\.md$/.test(path),
  );
  const scripts = await readScripts(root);
  const problems = await Promise.all(
    documents.map(async (path) => {
      const text = await Bun.file(join(root, path)).text();
      return [
        ...checkLength(path, text),
        ...checkPaths(path, text, files),
        ...checkScripts(path, text, scripts),
      ];
    }),
  );
  return problems.flat();
}

function checkLength(path: string, text: string): readonly string[] {
  const lines = text.trimEnd().split("\n").length;
  return path !== "AGENTS.md" || lines <= longestGuide
    ? []
    : [`${path}: ${lines} lines, at most ${longestGuide}`];
}

const folders = /^(?:src|test|scripts|bench|docs|skills|container|examples|\.ci)(?:\/|$)/;

function checkPaths(document: string, text: string, files: readonly string[]): readonly string[] {
  return namedPaths(document, text)
    .filter(({ path }) => !existsIn(files, path))
    .map(({ line, path }) => `${document}:${line}: names ${path}, which does not exist`);
}

/** Words in backticks and in fenced trees that look like a path of the project, and relative links. */
function namedPaths(
  document: string,
  text: string,
): readonly { readonly line: number; readonly path: string }[] {
  return text.split("\n").flatMap((content, index) => {
    const quoted = [...content.matchAll(/`([^`\s]+)`/g)].map(([, word = ""]) => word);
    const leading = /^(?:src|test|scripts|bench|docs|\.ci)\/\S*/.exec(content)?.[0] ?? "";
    const linked = [...content.matchAll(/\]\((?!\w+:|#)([^)\s#]+)[^)]*\)/g)].map(([, target = ""]) =>
      normalize(join(dirname(document), target)),
    );
    const rooted = [...quoted, leading].map(clean).filter((word) => folders.test(word));
    return [...rooted, ...linked].map((path) => ({ line: index + 1, path }));
  });
}

function clean(word: string): string {
  return word.replace(/^\.\//, "").replace(/(?::\d+)+$|[,;:.]+$/, "");
}

function existsIn(files: readonly string[], path: string): boolean {
  const bare = path.replace(/\/$/, "");
  if (/[<>…$]/.test(bare) || bare === "." || bare.startsWith("..")) return true;
  const glob = new Bun.Glob(bare);
  const below = new Bun.Glob(`${bare}/**`);
  return files.some((file) => glob.match(file) || below.match(file));
}

function checkScripts(document: string, text: string, scripts: ReadonlySet<string>): readonly string[] {
  return [...text.matchAll(/`npm run ([\w:-]+)/g)]
    .map(([, name = ""]) => name)
    .filter((name) => !scripts.has(name))
    .map((name) => `${document}: names npm run ${name}, which package.json does not have`);
}

async function readScripts(root: string): Promise<ReadonlySet<string>> {
  const manifest: unknown = await Bun.file(join(root, "package.json")).json();
  if (typeof manifest !== "object" || manifest === null || !("scripts" in manifest)) return new Set();
  return new Set(Object.keys(manifest.scripts ?? {}));
}
