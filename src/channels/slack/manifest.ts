/** Of the bot's own token: what it does, reads and shows. */
const scopes = [
  "app_mentions:read",
  "channels:history",
  "channels:read",
  "chat:write",
  "commands",
  "files:read",
  "files:write",
  "groups:history",
  "groups:read",
  "im:history",
  "im:read",
  "im:write",
  "mpim:history",
  "mpim:read",
  "reactions:read",
  "reactions:write",
  "users:read",
] as const;

const events = [
  "app_mention",
  "channel_id_changed",
  "message.channels",
  "message.groups",
  "message.im",
  "message.mpim",
  "reaction_added",
  "reaction_removed",
] as const;

/** All that Slack has to know of the app, to be pasted where it makes one from a manifest. Its lines are short: none is broken. */
export const manifest = `display_information:
  name: NanoClaw
  description: A personal assistant
features:
  app_home:
    home_tab_enabled: false
    messages_tab_enabled: true
    messages_tab_read_only_enabled: false
  bot_user:
    display_name: NanoClaw
    always_online: true
  slash_commands:
    - command: /nanoclaw
      description: Say something, or new, status, help
      usage_hint: status
      should_escape: true
oauth_config:
  scopes:
    bot:
${scopes.map((scope) => `      - ${scope}`).join("\n")}
settings:
  event_subscriptions:
    bot_events:
${events.map((event) => `      - ${event}`).join("\n")}
  interactivity:
    is_enabled: true
  socket_mode_enabled: true
  token_rotation_enabled: false
`;
