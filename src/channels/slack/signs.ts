/** Slack's names of the signs that people use most, and what they are elsewhere. */
const signs: Readonly<Record<string, string>> = {
  "+1": "👍",
  "-1": "👎",
  "100": "💯",
  bulb: "💡",
  clap: "👏",
  cry: "😢",
  eyes: "👀",
  fire: "🔥",
  grinning: "😀",
  heart: "❤️",
  heavy_check_mark: "✔️",
  hourglass: "⌛",
  hourglass_flowing_sand: "⏳",
  joy: "😂",
  muscle: "💪",
  ok_hand: "👌",
  open_mouth: "😮",
  pray: "🙏",
  question: "❓",
  raised_hands: "🙌",
  rage: "😡",
  rocket: "🚀",
  slightly_smiling_face: "🙂",
  smile: "😄",
  sob: "😭",
  star: "⭐",
  sunglasses: "😎",
  tada: "🎉",
  thinking_face: "🤔",
  wave: "👋",
  warning: "⚠️",
  white_check_mark: "✅",
  x: "❌",
};

const aliases: Readonly<Record<string, string>> = { thumbsup: "+1", thumbsdown: "-1" };

/** `thumbsup::skin-tone-3` is 👍; one that a workspace made itself keeps its name. */
export function toSign(name: string): string {
  const [plain = name] = name.split("::");
  return signs[aliases[plain] ?? plain] ?? `:${plain}:`;
}

/** The name that Slack takes for a sign, or nothing: it knows no signs by themselves. */
export function toSignName(sign: string): string | undefined {
  const bare = withoutVariant(sign.trim());
  const named = /^:([\w+'-]+):$/.exec(bare)?.[1];
  if (named !== undefined) return named;
  return Object.entries(signs).find(([, each]) => withoutVariant(each) === bare)?.[0];
}

/** 👍🏽 is 👍, and ❤️ is ❤. */
function withoutVariant(sign: string): string {
  return sign.replace(/\p{Emoji_Modifier}|\uFE0F/gu, "");
}
