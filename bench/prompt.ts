import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { countTokens } from "gpt-tokenizer";

import type { SizeRow } from "../scripts/size-row.ts";
import { startModel } from "./model.ts";
import { createProgramHome } from "./program.ts";

/** What the first request for "hi" costs, tools included, counted on the wire. No row while there is no program. */
export async function measurePrompt(root: string): Promise<readonly SizeRow[]> {
  const main = join(root, "src/main.ts");
  if (!(await Bun.file(main).exists())) return [];
  const folder = await mkdtemp(join(tmpdir(), "nanoclaw-prompt-"));
  try {
    await using model = await startModel(folder);
    const argv = [process.execPath, "--no-env-file", "--config=/dev/null", main, "agent", "-m", "hi"];
    await createProgramHome(folder, model, model.http, argv);
    return [
      {
        name: 'prompt for "hi", tokens',
        value: countTokens(toPrompt(await model.lastRequest())),
        budget: 3000,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a model reads: the system text, the tools and the messages. */
function toPrompt(body: string): string {
  const request: unknown = JSON.parse(body);
  if (typeof request !== "object" || request === null) throw new Error("the request is no object");
  const { system, tools, messages } = { system: "", tools: [], messages: [], ...request };
  return [system, tools, messages]
    .map((part) => (typeof part === "string" ? part : JSON.stringify(part)))
    .join("\n");
}
