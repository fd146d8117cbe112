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

  // It comes once more after the next start, and is answered once.
  whatsapp.post.decide = () => "again-later";
  await whatsapp.say({ from: "owner", text: "hello" });
  whatsapp.post.decide = () => "anew";
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

  // What was written while nobody was connected is answered once, by whatever clock it is told.
  await gateway.stop("SIGKILL");
  const earlier = Math.floor(Date.now() / 1000) - 3600;
  const waiting = whatsapp.say({ from: "owner", text: "are you there?", at: earlier });
  await gateway.start();
  await waiting;
  await whatsapp.until(() => whatsapp.textsOf("owner").length === 3);
  expect(whatsapp.textsOf("owner")[2]).toBe("You said: _are you there?_");
  expect(gateway.bench.requests).toHaveLength(2);
  const kept = JSON.stringify(gateway.bench.query("SELECT name, value FROM channel_memory"));
  expect(kept).toContain("session ");
  expect(kept).not.toContain("noiseKey");

  // He takes the device out of his list: said with the way out, and nothing is left of it.
  whatsapp.unlink();
  expect(await reasonWhenDown(gateway)).toContain("The telephone has ended the link with NanoClaw");
  expect(gateway.bench.query("SELECT 1 FROM channel_memory WHERE name LIKE 'session %'")).toEqual([]);

  // Linked anew by a code, as it is shown, without a camera: the gateway goes on where it was.
  const linking = gateway.bench.start(["channels", "login", "whatsapp", "--phone", "+1 555 0001"]);
  await linking.waitForOut("\n\n");
  const [, code = ""] = /^ {2}(\w{4}-\w{4})\n\n$/.exec(linking.out) ?? [];
  expect(await whatsapp.type(code.replace("-", ""))).toBe(true);
  expect(await linking.ended).toMatchObject({
    code: 0,
    out: expect.stringContaining("Linked with +15550001"),
  });
  await whatsapp.say({ from: "owner", text: "and now?" });
  await whatsapp.until(() => whatsapp.textsOf("owner").includes("You said: _and now?_"));
  expect(gateway.bench.requests).toHaveLength(3);
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
