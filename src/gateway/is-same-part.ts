import type { Config } from "../config.ts";
import { Secret } from "../secret.ts";

/** Whether a channel's part of the configuration says the same before and after. */
export function isSamePart(before: Config, after: Config, name: string): boolean {
  const part = ({ channels }: Config): unknown => Object.entries(channels).find(([key]) => key === name)?.[1];
  return JSON.stringify(part(before), openSecret) === JSON.stringify(part(after), openSecret);
}

/** Who may write is asked anew for each message. */
const readEachTime: readonly string[] = ["allowFrom", "groupAllowFrom"];

/** For a comparison only: what it makes is kept nowhere. */
function openSecret(this: unknown, key: string, value: unknown): unknown {
  if (readEachTime.includes(key)) return undefined;
  const raw: unknown =
    typeof this === "object" && this !== null ? Object.getOwnPropertyDescriptor(this, key)?.value : value;
  return raw instanceof Secret ? raw.open() : value;
}
