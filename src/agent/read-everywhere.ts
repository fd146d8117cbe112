/** Each of its characters goes along with every conversation of every group. */
export const longestEverywhere = 8_000;

/** What every group's assistant is told first; nothing where the owner wrote nothing. It lies outside of every sandbox. */
export async function readEverywhere(path: string): Promise<string> {
  try {
    return (await Bun.file(path).text()).slice(0, longestEverywhere);
  } catch {
    return "";
  }
}
