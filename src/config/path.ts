import { AppError } from "../errors.ts";

/** The keys that lead to a value, from the root of the file. */
export type KeyPath = readonly string[];

/** `channels.mochat.groups["a.b"]`: as people write it. */
export function formatPath(path: KeyPath): string {
  return path
    .map((key, index) => {
      if (/^\d+$/.test(key) && index > 0) return `[${key}]`;
      if (!/^[\w$-]+$/.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join("");
}

/** Reads what people write: keys between dots, odd ones as `["…"]`. Throws `AppError("usage")`. */
export function parsePath(text: string): KeyPath {
  const keys: string[] = [];
  const form = /\.?([\w$-]+)|\[("(?:\\.|[^"\\])*")\]|\[(\d+)\]/y;
  while (form.lastIndex < text.length) {
    const at = form.lastIndex;
    const match = form.exec(text);
    if (match === null || (at === 0 && text.startsWith("."))) {
      throw new AppError("usage", `"${text}" is no key of the configuration.`, {
        hint: 'Write keys with dots, such as agents.defaults.model, and odd names as mcpServers["my server"].',
      });
    }
    keys.push(match[2] === undefined ? (match[1] ?? match[3] ?? "") : unquote(match[2], text));
  }
  return keys;
}

function unquote(quoted: string, text: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch (cause) {
    throw new AppError("usage", `"${text}" is no key of the configuration.`, { cause });
  }
}
