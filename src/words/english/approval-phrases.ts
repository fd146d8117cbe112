type Answer = "once" | "always" | "no";

/** What stands on a card that asks for the owner's yes, and around it. */
export interface ApprovalPhrases {
  readonly title: (facts: { id: number; group: string }) => string;
  readonly call: (facts: { tool: string }) => string;
  /** It stands in the messages before. */
  readonly above: string;
  readonly host: (facts: { host: string; group: string }) => string;
  readonly connection: (facts: { place: string }) => string;
  /** Before the lines that would go and those that would come. */
  readonly diff: string;
  readonly otherGroup: (facts: { group: string }) => string;
  readonly outgoing: (facts: { bytes: number; hash: string }) => string;
  /** Above what the runs of a task may do from a yes on, a line each. */
  readonly grants: string;
  readonly grant: Readonly<
    Record<"host" | "chat" | "search" | "files", (facts: { shown: string }) => string>
  >;
  readonly why: (facts: { reason: string }) => string;
  readonly asker: (facts: { who: string }) => string;
  readonly always: (facts: { bound: string }) => string;
  readonly until: (facts: { time: string }) => string;
  readonly words: string;
  readonly wordsCut: (facts: { characters: number }) => string;
  readonly clipped: (facts: { characters: number; hash: string; id: number }) => string;
  readonly buttons: Readonly<Record<Answer, string>> & { readonly host: string };
  /** In a chat, below the card: how it is answered without a button. */
  readonly typed: (facts: { id: number }) => string;
  /** Instead, where a part had to be left out. */
  readonly tooLong: (facts: { id: number }) => string;
  /** Longer than a chat can show. */
  readonly onlyThere: (facts: { id: number }) => string;
  readonly confirm: (facts: { id: number; code: string; hasAlways: boolean }) => string;
  readonly decided: (facts: { id: number; answer: Answer }) => string;
  readonly onlyOwner: string;
  readonly onlyInMain: string;
  readonly none: string;
  /** Of a turn at the terminal. */
  readonly waits: (facts: { id: number; title: string }) => string;
  /** In the place of the prompt; the words to be typed stay once, always, no. */
  readonly question: (facts: { hasOnce: boolean; hasAlways: boolean }) => string;
  readonly later: (facts: { id: number }) => string;
  /** Allowed, and not this conversation's to do. */
  readonly elsewhere: (facts: { id: number; group: string }) => string;
  readonly byGateway: (facts: { id: number; isNow: boolean }) => string;
}

export const approvalPhrases: ApprovalPhrases = {
  title: ({ id, group }) => `🔒 Request #${id} · group ${group} · needs your yes`,
  call: ({ tool }) => `The assistant wants to use ${tool} with exactly this:`,
  above: "It is exactly what stands above.",
  host: ({ host, group }) => `Allow the host ${host} for the group ${group}?`,
  connection: ({ place }) => `The assistant wants to send to ${place}, in the turn after your yes.`,
  diff: "What every conversation begins with would change so:",
  otherGroup: ({ group }) => `It concerns another group: ${group}`,
  outgoing: ({ bytes, hash }) =>
    `${bytes.toLocaleString("en")} bytes go out, as they are now (SHA-256 ${hash}).`,
  grants: "With your yes each run of this task may, with nobody there to ask:",
  grant: {
    host: ({ shown }) => `reach ${shown}`,
    chat: ({ shown }) => `send to ${shown}`,
    search: () => "ask the web search",
    files: () => "change files of its group",
  },
  why: ({ reason }) => `Why you are asked: ${reason}`,
  asker: ({ who }) => `It works for: ${who}`,
  always: ({ bound }) => `"Always" allows this group exactly this: ${bound}`,
  until: ({ time }) => `Without an answer by ${time} UTC it is a no.`,
  words: "In the assistant's own words, which prove nothing:",
  wordsCut: ({ characters }) => `… and ${characters.toLocaleString("en")} more characters`,
  clipped: ({ characters, hash, id }) =>
    `… and ${characters.toLocaleString("en")} more characters (SHA-256 of all arguments: ${hash}). All of it: nanoclaw approvals show ${id}`,
  buttons: { once: "Allow once", always: "Always for this group", no: "No", host: "Allow" },
  typed: ({ id }) => `Or write /approve ${id} or /deny ${id}`,
  tooLong: ({ id }) => `Too long for one button: /approve ${id} shows all of it, /deny ${id} says no.`,
  onlyThere: ({ id }) =>
    `#${id} is longer than a chat can show. On the machine where the gateway runs: nanoclaw approvals allow ${id}`,
  confirm: ({ id, code, hasAlways }) =>
    `It counts when you write: /approve ${id} ${code}${hasAlways ? `\nFor good: /approve ${id} ${code} always` : ""}`,
  decided: ({ id, answer }) =>
    ({ once: `✓ #${id}: allowed once.`, always: `✓ #${id}: allowed for good.`, no: `✗ #${id}: refused.` })[
      answer
    ],
  onlyOwner: "Only the owner can answer this.",
  onlyInMain: "Answer requests in a private chat of your main group: here others can read along.",
  none: "Nothing waits for your yes.",
  waits: ({ id, title }) => `Waits for your yes: #${id} ${title}`,
  question: ({ hasOnce, hasAlways }) =>
    `allow? ${[...(hasOnce ? ["once"] : []), ...(hasAlways ? ["always"] : []), "no"].join(" · ")}:`,
  later: ({ id }) => `#${id} goes on waiting: /approve ${id} or /deny ${id}`,
  elsewhere: ({ id, group }) =>
    `#${id} is carried out in the group ${group}: by the gateway, or with the group's next message.`,
  byGateway: ({ id, isNow }) =>
    isNow
      ? `The gateway carries out #${id} now; the chat that asked is answered.`
      : `#${id} is carried out when a gateway runs within the hour: nanoclaw gateway`,
};
