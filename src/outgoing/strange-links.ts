import type { Reader } from "../store/database.ts";
import { listEgressRules, type StoredEgressRule } from "../store/egress-rules.ts";
import type { GroupId } from "../store/ids.ts";
import { listOwnerWords } from "../store/outgoing.ts";
import { findLinks, type Link } from "./inert-links.ts";

const mostMessages = 50;

/** Of these links the ones that nobody vouched for: their host is not allowed for the group, and the owner wrote none of them. */
export async function findStrangeLinks(
  reader: Reader,
  group: GroupId | undefined,
  links: readonly Link[],
): Promise<readonly Link[]> {
  if (links.length === 0 || group === undefined) return links;
  const rules = await listEgressRules(reader, group);
  const others = links.filter((link) => !rules.some((rule) => isAllowed(rule, link)));
  const written = new Map<string, boolean>();
  for (const link of others) {
    const key = toKey(link);
    if (!written.has(key)) written.set(key, await hasOwnerWritten(reader, group, key));
  }
  return others.filter((link) => written.get(toKey(link)) !== true);
}

/** The owner let the group's sandbox speak to it: a link there gives nobody more. */
function isAllowed({ host: allowed, port }: StoredEgressRule, { text, host = "" }: Link): boolean {
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text) && !/^https?:\/\//i.test(text)) return false;
  const url = URL.parse(/^https?:/i.test(text) ? text : `https://${text.replace(/^\/\//, "")}`);
  if (url === null || url.username !== "" || url.password !== "") return false;
  if (port === undefined ? url.port !== "" : url.port !== String(port)) return false;
  return allowed.startsWith("*.") ? host.endsWith(allowed.slice(1)) : host === allowed;
}

/** The whole of it, not its beginning: what is put behind an address is what carries something away. */
async function hasOwnerWritten(reader: Reader, group: GroupId, key: string): Promise<boolean> {
  const words = await listOwnerWords(reader, group, key.slice(0, 100), mostMessages);
  return words.some((text) => findLinks(text).some((written) => toKey(written) === key));
}

/** The same place, with or without what a chat adds itself. */
function toKey({ text }: Link): string {
  const place = text.replace(/^https?:\/\//i, "").replace(/\/$/, "");
  const end = /[/?#]/.exec(place)?.index ?? place.length;
  return place.slice(0, end).toLowerCase() + place.slice(end);
}
