import { expect, test } from "bun:test";
import { createHostileMarkdown } from "../../../test/fakes/mail/hostile-markdown.ts";
import { judgeHtml, judgeMail } from "../../../test/fakes/mail/judge-mail.ts";
import { createChoice } from "../../../test/fakes/random.ts";
import { toHtml } from "./to-html.ts";

test("whatever is written becomes a mail that shows all of it and does nothing", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    expect([seed, await judgeMail(createHostileMarkdown(createChoice(seed)))]).toEqual([seed, undefined]);
  }
});

test("a mail that runs, fetches, loses or hides something is seen to", () => {
  const text =
    "**see** [https://bank.example](https://evil.example) & [x](https://a.example)\n\n- one <two>\n\nend";
  const html = toHtml(text);
  expect(judgeHtml(html, text)).toBeUndefined();
  const tampered: readonly (readonly [from: string, to: string, says: string])[] = [
    ["<p>", "<p onclick=x>", "the attribute onclick"],
    ["<p>", "<script>x</script><p>", "the element script"],
    ["<p>", '<p style="background:url(https://t.example/)">', "the attribute style"],
    ["&#60;two&#62;", "<img src=x>", "the element img"],
    ["&#38;", "&", "a bare &"],
    ["</strong>", "", "is closed where it is not open"],
    ["end", "", "other words"],
    [" (https://evil.example/)", "", "does not say so"],
    ["https://a.example/", "https://b.example/", "a link that nobody wrote"],
    ["https://a.example/", "javascript:x", "a link to javascript"],
  ];
  for (const [from, to, says] of tampered) {
    expect(html).toContain(from);
    expect([says, judgeHtml(html.replace(from, to), text)]).toEqual([says, expect.stringContaining(says)]);
  }
});

test("code begins where it begins, also with an empty line", () => {
  // A program that reads HTML leaves out the first end of a line of it.
  expect(toHtml("```\n\nx\n```")).toMatch(/<pre[^>]*>\n\nx<\/pre>/);
});
