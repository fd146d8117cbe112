import { isCallOf } from "../called-name.ts";

/** A line of a chat that begins with a slash and a word. */
export interface ChatLine {
  /** As typed, in small letters, without the slash. */
  readonly word: string;
  readonly argument: string;
  /** Whom it calls: `/new@andy`, `@Andy /new`. */
  readonly isFor: "us" | "other" | "anyone";
}

const line =
  /^(?<lead>[^/／\n]{0,200})[/／](?<word>\p{L}[\p{L}\p{N}_-]{0,63})(?:@(?<at>[^\s@]{1,64}))?(?:\s+(?<argument>[^]*))?$/u;

/** What is no command is undefined: `/etc/hosts`, `say /new`. `name`: what the assistant is called here. */
export function readChatLine(text: string, name: string): ChatLine | undefined {
  const found = line.exec(text.replace(/\p{Cf}/gu, "").trim())?.groups;
  if (found === undefined) return undefined;
  const { lead = "", word = "", at, argument = "" } = found;
  const called = lead.replace(/[\s,:，：]+$/u, "");
  const isOne = /^(?:@\S+|<@[^>\s]+>)$/.test(called);
  if (called !== "" && !isOne && !isCallOf(called, name)) return undefined;
  const calls = [...(called === "" ? [] : [called]), ...(at === undefined ? [] : [`@${at}`])];
  const isFor = calls.length === 0 ? "anyone" : calls.every((call) => isCallOf(call, name)) ? "us" : "other";
  return { word: word.toLowerCase(), argument: argument.trim(), isFor };
}
