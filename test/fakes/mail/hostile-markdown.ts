import { createMarkdown } from "../random-markdown.ts";

const attacks = [
  "<script>alert(1)</script>",
  "<img src=https://track.example/p.png onerror=alert(1)>",
  '" onmouseover="alert(1)',
  "' style='background:url(https://track.example/)",
  "</p></div></body></html>",
  "</pre><b>",
  "<!-- ",
  "--> ]]>",
  "&lt;script&gt;",
  "&#60;img&#62;",
  "&colon;",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\tscript:alert(1))",
  "<javascript:alert(1)>",
  "[x](data:text/html,<script>)",
  "[x](vbscript:x)",
  "[x](file:///etc/passwd)",
  "[x](//evil.example)",
  '[x](https://evil.example/"onclick="x)',
  '<https://evil.example/"onclick="x>',
  "https://evil.example/'\"onclick=x",
  "[go to https://bank.example now](https://evil.example)",
  "[www.bank.example](https://evil.example)",
  "[bank。example](https://evil.example)",
  "[https://bank.example](https://bank.example@evil.example)",
  "[**bank.example**](https://evil.example)",
  "[a@bank.example](mailto:b@evil.example)",
  "![pixel](https://track.example/p.png)",
  "[![i](https://track.example/p.png)](https://evil.example)",
  "\u0000\u0007\u001B[31m",
  "\uD800",
  "\u202Emoc.knab",
  "\u2028",
  "\r\nBcc: eve@evil.example\r\n\r\n",
  ".\r\nMAIL FROM:<eve@evil.example>",
  "--boundary--",
];

/** Whatever a model may write that has read what a stranger wants it to write. */
export function createHostileMarkdown(random: (below: number) => number): string {
  let text = createMarkdown(random);
  for (let times = random(6); times > 0; times--) {
    const at = random(text.length + 1);
    text = text.slice(0, at) + (attacks[random(attacks.length)] ?? "") + text.slice(at);
  }
  return text;
}
