/**
 * The words of a message as people read them. Slack writes references in angle brackets and escapes three signs; a link
 * whose words hide where it leads says so. The mention of ourselves is how we are called, and no part of what is said.
 */
export function readText(text: string, me: string): { readonly text: string; readonly isMention: boolean } {
  const isMention = text.includes(`<@${me}>`) || text.includes(`<@${me}|`);
  const words = isMention ? withoutName(text, me) : text;
  return {
    text: words
      .replace(/<([^<>\n]*)>/g, (_, inner: string) => toWords(inner))
      .replace(/&(amp|lt|gt);/g, unescape),
    isMention,
  };
}

/** As `hey <@UBOT>  there` becomes `hey there`. */
function withoutName(text: string, me: string): string {
  return text.replace(new RegExp(`<@${me}(?:\\|[^<>]*)?>[ \\t]*`, "g"), "").trim();
}

function toWords(inner: string): string {
  const bar = inner.indexOf("|");
  const target = bar === -1 ? inner : inner.slice(0, bar);
  const label = bar === -1 ? "" : inner.slice(bar + 1);
  const body = target.slice(1);
  switch (target[0]) {
    case "@":
      return `@${label || body}`;
    case "#":
      return `#${label || body}`;
    case "!": {
      const [kind = "", ...rest] = body.split("^");
      // A date, a group of people, or everybody.
      return kind === "date" || kind === "subteam"
        ? label || `@${rest[0] ?? kind}`
        : `@${label.replace(/^@/, "") || kind}`;
    }
    default: {
      const address = target.replace(/^mailto:/, "");
      if (label === "" || label === target || label === address || `${label}/` === address) return address;
      return address.replace(/^https?:\/\//, "") === label ? address : `${label} (${address})`;
    }
  }
}

function unescape(_: string, name: string): string {
  return name === "amp" ? "&" : name === "lt" ? "<" : ">";
}
