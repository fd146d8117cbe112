import { expect, test } from "bun:test";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { createMailTool } from "../../../src/tools/mail/mail-tool.ts";
import { describeTool } from "../../contract/tool.ts";
import { createHostSandbox } from "../../fakes/host-sandbox.ts";
import { newResults } from "../../fakes/llm-transcript.ts";
import { FakeMailServer } from "../../fakes/mail/fake-mail-server.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";

const tool = createMailTool({ search: async () => [], read: async () => undefined });
describeTool({ tool, input: { action: "search" }, openSandbox: () => createHostSandbox() });

test("the tool takes at most 200 tokens of every prompt, and none of a group that may not read", async () => {
  const { name, description, input } = tool;
  expect(countTokens(JSON.stringify({ name, description, input }))).toBeLessThanOrEqual(200);
  await using bench = await ProgramBench.open({ script: [{ text: "ok" }] });
  await bench.run(["agent", "-m", "hi"]);
  expect(JSON.stringify(bench.requests[0])).not.toContain('"mail"');
});

const call = (input: object) => ({ calls: [{ name: "mail", arguments: input }] });

test("an assistant finds and reads the owner's mails; none of them is marked as read, and the turn has seen strangers' and private words", async () => {
  await using server = new FakeMailServer();
  const { imapHost, imapPort, imapUsername, caFile } = server.config;
  const uid = server.write({
    from: "Ben <ben@x.example>",
    id: "1@x",
    subject: "Invoice #42",
    text: "Please pay 12 euros.",
  });
  server.write({
    from: "shop@x.example",
    id: "2@x",
    subject: "Sale",
    text: "news",
    headers: ["List-Id: <x>"],
  });
  const mailbox = {
    imapHost,
    imapPort,
    imapUsername,
    caFile,
    imapPassword: server.password,
    groups: ["main"],
  };
  await using bench = await ProgramBench.open({
    config: { tools: { mailbox } },
    script: [
      call({ action: "search" }),
      call({ action: "search", words: "invoice", unread: true }),
      call({ action: "read", uid }),
      call({ action: "read", uid: 99 }),
      call({ action: "read" }),
      { text: "Ben wants 12 euros." },
    ],
  });
  await bench.run(["agent", "-m", "My morning brief, please"]);
  const results = [1, 2, 3, 4, 5].map((n) => {
    const request = bench.requests[n];
    return (request === undefined ? undefined : newResults(request)[0]?.text) ?? "";
  });
  expect(results[0]).toMatch(
    /2 {2}.*unread {2}shop@x\.example {2}Sale\n1 {2}.*unread {2}Ben <ben@x\.example> {2}Invoice #42/,
  );
  expect(results[1]).not.toContain("Sale");
  expect(results[2]).toContain("Please pay 12 euros.");
  expect(results[3]).toContain("There is no mail 99 any more.");
  expect(results[4]).toContain("Say which: uid");
  expect(server.isSeen(uid)).toBe(false);
  expect(server.commands).toContain("EXAMINE");
  expect(server.commands).not.toContain("SELECT");
  expect(
    bench
      .query("SELECT DISTINCT action FROM audit WHERE action LIKE 'mail.%' ORDER BY 1")
      .map(({ action }) => action),
  ).toEqual(["mail.read", "mail.search"]);
  expect(bench.faults).toEqual([]);
});
