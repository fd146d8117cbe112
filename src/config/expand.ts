/** The value of a variable that a text of the configuration names, if it has one. */
export type FindVariable = (name: string) => string | undefined;

export interface Expansion {
  readonly text: string;
  /** The variables that have no value, and names that are none. */
  readonly missing: readonly string[];
}

/** Puts values in place of `${NAME}`, once: what comes in is not looked at again. `$${` stands for `${`. */
export function expandVariables(text: string, find: FindVariable): Expansion {
  if (!text.includes("${")) return { text, missing: [] };
  const missing: string[] = [];
  const expanded = text.replace(/\$(\$?)\{([^}]*)\}?/g, (whole, escape: string, name: string) => {
    if (escape !== "") return whole.slice(1);
    const value = whole.endsWith("}") && /^[A-Za-z_]\w*$/.test(name) ? find(name) : undefined;
    if (value === undefined) missing.push(name);
    return value ?? "";
  });
  return { text: expanded, missing };
}
