/**
 * Whether a text calls somebody: `@Andy`, in any script and any spelling of it. Never inside a longer word, a longer
 * handle, an e-mail address or a link; what has no width does not count.
 */
export function callsName(text: string, name: string): boolean {
  const wanted = toCalled(name);
  if (wanted === "@") return false;
  const seen = toComparable(text);
  for (let at = seen.indexOf(wanted); at >= 0; at = seen.indexOf(wanted, at + 1)) {
    const before = seen.slice(Math.max(0, at - longestToken), at);
    const after = seen.slice(at + wanted.length, at + wanted.length + 8);
    if (beginsHere(before) && endsHere(wanted, after)) return true;
  }
  return false;
}

/** Whether this is the call of that name and nothing else. */
export function isCallOf(text: string, name: string): boolean {
  return toComparable(text).trim() === toCalled(name);
}

const longestToken = 300;

function toCalled(name: string): string {
  return `@${toComparable(name).trim().replace(/^@/, "")}`;
}

/** Composed, in one width, without case and without what has no width; a sigma is a sigma at the end of a word too. */
function toComparable(text: string): string {
  return text
    .replace(/[\p{Cf}\p{Variation_Selector}\u034F\u115F\u1160\u3164\uFFA0]/gu, "")
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("ς", "σ");
}

/** Written without spaces between words: what follows is another word. */
const spaceless =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Bopomofo}]/u;
const katakana = /^[\p{Script=Katakana}ー]/u;
const hangul = /^\p{Script=Hangul}/u;
const inWord = /^[\p{L}\p{M}\p{N}_]/u;
/** What Korean puts behind a name without a space, to call or to mean whoever bears it. */
const particle = /^(?:님|씨|야|아|이|가|은|는|을|를|도|와|과|의|에게|한테|께)(?!\p{L})/u;

/** Behind a letter it would be the middle of an address or a word; in scripts without spaces the word may end anywhere. */
function beginsHere(before: string): boolean {
  const last = lastSign(before);
  if (inWord.test(last) && !spaceless.test(last)) return false;
  return !/(?:^|\s)[a-z][a-z\d+.-]*:\/\/\S*$/.test(before);
}

function endsHere(name: string, after: string): boolean {
  const last = lastSign(name);
  const next = /^./su.exec(after)?.[0] ?? "";
  // `@andy-bot`, `@andy.smith`: a longer handle; and so is `@c+++` for `@c++`.
  if (/^[-.‐‑][\p{L}\p{N}_]/u.test(after)) return false;
  if (/^[+#*=~]/.test(next) && next === last) return false;
  if (!inWord.test(next)) return true;
  if (next === "_" || /^\p{M}/u.test(next)) return false;
  if (katakana.test(last) && katakana.test(next)) return false;
  if (hangul.test(next)) return !hangul.test(last) || particle.test(after);
  if (spaceless.test(next)) return true;
  // `@小明2点开会`: behind a name of such a script another word begins with any letter.
  return spaceless.test(last);
}

function lastSign(text: string): string {
  return /.$/su.exec(text)?.[0] ?? "";
}
