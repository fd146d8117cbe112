import { expect, test } from "bun:test";
import { collect, shell, toRequest } from "../../../test/contract/provider.ts";
import { toText, type Message, type ProviderRequest, type ToolCall } from "../provider.ts";
import { createProvider } from "./provider.ts";

const never = new AbortController().signal;
const tools = ["shell", "read_file", "write_file", "list_files"].map((name) => ({ ...shell, name }));

test.each([
  ["run: uname -a", "shell", { command: "uname -a" }],
  ["Run: ls | wc -l\necho done", "shell", { command: "ls | wc -l\necho done" }],
  ["please run `df -h` for me", "shell", { command: "df -h" }],
  ["$ date", "shell", { command: "date" }],
  ["Which files are here?", "list_files", { path: "." }],
  ["what files do you have", "list_files", { path: "." }],
  ["read notes.txt", "read_file", { path: "notes.txt" }],
  ["What's in `src/main.ts`?", "read_file", { path: "src/main.ts" }],
  ["show me the file a/b.md", "read_file", { path: "a/b.md" }],
  ['write "two words" to greeting.txt', "write_file", { path: "greeting.txt", content: "two words" }],
  ["Write hello world into the file `a/b.txt`.", "write_file", { path: "a/b.txt", content: "hello world" }],
])("%p calls %s", async (text, name, input) => {
  const calls = await callsFor({ ...toRequest(text), tools });
  expect(calls.map((call) => [call.name, JSON.parse(call.arguments)])).toEqual([[name, input]]);
});

test.each(["hello", "Hi!", "what can you do?", "please remember my birthday", "Why is the sky blue?"])(
  "%p is answered with the truth about itself",
  async (text) => {
    const answer = await textFor({ ...toRequest(text), tools });
    expect(answer).toContain("no language model");
  },
);

test.each([
  [
    'The owner said yes to request #3 ("x"). It was done:\n\n--- begin a1 ---\n42\n--- end a1 ---\n',
    "done:\n42",
  ],
  ["The owner said yes to request #3. Somehow.", "Request #3 was allowed, and done."],
  ['The owner said no to request #3 ("x"). Do not.', "The owner said no to request #3."],
  ["The owner allowed the host a.test for this group (request #3). Go on", "allowed the host a.test"],
])("what became of a request is told: %j", async (text, told) => {
  expect(await textFor({ ...toRequest(text), tools })).toContain(told);
});

test("without the tool it says so", async () => {
  expect(await textFor({ ...toRequest("read a.txt"), tools: [] })).toContain("read_file");
  expect(await textFor({ ...toRequest("read a.txt"), tools, toolChoice: "none" })).toContain("read_file");
});

test("it reports what a tool gave, and that it failed", async () => {
  const request = { ...toRequest("run: ls"), tools };
  const calls = await callsFor(request);
  const result = (content: string, isError: boolean): Message => {
    return { role: "tool", callId: calls[0]?.id ?? "", name: "shell", content, isError };
  };
  const asked: Message[] = [...request.messages, { role: "assistant", content: calls }];
  expect(await textFor({ ...request, messages: [...asked, result("a.txt\n", false)] })).toContain("a.txt");
  expect(await textFor({ ...request, messages: [...asked, result("no such file", true)] })).toContain(
    "failed",
  );
});

test("the same question has the same answer", async () => {
  const request = { ...toRequest("run: ls"), tools };
  expect(await answerTo(request)).toEqual(await answerTo(request));
});

async function answerTo(request: ProviderRequest) {
  const last = (await collect(createProvider().stream(request, never))).at(-1);
  if (last?.type !== "stop") throw new Error(`It ended with ${last?.type}.`);
  return last.message;
}

async function callsFor(request: ProviderRequest): Promise<ToolCall[]> {
  return (await answerTo(request)).content.filter((part) => part.type === "tool-call");
}

async function textFor(request: ProviderRequest): Promise<string> {
  return toText(await answerTo(request));
}

test("this folder is the one that is shared; an unshared one is not made up", async () => {
  const asking = (context: string): ProviderRequest => ({
    ...toRequest("what is in this folder?"),
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "what is in this folder?" },
          { type: "text", text: context },
        ],
      },
    ],
    tools,
  });
  const [call] = await callsFor(asking("Shared folder: /workspace/extra/notes (read only)"));
  expect(call).toMatchObject({ name: "list_files", arguments: '{"path":"/workspace/extra/notes"}' });
  expect(await textFor(asking("Now: Saturday"))).toContain("nanoclaw agent --folder .");
});
