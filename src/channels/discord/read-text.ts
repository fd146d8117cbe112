import { toFields, toList } from "./fields.ts";
import type { Reading } from "./reading.ts";

export interface ReadText {
  readonly text: string;
  /** The bot is named in it, or the role that came with it. */
  readonly isMention: boolean;
}

/** The words of a message, with names where Discord has numbers. A command that begins with our name loses it. */
export function readText(
  { content, mentions, mention_roles: roles }: Readonly<Record<string, unknown>>,
  { me, place, nameOf }: Pick<Reading, "me" | "place" | "nameOf">,
): ReadText {
  const names = new Map<string, string>();
  for (const each of toList(mentions)) {
    const { id, username, global_name: display } = toFields(each);
    const name = typeof display === "string" && display !== "" ? display : username;
    if (typeof id === "string" && typeof name === "string") names.set(id, name);
  }
  names.set(me.id, me.name);
  const isNamed = toList(mentions).some((each) => toFields(each)["id"] === me.id);
  const isRole = place.role !== undefined && toList(roles).includes(place.role);
  const whole = typeof content === "string" ? content : "";
  const ours = new RegExp(`^<@(?:!?${me.id}${place.role === undefined ? "" : `|&${place.role}`})>\\s*(?=/)`);
  const text = whole
    .replace(ours, "")
    .replace(/<@!?(\d{1,20})>/g, (written, id: string) => (names.has(id) ? `@${names.get(id)}` : written))
    .replace(/<@&(\d{1,20})>/g, (written, id: string) => (id === place.role ? `@${me.name}` : written))
    .replace(/<#(\d{1,20})>/g, (written, id: string) => {
      const name = nameOf(id) ?? "";
      return name === "" ? written : `#${name}`;
    })
    .replace(/<a?(:\w{1,64}:)\d{1,20}>/g, "$1");
  return { text, isMention: isNamed || isRole };
}
