/** Where the way out listens inside. A sandbox has a loopback of its own, so the number is nobody else's. */
export const proxyAddress = { hostname: "127.0.0.1", port: 3128 } as const;

const url = `http://${proxyAddress.hostname}:${proxyAddress.port}`;
/** The sandbox's own servers, and the grants of the way out itself, are not asked for by way of it. */
const direct = "localhost,127.0.0.1,::1";

/** For programs that ask their environment: curl, git, pip, npm in either spelling, Node from 22.21. */
export const proxyEnvironment: Readonly<Record<string, string>> = {
  ...{ HTTP_PROXY: url, http_proxy: url, HTTPS_PROXY: url, https_proxy: url },
  ...{ ALL_PROXY: url, all_proxy: url, NO_PROXY: direct, no_proxy: direct },
  NODE_USE_ENV_PROXY: "1",
};

/** Where a secret is added on the way out: what comes behind goes to the grant's own base. */
export function toGrantUrl(grant: string): string {
  return `${url}/${grant}`;
}

/** The variable that says so to programs inside. */
export function toGrantVariable(grant: string): string {
  return `NANOCLAW_GRANT_${grant.toUpperCase().replaceAll("-", "_")}_URL`;
}
