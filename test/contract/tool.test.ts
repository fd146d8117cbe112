import { expect, test } from "bun:test";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { JobTable } from "../../src/tools/shell/job-table.ts";
import { createStandardTools } from "../../src/tools/standard-tools.ts";
import { createHostSandbox } from "../fakes/host-sandbox.ts";
import { describeTool } from "./tool.ts";

const inputs: Readonly<Record<string, unknown>> = {
  shell: { command: "touch done" },
  job: { action: "list" },
  read_file: { path: "notes.txt" },
  write_file: { path: "notes.txt", content: "x" },
  edit_file: { path: "notes.txt", old: "x", new: "y" },
  list_files: {},
  search_files: { pattern: "x" },
};

const tools = createStandardTools({ jobs: new JobTable() });

for (const tool of tools) {
  describeTool({ tool, input: inputs[tool.name], openSandbox: () => createHostSandbox() });
}

test("the standard tools take at most 900 tokens of every prompt", () => {
  const definitions = tools.map(({ name, description, input }) => ({ name, description, input }));
  const tokens = countTokens(JSON.stringify(definitions));
  console.log(`standard tools: ${tokens} tokens for ${tools.length} tools`);
  expect(tokens).toBeLessThanOrEqual(900);
});

test("the standard tools are the same bytes every time", () => {
  const again = createStandardTools({ jobs: new JobTable() });
  expect(JSON.stringify(again)).toBe(JSON.stringify(tools));
});
