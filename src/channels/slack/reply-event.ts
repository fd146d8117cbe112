/** The kind of metadata by which a reply is found again: Slack knows no keys of its own. */
export const replyEvent = "nanoclaw_reply";
