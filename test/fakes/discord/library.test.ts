import { Client, GatewayDispatchEvents, GatewayIntentBits } from "@discordjs/core";
import { REST } from "@discordjs/rest";
import { WebSocketManager, WebSocketShardEvents } from "@discordjs/ws";
import { expect, test } from "bun:test";
import { FakeDiscord } from "./server.ts";

test("Discord's own libraries speak to the stand-in: they hear a message, answer it once, and go on with a cut session", async () => {
  await using server = new FakeDiscord();
  server.addServer("900", "Home", [{ id: "910", name: "general", type: 0 }]);
  const rest = new REST({ api: server.base.replace("/v10", ""), version: "10" }).setToken(server.token);
  const intents = GatewayIntentBits.GuildMessages;
  const gateway = new WebSocketManager({ token: server.token, intents, rest });
  const client = new Client({ rest, gateway });
  const heard: string[] = [];
  const resumed = Promise.withResolvers<void>();
  client.on(GatewayDispatchEvents.Resumed, () => resumed.resolve());
  client.on(GatewayDispatchEvents.MessageCreate, ({ data }) => {
    if (data.author.id !== server.me.id) heard.push(data.content);
  });
  const ready = Promise.withResolvers<void>();
  gateway.on(WebSocketShardEvents.Ready, () => ready.resolve());
  gateway.on(WebSocketShardEvents.Error, () => {});
  await gateway.connect();
  await ready.promise;
  await server.say("910", { content: "hi" });
  const body = { content: "**hello**", nonce: "n1", enforce_nonce: true, allowed_mentions: { parse: [] } };
  const one = await client.api.channels.createMessage("910", body);
  const two = await client.api.channels.createMessage("910", body);
  expect([heard, one.id, server.textsOf("910")]).toEqual([["hi"], two.id, ["hello"]]);
  // The control: without the nonce it is seen twice.
  const plain = { content: "twice", allowed_mentions: { parse: [] } };
  for (const _ of [1, 2]) await client.api.channels.createMessage("910", plain);
  expect(server.textsOf("910")).toEqual(["hello", "twice", "twice"]);
  expect(
    client.api.channels.createMessage("910", { ...body, nonce: "n2", content: "x".repeat(2001) }),
  ).rejects.toThrow("2000 or fewer");
  server.hangUp(4000);
  await resumed.promise;
  await server.say("910", { content: "again" });
  expect(heard).toEqual(["hi", "again"]);
  await gateway.destroy();
}, 20_000);
