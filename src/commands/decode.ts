import { explain } from "../errors.ts";
import { parseInput } from "../tools/web/decode-apart.ts";
import { readPage } from "../tools/web/read-page.ts";

/** Reads what came from the web on standard input and prints its words as JSON; what it is given may take it over, so it holds nothing. */
export async function runDecoder(): Promise<number> {
  const signal = AbortSignal.timeout(60_000);
  try {
    const page = await readPage(parseInput(new Uint8Array(await Bun.stdin.arrayBuffer())), signal);
    await Bun.write(Bun.stdout, JSON.stringify(page));
    return 0;
  } catch (error) {
    const { message } = explain(error);
    await Bun.write(Bun.stdout, JSON.stringify({ code: codeOf(error), message }));
    return 1;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Object.getOwnPropertyDescriptor(error, "code")?.value : undefined;
}
