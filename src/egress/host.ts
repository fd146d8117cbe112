/**
 * A host as a URL spells it: lower case, Punycode, decimal IPv4, an IPv6 address in brackets; without the dot at its
 * end. Nothing for what is no host alone, or would be read as more than one.
 */
export function toHost(text: string): string | undefined {
  // What a URL would cut off, decode or drop.
  if (text.length > 255 || /[\s\0-\x1f\x7f/\\?#@%]/.test(text)) return undefined;
  const bracketed = text.includes(":") && !text.startsWith("[") ? `[${text}]` : text;
  const url = URL.parse(`http://${bracketed}`);
  if (url === null || url.port !== "" || url.pathname !== "/" || bracketed.endsWith(":")) return undefined;
  const host = url.hostname.replace(/\.$/, "");
  if (host.startsWith("[")) return host;
  const isName = host.length <= 253 && host.split(".").every((label) => /^[a-z0-9_-]{1,63}$/.test(label));
  return isName ? host : undefined;
}

/** `host`, `host:port`, `[address]:port`. */
export function toHostAndPort(text: string): { readonly host: string; readonly port?: number } | undefined {
  const [, name = "", digits] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = toHost(name);
  if (host === undefined) return undefined;
  if (digits === undefined) return { host };
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? { host, port } : undefined;
}
