/** Characters that the arguments of one call may have. */
export const longestArguments = 2_000_000;

/** What a title is made from: an empty object for anything that is not a JSON object. Never throws. */
export function peekArguments(text: string): Readonly<Record<string, unknown>> {
  if (text.length > longestArguments) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
