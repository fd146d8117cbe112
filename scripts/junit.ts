export interface TestReport {
  readonly passed: number;
  /** `file: name`, and a reason when it is none of its own. */
  readonly failed: readonly string[];
}

/**
 * Reads the JUnit file of `bun test`. A skipped test counts as failed, for it proves nothing here, unless its name
 * says `(known limit: …)`. So does a file of `expected` that does not appear: it broke while it was loaded.
 */
export function readTestReport(xml: string, expected: readonly string[]): TestReport {
  const cases = [...xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(
    ([, head = "", body = ""]) => ({
      title: `${attribute(head, "file")}: ${attribute(head, "name")}`,
      isFailed: /<(?:failure|error)\b/.test(body),
      isSkipped: /<skipped\b/.test(body),
    }),
  );
  const seen = new Set(
    [...xml.matchAll(/<testsuite\b([^>]*)>/g)].map(([, head = ""]) => attribute(head, "file")),
  );
  const skipped = cases.filter(({ isSkipped, title }) => isSkipped && !/\(known limit: .+\)/.test(title));
  return {
    passed: cases.filter(({ isFailed, isSkipped }) => !isFailed && !isSkipped).length,
    failed: [
      ...cases.filter(({ isFailed }) => isFailed).map(({ title }) => title),
      ...skipped.map(({ title }) => `${title}: was skipped`),
      ...expected.filter((file) => !seen.has(file)).map((file) => `${file}: ran no test`),
    ],
  };
}

function attribute(head: string, name: string): string {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(head)?.[1] ?? "";
  return value
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll("&amp;", "&");
}
