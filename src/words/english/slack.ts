import { defineWords } from "../define-words.ts";
import { toAppSentences } from "./chat-app.ts";

/** What Slack says no to, and what in its part of the configuration cannot work. */
export const slackWords = defineWords("slack", {
  ...toAppSentences("Slack", "slack"),
  noToken: () => ({
    message: "The Slack channel lacks one of its two tokens.",
    hint: "Your app's pages give you both; this says where:\n  nanoclaw channels add slack",
  }),
  noBotToken: () => ({
    message: "This is no bot token of a Slack app: such a one begins with xoxb-.",
    hint: "Copy it from OAuth & Permissions of your app (Bot User OAuth Token), then:\n  nanoclaw channels add slack",
  }),
  noAppToken: () => ({
    message: "This is no app-level token of Slack: such a one begins with xapp-.",
    hint: "Generate one under Basic Information of your app (App-Level Tokens, scope connections:write), then:\n  nanoclaw channels add slack",
  }),
  badBase: ({ address }: { address: string }) => ({
    message: `channels.slack.apiBase is no address of a server: ${address}`,
    hint: "Write https://HOST/api, or take the line out for Slack itself.",
  }),
  tokenRefused: ({ token, reason }: { token: string; reason: string }) => ({
    message: `Slack does not take the ${token} token: ${reason}.`,
    hint: "Copy it again from your app's pages (api.slack.com/apps), or install the app anew, then:\n  nanoclaw channels add slack",
  }),
  saidNo: ({ reason }: { reason: string }) => ({
    message: `Slack says no: ${reason}.`,
    hint: "Make the app again from the manifest that this prints, and install it:\n  nanoclaw channels add slack",
  }),
  socketModeOff: () => ({
    message: "Socket Mode is off in your Slack app, so nothing that people write comes here.",
    hint: "Switch it on at api.slack.com/apps, your app, Socket Mode. It is tried again every minute.",
  }),
  fileTooLarge: ({ megabytes }: { megabytes: number }) => ({
    message: `The file is larger than ${megabytes} MB, which is the most that is sent to Slack or taken from it.`,
    hint: "Send it in parts, or put it into a folder that the assistant may see.",
  }),
});
