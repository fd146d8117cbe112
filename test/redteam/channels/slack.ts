import { openSlack } from "../../fakes/slack/open-channel.ts";
import { FakeSlack } from "../../fakes/slack/server.ts";
import { runChannel } from "../../fakes/run-channel.ts";
import type { ChannelAttack } from "./attack.ts";
import { isStrangersFileFetched, withoutAsking } from "./read-by-strangers.ts";
import { addressOfThief, sendAndEdit } from "./send-and-edit.ts";

const { signal } = new AbortController();
const folder = "src/channels/slack";

/** What goes out when an assistant says this, as Slack gets it. */
async function say(
  text: string,
): Promise<readonly { method: string; parameters: Record<string, unknown> }[]> {
  await using server = new FakeSlack();
  await sendAndEdit(openSlack(server), "D1", text);
  return server.calls.map(({ method, parameters }) => ({ method, parameters: { ...parameters } }));
}

export const slackAttacks: readonly ChannelAttack[] = [
  {
    attack: "has an assistant on Slack call a whole channel",
    switchOff: {
      without: "the three signs being written another way",
      edits: [
        {
          file: `${folder}/mrkdwn.ts`,
          from: 'return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");',
          to: "return text;",
        },
      ],
    },
    attempt: async () =>
      (await say("<!channel> <@U1> look")).some(
        ({ parameters: { text, initial_comment: below, blocks } }) =>
          /<[!@#]/.test(`${String(text)} ${String(below)}`) ||
          /"type":"(?:user|usergroup|broadcast)"/.test(JSON.stringify(blocks ?? [])),
      ),
  },
  {
    attack: "has Slack ask for a page whose address carries something out",
    switchOff: {
      without: "previews being off",
      edits: [
        {
          file: `${folder}/deliver.ts`,
          from: "const noPreview = { unfurl_links: false, unfurl_media: false };",
          to: "const noPreview = {};",
        },
      ],
    },
    attempt: async () => (await say(`see ${addressOfThief}`)).some(asksForPage),
  },
  {
    attack: "has Slack ask for such a page below a file, where no preview can be switched off",
    switchOff: {
      without: "words with a link coming by themselves",
      edits: [
        {
          file: `${folder}/deliver.ts`,
          from: "const caption = pieces.some(mayBePreviewed) ? undefined : pieces[0];",
          to: "const caption = pieces[0]; void mayBePreviewed;",
        },
      ],
    },
    attempt: async () => (await say(`see ${addressOfThief}`)).some(asksForPage),
  },
  {
    attack: "is told the bot's token by sending it elsewhere for a file",
    switchOff: {
      without: "the look at the host",
      edits: [
        {
          file: `${folder}/web-api.ts`,
          from: "allow: (host) => host === hostname,",
          to: "allow: () => hostname !== '',",
        },
      ],
    },
    attempt: async () => {
      await using server = new FakeSlack();
      const told: string[] = [];
      await using thief = Bun.serve({
        hostname: "127.0.0.1",
        port: 0,
        fetch: (request) => (told.push(request.headers.get("authorization") ?? ""), new Response("x")),
      });
      server.files.moved.set("F8", `http://localhost:${thief.port}/`);
      const moved = `http://127.0.0.1:${server.port}/files/F8`;
      await openSlack(server)
        .files?.fetch(moved, signal)
        .catch(() => undefined);
      return told.some((each) => each.includes(server.botToken));
    },
  },
  {
    attack: "presses a button on Slack and is taken for somebody else",
    switchOff: {
      without: "the presser being whom Slack names as such",
      edits: [
        {
          file: `${folder}/read-frame.ts`,
          from: '      sender: { id: user },\n      text: toText(toFields(action["text"])',
          to: '      sender: { id: toText(message["user"]) ?? user },\n      text: toText(toFields(action["text"])',
        },
      ],
    },
    attempt: async () => {
      await using server = new FakeSlack();
      await using under = await runChannel(openSlack(server), { chat: "C1" });
      await under.channel.ask?.ask("C1", { id: 1, key: "k1", text: "Sure?" }, ["Yes"], signal);
      await server.press("C1", "k1", 0, "U9");
      return under.received.some(({ press, sender }) => press !== undefined && sender.id !== "U9");
    },
  },
  {
    attack: "is let in by nobody and has a file of his fetched from Slack",
    switchOff: { without: "the question who may write, before anything is done", edits: withoutAsking },
    attempt: async () => {
      await using server = new FakeSlack();
      server.users.set("U9", "Eve");
      server.files.add("F9", "a.txt", "x");
      // Asked for there, he is led elsewhere: so it is seen.
      let isFetched = false;
      await using elsewhere = Bun.serve({
        hostname: "127.0.0.1",
        port: 0,
        fetch: () => ((isFetched = true), new Response("x")),
      });
      server.files.moved.set("F9", `http://127.0.0.1:${elsewhere.port}/`);
      const url = `http://127.0.0.1:${server.port}/files/F9`;
      const file = { id: "F9", name: "a.txt", mimetype: "text/plain", size: 1, url_private_download: url };
      const meant = { text: "<@UBOT> open it" };
      return await isStrangersFileFetched({
        channel: openSlack(server),
        chat: "C1",
        owner: "U1",
        sendAsStranger: () =>
          server.say("C1", { ...meant, user: "U9", files: [file], subtype: "file_share" }),
        sayAsOwner: () => server.say("C1", meant),
        answered: () => server.until(() => server.textsOf("C1").includes("yes")),
        isFetched: () => isFetched,
      });
    },
  },
];

/** By Slack's rules: of a message that does not say no, and of what stands below a file. */
function asksForPage({ parameters }: { readonly parameters: Readonly<Record<string, unknown>> }): boolean {
  const { text, initial_comment: below, unfurl_links: links, unfurl_media: media } = parameters;
  if (String(below).includes("//thief.test")) return true;
  const isQuiet = links === "false" && media === "false";
  return !isQuiet && String(text).includes("//thief.test");
}
