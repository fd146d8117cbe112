import type { DialGuard } from "../../egress/dial.ts";

/**
 * For a server that the owner did not name himself: WhatsApp's own hosts, which stand on the open internet. Where he named one of
 * his own, that host and port, wherever it stands.
 */
export function createGuard(address: string, proxy: string | undefined): DialGuard {
  const { hostname, port, protocol } = new URL(address);
  const wanted = Number(port) || (/^(?:https|wss):$/.test(protocol) ? 443 : 80);
  const way = proxy === undefined ? {} : { proxy };
  if (isWhatsApp(hostname)) return { allow: (host, at) => isWhatsApp(host) && at === wanted, ...way };
  return { allow: (host, at) => host === hostname && at === wanted, allowsAddress: () => true, ...way };
}

export function isWhatsApp(host: string): boolean {
  return /^(?:[a-z0-9-]+\.)*whatsapp\.(?:net|com)$/.test(host);
}
