/** A proxy that stands between us and a provider. */
export interface Proxy {
  /** The environment variable that names it. */
  readonly variable: string;
  /** Host and port for a message: never the user and password that its address can carry. */
  readonly host: string;
}

/** The proxy through which requests to `apiBase` go, as `fetch` finds it: per scheme, small letters first, but for `NO_PROXY`. */
export function findProxy(
  environment: Readonly<Record<string, string | undefined>>,
  apiBase: string,
): Proxy | undefined {
  const target = URL.parse(apiBase.trim());
  if (target === null) return undefined;
  const scheme = target.protocol === "https:" ? "https_proxy" : "http_proxy";
  const variable = [scheme, scheme.toUpperCase()].find((name) => (environment[name] ?? "") !== "");
  if (variable === undefined || isExcepted(target, environment)) return undefined;
  return { variable, host: toHost(environment[variable] ?? "") };
}

function isExcepted(target: URL, environment: Readonly<Record<string, string | undefined>>): boolean {
  const exceptions = environment["no_proxy"] || environment["NO_PROXY"] || "";
  return exceptions.split(",").some((each) => {
    const name = each.trim().replace(/^\*?\./, "");
    if (name === "*") return true;
    return (
      name !== "" && [target.hostname, target.host].some((host) => host === name || host.endsWith(`.${name}`))
    );
  });
}

function toHost(address: string): string {
  const host = URL.parse(address.includes("://") ? address : `http://${address}`)?.host ?? "";
  return host === "" ? "that is configured" : host;
}
