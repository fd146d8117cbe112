/** Lines that go, then lines that come. */
export function toDiff(before: string, after: string): string {
  const [old, fresh] = [toLines(before), toLines(after)];
  const gone = old.filter((line) => !fresh.includes(line)).map((line) => `- ${line}`);
  const come = fresh.filter((line) => !old.includes(line)).map((line) => `+ ${line}`);
  return [...gone, ...come].join("\n");
}

function toLines(text: string): readonly string[] {
  return text.trim() === "" ? [] : text.trim().split("\n");
}
