const longestAddress = 2048;

/** An address as it may be put into an escape sequence and clicked: web or mail, ASCII only. Otherwise undefined. */
export function toSafeAddress(text: string): string | undefined {
  if (text.length > longestAddress || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:" && url.protocol !== "mailto:") return undefined;
  return /^[!-~]+$/.test(url.href) && url.href.length <= longestAddress ? url.href : undefined;
}

/** Whether the words of a link pretend to be an address that it does not lead to, or name one among others. */
export function isMisleading(words: string, address: string): boolean {
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") return true;
  const place = (url.host || url.pathname).toLowerCase();
  const whole =
    /^\s*(?:[a-z]+:\/\/)?((?:[^\s/?#@]+@)?[^\s/?#]+[.。．｡][^\s/?#.]{2,})(?:[/?#]\S*)?\s*$/iu.exec(words);
  const named = words.matchAll(
    /(?:\b[a-z]{1,20}:\/\/|(?<![^\s"'(<[])(?=www[.。．｡]))([^\s/?#"'()<>[\]]+)/giu,
  );
  const claimed = [...(whole === null ? named : [whole])].map(([, name = ""]) => name.toLowerCase());
  return claimed.some((name) => name.replace(/[.,:;!]+$/, "") !== place);
}
