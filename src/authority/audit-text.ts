/** Long enough to know the thing again. */
const longest = 200;

/** Most names: words too short for any of the shapes below, which cost half a millisecond and 2 MB at their first use. */
const plain = /^(?!.{201}|.*(?:bearer|basic) )(?:[\w./-]{1,14}(?: |$))*$/i;

/** What acts on a terminal or misleads the eye: controls, direction marks, invisible characters, lone surrogates. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}]/gu;

/** What looks like a key. A net below the promise that names hold none: too much is hidden rather than too little. */
const secretShapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]+-----.*/gs,
  /\b(?:sk|pk|rk|hf|npm|gsk|glpat|github_pat|gh[a-z]|xox[a-z]|xapp)[-_][A-Za-z0-9_-]{12,}/g,
  /\b(?:AIza|AKIA|ASIA|ya29\.|eyJ)[A-Za-z0-9_.-]{12,}/g,
  /\b(?:bearer|basic)\s+\S+/gi,
  /\b[a-z0-9_-]*(?:key|token|secret|passw(?:or)?d|pwd)["']?\s*[:=]\s*\S+/gi,
  /(?<=:\/\/)[^\s/@]+@/g,
  // Long and of letters and digits: a key without a known shape, or a hash, which is no loss.
  /(?<![A-Za-z0-9])(?=[A-Za-z_+-]*\d)(?=[\d_+-]*[A-Za-z])[A-Za-z0-9_+-]{32,}={0,2}/g,
];

/** One printable line without anything that looks like a secret, cut to a sane length. */
export function toAuditText(text: string): string {
  if (plain.test(text)) return text;
  // Cut first, so that a huge text costs nothing; a little further than shown, so that a key at the edge is known whole.
  let line = text.slice(0, longest * 10);
  for (const shape of secretShapes) line = line.replace(shape, "[secret]");
  line = line.replace(unprintable, "\u{FFFD}");
  const characters = Array.from(line);
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join("")}…`;
}
