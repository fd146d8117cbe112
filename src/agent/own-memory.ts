/** Of `MEMORY.md`: what stands there is read before every conversation. */
export const longestMemory = 8_000;

/** What the owner wrote into a `MEMORY.md`; nothing for one of headings and comments, as it is made. */
export async function readOwnMemory(path: string): Promise<string> {
  let text: string;
  try {
    text = await Bun.file(path).text();
  } catch {
    return "";
  }
  const rest = text.replaceAll(/<!--[\s\S]*?(?:-->|$)/g, "");
  return /^\s*[^#\s]/m.test(rest) ? text.trim().slice(0, longestMemory) : "";
}
