export interface ShownText {
  readonly text: string;
  /** How many characters were left out that nobody would have seen. */
  readonly hidden: number;
}

/**
 * Without what a reader does not see and a model does: tag characters, marks that turn the direction of text, zero-width
 * characters and variation selectors where no script, emoji or flag needs them, controls. A carriage return is a newline.
 */
export function withoutHidden(text: string): ShownText {
  const lines = text.toWellFormed().replace(lineEnds, "\n");
  if (!suspicious.test(lines)) return { text: lines, hidden: 0 };
  const shown = lines.replace(createNeeded(), keepNeeded);
  return { text: shown, hidden: lines.length - shown.length };
}

const lineEnds = /\r\n?|[\u2028\u2029\u0085]/g;

/** One class for the quick look: most texts have none of these. */
const suspicious =
  // oxlint-disable-next-line no-misleading-character-class -- each is meant as itself
  /[\0-\x08\v\f\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/u;

/** A flag of tags; a joiner or selector between what it joins; a lone direction mark; and whatever is left, to be dropped. Made when a text needs it: most do not. */
function createNeeded(): RegExp {
  return new RegExp(
    [
      "(?<flag>\\u{1f3f4}[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{1,6}\\u{e007f})",
      "(?<=[\\p{L}\\p{M}])(?<joiner>[\\u200c\\u200d])(?=[\\p{L}\\p{M}])",
      "(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])(?<link>\\u200d)(?=\\p{Extended_Pictographic})",
      "(?<=[\\p{Extended_Pictographic}\\d#*])(?<style>[\\ufe0e\\ufe0f])",
      "(?<=\\p{Script=Han})(?<shape>[\\u{e0100}-\\u{e01ef}])",
      "(?<=[\\u1800-\\u18af])(?<mongol>[\\u180b-\\u180f])",
      `(?:${suspicious.source})`,
    ].join("|"),
    "gu",
  );
}

function keepNeeded(found: string, ...rest: unknown[]): string {
  const groups = rest.at(-1);
  const isNeeded =
    typeof groups === "object" &&
    groups !== null &&
    Object.values(groups).some((group) => group !== undefined);
  return isNeeded ? found : "";
}
