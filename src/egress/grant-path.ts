/**
 * A path that every server reads alike: it begins with a slash, has no empty or dotted part (nor one with parameters, `..;x`,
 * which some cut off first), hides no slash, backslash, dot or zero byte in an encoding, be it encoded once or twice, and what
 * is encoded is UTF-8 in its one form.
 */
export function isPlainPath(path: string): boolean {
  if (!path.startsWith("/") || /[^\x21-\x7e]|[\\?#]|\/\/|%(?:25)*(?:2f|5c|2e|00)/i.test(path)) return false;
  try {
    decodeURIComponent(path);
  } catch {
    return false;
  }
  // Some servers cut a part at its semicolon, and then read what is left.
  return !path.split("/").some((part) => {
    const [bare = ""] = part.split(/;|%(?:25)*3b/i);
    return bare === "." || bare === ".." || (bare === "" && part !== "");
  });
}

/** Whether `path` is `prefix` or lies below it, part by part: `/repos` is not `/repositories`. */
export function isBelow(path: string, prefix: string): boolean {
  const root = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
  return path === prefix || path === root || path.startsWith(`${root}/`);
}
