import { expect, test } from "bun:test";
import { join } from "node:path";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import { userTexts } from "../../fakes/llm-transcript.ts";
import { installLibrary } from "../../fakes/whatsapp/plugin.ts";
import { FakeWhatsApp } from "../../fakes/whatsapp/server.ts";

test("a telephone is linked at the terminal, and its owner talks with the assistant in the chat with himself", async () => {
  await using whatsapp = new FakeWhatsApp();
  await using gateway = await GatewayProgram.open({
    script: (request) => ({
      text: `You said: *${userTexts(request).findLast((text) => !text.startsWith("<context>"))}*`,
    }),
    config: { channels: { whatsapp: { socketUrl: whatsapp.url, mediaUrl: whatsapp.mediaUrl } } },
  });
  await installLibrary(join(gateway.bench.state, "plugins"), whatsapp.authority);
  await gateway.start();
  const adding = gateway.bench.start(["channels", "add", "whatsapp", "--json"]);
  await adding.waitForOut("\n");
  const sign = JSON.parse(adding.out.split("\n")[0] ?? "") as { readonly text: string };
  whatsapp.scan(sign.text);
  const added = await adding.ended;
  expect(added.code).toBe(0);
  expect(added.err).toContain("experimental");
  expect(JSON.parse(added.out.slice(added.out.indexOf("\n")))).toEqual({
    type: "linked",
    address: "+15550001",
  });
  // Twice: to link it, and as the gateway, which took it up by itself.
  await whatsapp.until(() => whatsapp.logins === 2);

  await whatsapp.say({ from: "owner", text: "hello" });
  await whatsapp.until(() => whatsapp.textsOf("owner").length > 0);
  expect(whatsapp.textsOf("owner")).toEqual(["You said: _hello_"]);
  // What he writes to others is none of ours, and a stranger gets no turn.
  await whatsapp.say({ from: "owner", to: "c1", text: "between us" });
  await whatsapp.say({ from: "c2", text: "let me in" });
  await whatsapp.until(() => whatsapp.textsOf("owner").length === 2);
  expect(whatsapp.textsOf("owner")[1]).toContain("has written, and I do not know them");
  const heard = JSON.stringify(gateway.bench.query("SELECT * FROM messages"));
  expect(heard).toContain("hello");
  expect(heard).not.toContain("between us");
  expect(gateway.bench.requests).toHaveLength(1);

  // What was written while nobody was connected is answered once.
  await gateway.stop("SIGKILL");
  const waiting = whatsapp.say({ from: "owner", text: "are you there?" });
  await gateway.start();
  await waiting;
  await whatsapp.until(() => whatsapp.textsOf("owner").length === 3);
  expect(whatsapp.textsOf("owner")[2]).toBe("You said: _are you there?_");
  const kept = JSON.stringify(gateway.bench.query("SELECT name, value FROM channel_memory"));
  expect(kept).toContain("session ");
  expect(kept).not.toContain("noiseKey");

  // He takes the device out of his list: said with the way out, and nothing is left of it.
  whatsapp.unlink();
  expect(await reasonWhenDown(gateway)).toContain("The telephone has ended the link with NanoClaw");
  expect(gateway.bench.query("SELECT 1 FROM channel_memory WHERE name LIKE 'session %'")).toEqual([]);
});

/** Asked again while the gateway learns of it. */
async function reasonWhenDown(gateway: GatewayProgram): Promise<string> {
  for (;;) {
    const health = (await (await gateway.request("/health")).json()) as {
      readonly channels: Readonly<Record<string, { readonly state: string; readonly reason?: string }>>;
    };
    const { state, reason } = health.channels["whatsapp"] ?? {};
    if (state === "down") return reason ?? "";
  }
}
