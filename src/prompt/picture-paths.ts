import { isPicturePath } from "../image.ts";

/** Nobody drags more than this many characters of paths at once. */
const longestLine = 8192;

/**
 * The pictures of a line that is nothing but their paths, as terminals write them when files are dragged into them: in
 * quotes, with escaped spaces, or as addresses. Empty for any other line, for amid words a path may be meant as a word.
 */
export function findPicturePaths(line: string): readonly string[] {
  if (line.length > longestLine) return [];
  const paths = (line.match(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+|\S/gu) ?? []).map(toPath);
  return paths.every((path) => /^(?:\/|~\/)/.test(path) && isPicturePath(path)) ? paths : [];
}

/** What was pasted as the person would attach it: `@PATH` for pictures, else and in commands as it is. */
export function toPastedText(pasted: string, before: string): string {
  if (/^\s*[!/]/.test(before)) return pasted;
  const paths = pasted.includes("\n") ? [] : findPicturePaths(pasted);
  if (paths.length === 0 || paths.some((path) => path.includes('"'))) return pasted;
  const space = before === "" || /[\s(]$/.test(before) ? "" : " ";
  return `${space}${paths.map((path) => (/[\s(@]/.test(path) ? `@"${path}"` : `@${path}`)).join(" ")} `;
}

function toPath(word: string): string {
  const plain = word.replaceAll(
    /'([^']*)'|"([^"]*)"|\\(.)/gu,
    (_, single?: string, double?: string, escaped?: string) => single ?? double ?? escaped ?? "",
  );
  if (!plain.startsWith("file://")) return plain;
  try {
    return decodeURIComponent(new URL(plain).pathname);
  } catch {
    return plain;
  }
}
