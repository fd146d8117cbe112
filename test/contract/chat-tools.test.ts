import { expect, test } from "bun:test";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { createChatTools } from "../../src/tools/chat/chat-tools.ts";
import type { ChatHands } from "../../src/tools/chat/chat-hands.ts";
import { createDiagnose } from "../../src/tools/groups/diagnose.ts";
import { createGroupTool } from "../../src/tools/groups/group.ts";
import type { GroupHands } from "../../src/tools/groups/group-hands.ts";
import { createSetGroup } from "../../src/tools/groups/set-group.ts";
import { createHostSandbox } from "../fakes/host-sandbox.ts";
import { describeTool } from "./tool.ts";

const failing = (): never => {
  throw new Error("nothing may be done");
};
const chatHands: ChatHands = {
  find: async (to) => ({ isOrigin: to === undefined, group: "main", chat: 1 }),
  send: failing,
  largestFile: failing,
  react: failing,
  edit: failing,
};
const groupHands: GroupHands = {
  list: failing,
  show: failing,
  chats: failing,
  add: failing,
  rename: failing,
  remove: failing,
  bind: failing,
  unbind: failing,
  set: failing,
  manner: failing,
  ownerOf: async () => "family",
};

const inputs: Readonly<Record<string, unknown>> = {
  send_message: { text: "hi" },
  send_file: { path: "notes.txt" },
  ask_user: { question: "Tea?", options: ["yes", "no"] },
  react: { emoji: "👍" },
  edit_message: { text: "hi" },
  group: { action: "bind", name: "family", chat: "Family Chat" },
  set_group: { trigger: "@Bob" },
  diagnose: { question: "why?" },
};

const chatTools = createChatTools(chatHands);
const main = [
  ...chatTools,
  createGroupTool(groupHands, "main"),
  createDiagnose({ diagnose: failing }, "main"),
];
const other = [...chatTools, createSetGroup(groupHands, "family")];

for (const tool of new Set([...main, ...other])) {
  describeTool({ tool, input: inputs[tool.name], openSandbox: () => createHostSandbox() });
}

test.each([
  ["main", main, 780],
  ["any other group", other, 600],
] as const)("in %s they take a known part of every prompt", (name, tools, most) => {
  const definitions = tools.map(({ name: tool, description, input }) => ({ tool, description, input }));
  const tokens = countTokens(JSON.stringify(definitions));
  console.log(`tools of a gateway in ${name}: ${tokens} tokens for ${tools.length} tools`);
  expect(tokens).toBeLessThanOrEqual(most);
});
