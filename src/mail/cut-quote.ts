/** A mail's own words, and what its writer's program put below them of what was answered. */
export interface Quoted {
  readonly text: string;
  readonly quote: string;
}

const longestLine = 300;

/** Nothing is cut where nothing would be left, or where words of the writer's stand between what is quoted. */
export function parseQuoted(whole: string): Quoted {
  const lines = whole.split("\n");
  const at = findQuote(lines);
  if (at === undefined) return { text: whole, quote: "" };
  const text = lines.slice(0, at).join("\n").trimEnd();
  if (text.trim() === "") return { text: whole, quote: "" };
  const quote = lines
    .slice(at)
    .map((line) => line.replace(/^> ?/, ""))
    .join("\n")
    .trim();
  return { text, quote };
}

/** The line at which everything below is quoted. */
function findQuote(lines: readonly string[]): number | undefined {
  for (const [index, line] of lines.entries()) {
    if (line.length > longestLine) continue;
    if (separator.test(line)) return index;
    if (isOutlookHead(lines, index)) return index;
    const head = readAttribution(lines, index);
    if (head !== undefined && isQuotedToTheEnd(lines, head)) return index;
  }
  const last = lines.findLastIndex((line) => line.trim() !== "");
  let first = last + 1;
  while (first > 0 && /^>|^\s*$/.test(lines[first - 1] ?? "")) first -= 1;
  return lines.slice(first).some((line) => line.startsWith(">")) ? first : undefined;
}

/** `On Monday, Anna wrote:`, which programs break over two lines. Returns the line behind it. */
function readAttribution(lines: readonly string[], index: number): number | undefined {
  const [one = "", other = ""] = lines.slice(index, index + 2);
  if (attribution.test(one)) return index + 1;
  return beginning.test(one) && attribution.test(`${one} ${other}`) ? index + 2 : undefined;
}

function isQuotedToTheEnd(lines: readonly string[], from: number): boolean {
  const rest = lines.slice(from).filter((line) => line.trim() !== "");
  return rest.length > 0 && rest.every((line) => line.startsWith(">"));
}

/** `From:` and then two of its sisters, in any order. */
function isOutlookHead(lines: readonly string[], index: number): boolean {
  if (!/^\*?(?:From|Von|De|发件人)[:：]\*?\s/.test(lines[index] ?? "")) return false;
  const sisters = lines.slice(index + 1, index + 6);
  return (
    sisters.filter((line) =>
      /^\*?(?:Sent|To|Subject|Date|Cc|Gesendet|An|Betreff|Datum|Envoyé|À|Objet|发送时间|收件人|主题)[:：]/.test(
        line,
      ),
    ).length >= 2
  );
}

const separator =
  /^-{2,}\s*(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Weitergeleitete Nachricht|Message d'origine|原始邮件)\s*-{2,}$/i;
const beginning = /^(?:On|Am|Le|El|Il|Op|Em|Den|Dnia|在|于)/;
const attribution =
  /^(?:(?:On|Le|El|Il|Op|Em|Den|Dnia) .{4,250}|Am .{4,250}|(?:在|于)?.{4,250})(?:wrote|writes|schrieb.{0,80}|a écrit|escribió|ha scritto|schreef.{0,80}|escreveu|skrev.{0,80}|写道)\s?[:：]\s*$/i;
