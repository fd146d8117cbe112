/** Where the last word begins that may go on behind `place`: all before it is whole. */
export function findWordEnd(text: string, place: number): number {
  let end = Math.min(text.length, Math.max(0, place));
  while (end > 0 && !/\s/.test(text.charAt(end - 1))) end--;
  return end;
}
