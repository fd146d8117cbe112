import { expect, test } from "bun:test";
import { JobTable } from "./shell/job-table.ts";
import { createStandardTools } from "./standard-tools.ts";
import { toTitle } from "./title.ts";

const tools = createStandardTools({ jobs: new JobTable() });

test.each([
  ["shell", '{"command":"npm install typescript"}', "$ npm install typescript"],
  ["shell", '{"command":"cd x\\nmake"}', "$ cd x …"],
  ["read_file", '{"path":"foo.txt"}', "read foo.txt"],
  ["write_file", '{"path":"docs/api.md","content":"x"}', "write docs/api.md"],
  ["edit_file", '{"path":"a\\nb"}', "edit a b"],
  ["list_files", '{"path":"/tmp"}', "ls /tmp"],
  ["list_files", "{}", "ls ."],
  ["search_files", '{"pattern":"alpha|beta"}', 'search "alpha|beta"'],
  ["job", '{"action":"stop","id":"job-1"}', "job stop job-1"],
  ["read_file", "null", "read"],
  ["shell", "[]", "shell"],
  ["custom_tool", '{"data":"hello world"}', 'custom_tool("hello world")'],
  ["custom_tool", '{"count":42}', "custom_tool"],
  ["custom_tool", "null", "custom_tool"],
  ["mcp_github__create_issue", '{"title":"Bug fix"}', 'github::create_issue("Bug fix")'],
])("%s %s is shown as %s", (name, text, title) => {
  const tool = tools.find((each) => each.name === name);
  expect(toTitle({ type: "tool-call", id: "call_1", name, arguments: text }, tool)).toBe(title);
});
