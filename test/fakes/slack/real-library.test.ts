import { expect, test } from "bun:test";
import { SocketModeClient } from "@slack/socket-mode";
import { LogLevel, WebClient } from "@slack/web-api";
import { FakeSlack } from "./server.ts";

/** What Slack's own library is told of an event. */
interface Told {
  readonly ack: () => Promise<void>;
  readonly body: { readonly event?: { readonly text?: string } };
  readonly retry_num?: number;
}

test("Slack's own libraries speak with the stand-in: calls, events, acknowledgements, refreshes, uploads", async () => {
  await using server = new FakeSlack();
  const slackApiUrl = `${server.base}/`;
  const web = new WebClient(server.botToken, { slackApiUrl, logLevel: LogLevel.ERROR });
  expect(await web.auth.test()).toMatchObject({ ok: true, user_id: "UBOT", bot_id: "BBOT" });

  const socket = new SocketModeClient({
    appToken: server.appToken,
    logLevel: LogLevel.ERROR,
    // It waits for so long before it connects anew.
    clientPingTimeout: 200,
    clientOptions: { slackApiUrl },
  });
  const heard: string[] = [];
  socket.on("slack_event", ({ ack, body }: Told) => {
    heard.push(body.event?.text ?? "");
    void ack();
  });
  await socket.start();
  await server.say("D1", { text: "one" });
  const opened = server.hub.opened;
  server.hub.refresh("refresh_requested");
  await server.until(() => server.hub.opened > opened);
  await server.say("D1", { text: "two" });
  expect(heard).toEqual(["one", "two"]);
  await socket.disconnect();

  const sent = await web.apiCall("chat.postMessage", {
    channel: "C1",
    text: "*hi* <https://x.test/|there>",
    metadata: { event_type: "nanoclaw_reply", event_payload: { key: "k1" } },
  });
  const ts = server.messages.at(-1)?.ts ?? "";
  expect(sent.ok).toBe(true);
  await web.chat.update({ channel: "C1", ts, text: "changed" });
  await web.reactions.add({ channel: "C1", timestamp: ts, name: "eyes" });
  const history = await web.conversations.history({ channel: "C1", include_all_metadata: true });
  expect(history.messages?.[0]).toMatchObject({
    text: "changed",
    metadata: { event_payload: { key: "k1" } },
  });
  await web.filesUploadV2({ channel_id: "C1", file: Buffer.from("what it holds"), filename: "a.txt" });
  expect(server.messages.at(-1)).toMatchObject({ channel: "C1", files: [{ name: "a.txt" }] });
  expect(web.apiCall("chat.postMessage", { channel: "none", text: "x" })).rejects.toThrow(
    "channel_not_found",
  );
});
