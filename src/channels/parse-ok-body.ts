/** The body of an answer of a platform that says in it whether it is `ok`; nothing where somebody else spoke, or it was cut off. */
export function parseOkBody(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && "ok" in value ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
