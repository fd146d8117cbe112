import { AppError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import { slackWords } from "../../words/english/slack.ts";
import type { ChannelSetup, CheckedAccount, SetupNote, SetupPlace, SetupSecret } from "../setup.ts";
import { isAppToken, isBotToken, readSlackSettings } from "./config.ts";
import { toFields, toText } from "./fields.ts";
import { manifest } from "./manifest.ts";
import { readMe, toError, type Me } from "./me.ts";
import { Seen } from "./seen.ts";
import { createWebApi, type WebApi } from "./web-api.ts";

const botToken: SetupSecret = {
  name: "SLACK_BOT_TOKEN",
  key: "botToken",
  label: "Bot token (xoxb-…)",
  steps: `Make an app for your workspace, at https://api.slack.com/apps?new_app=1

  1  Choose "From a manifest" and your workspace. Choose YAML, replace what
     stands there by the lines between the two rules; click Next and Create.
  2  Click "Install App" at the left, then "Install to Workspace" and Allow.
  3  Copy the "Bot User OAuth Token" that is shown then: it begins with xoxb-.

────────────────────────────
${manifest}────────────────────────────

`,
  parse(text) {
    const found = /xox[be](?:\.xox[bp])?-[\w.-]+/.exec(text)?.[0] ?? text.trim();
    if (!isBotToken(found)) throw new AppError("usage", slackWords.noBotToken());
    return new Secret(found);
  },
};

const appToken: SetupSecret = {
  name: "SLACK_APP_TOKEN",
  key: "appToken",
  label: "App token (xapp-…)",
  steps: `
  4  Click "Basic Information" at the left. Under "App-Level Tokens" click
     "Generate Token and Scopes", write any name, add the scope
     connections:write, and click Generate.
  5  Copy the token: it begins with xapp-.

`,
  parse(text) {
    const found = /xapp-[\w-]+/.exec(text)?.[0] ?? text.trim();
    if (!isAppToken(found)) throw new AppError("usage", slackWords.noAppToken());
    return new Secret(found);
  },
};

export const slackSetup: ChannelSetup = { secrets: [botToken, appToken], check: checkApp };

const readsAlong: SetupNote = {
  name: "reads-along",
  says: "In channels it sees what is said where it was invited (/invite), and answers when it is addressed.",
};

async function checkApp({ config, clock }: SetupPlace, signal: AbortSignal): Promise<CheckedAccount> {
  const api = createWebApi(readSlackSettings(config));
  const me = await readMe(api, signal);
  // It is not used: that it is handed out says that the app's token is one, and that Socket Mode is on.
  const opened = await api.call("apps.connections.open", {}, { signal, token: "app" });
  signal.throwIfAborted();
  if (opened.type !== "ok") throw toError(opened, "app");
  const link = await findLink(api, me, signal);
  return {
    address: `@${me.name}`,
    name: me.teamName,
    notes: [readsAlong],
    toInvitation: (code) => ({
      link,
      says: "Open this: it leads to your chat with the app in Slack.",
      thenSays: `Write it there: ${code}\nThat makes you its owner.`,
    }),
    async begin(memory) {
      const began = `${me.team}/${me.user}`;
      if ((await memory.read("began")) === began) return;
      const seen = new Seen(memory, clock);
      seen.saveSoon();
      await seen.settled();
      await memory.write("began", began);
    },
  };
}

/** To the private chat with the app, in whatever program opens Slack's links. */
async function findLink(api: WebApi, { bot, user, team }: Me, signal: AbortSignal): Promise<string> {
  const answer = await api.call("bots.info", { bot }, { signal });
  signal.throwIfAborted();
  const app = answer.type === "ok" ? toText(toFields(answer.result["bot"])["app_id"]) : undefined;
  return app === undefined
    ? `https://app.slack.com/client/${team}/${user}`
    : `https://slack.com/app_redirect?app=${encodeURIComponent(app)}&team=${encodeURIComponent(team)}`;
}
