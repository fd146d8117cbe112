export type Environment = Readonly<Record<string, string | undefined>>;

export interface Override {
  readonly variable: string;
  readonly keys: readonly string[];
  readonly text: string;
}

/** `NANOCLAW_AGENTS__DEFAULTS__MODEL=x` sets `agents.defaults.model`. Names without `__` belong to others. */
export function findOverrides(environment: Environment): readonly Override[] {
  const overrides: Override[] = [];
  for (const variable in environment) {
    if (!variable.startsWith("NANOCLAW_") || !variable.includes("__")) continue;
    const text = environment[variable];
    const keys = variable.slice("NANOCLAW_".length).toLowerCase().split("__");
    if (text !== undefined && keys.length > 1) overrides.push({ variable, keys, text });
  }
  return overrides;
}
