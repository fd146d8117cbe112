import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { chooseFault } from "../fakes/choose-fault.ts";
import type { GatewayProgram } from "../fakes/gateway-program.ts";
import { FakeMailServer } from "../fakes/mail/fake-mail-server.ts";
import type { SmtpFault } from "../fakes/mail/smtp-session.ts";
import { runPlatformFaults, type FaultyPlatform, type Happening } from "../fakes/platform-faults.ts";

export const name = "email-faults";

export const sizes = { smoke: 6, ci: 16, full: 400 };

/** So many write in turn: who answers each answer at once is taken for a program. */
const people = 12;

/** Of a hundred mails that are sent. */
const faults: readonly (readonly [share: number, fault: SmtpFault])[] = [
  [8, { type: "lose" }],
  [6, { type: "drop" }],
  [4, { type: "cut" }],
  [4, { type: "late", ms: 400 }],
  [5, { type: "answer", at: "RCPT", line: "451 4.3.0 not now" }],
  [5, { type: "answer", at: "DATA", line: "421 4.3.2 going down" }],
];
/** Of a hundred commands of IMAP: the connection ends. */
const cutCommands = 2;

interface Provider {
  readonly name: string;
  /** Of a hundred messages. */
  readonly share: number;
  readonly keepsSent: boolean;
  readonly hasIdle: boolean;
}

/** Each has a mailbox, a gateway and people of its own: most of the time is waiting, and is waited together. */
const providers: readonly Provider[] = [
  { name: "keeps what it sends", share: 30, keepsSent: true, hasIdle: true },
  { name: "keeps nothing", share: 30, keepsSent: false, hasIdle: true },
  { name: "keeps nothing either", share: 25, keepsSent: false, hasIdle: true },
  { name: "is asked every five seconds", share: 15, keepsSent: true, hasIdle: false },
];

export async function run(size: number, signal: AbortSignal, tools: CampaignTools): Promise<CampaignResult> {
  // Few messages are not worth a gateway each.
  const chosen = size < 100 ? providers.slice(0, 2) : providers;
  const whole = chosen.reduce((sum, { share }) => sum + share, 0);
  const results = await Promise.all(
    chosen.map(async (provider, index) => {
      await using mail = new FaultyMail(provider);
      const count = Math.round((size * provider.share) / whole);
      return await runPlatformFaults(mail, {
        ...tools,
        size: count,
        seed: tools.seed * 1000 + index,
        signal,
        progress: (text) => tools.progress(`${provider.name}: ${text}`),
        // Each of them takes as long as it may take until it is noticed.
        rare: { silence: Math.round(count / 120), mute: Math.round(count / 60) },
      });
    }),
  );
  return sumUp(results);
}

function sumUp(results: readonly CampaignResult[]): CampaignResult {
  const figures: Record<string, number> = {};
  for (const [figure, value] of results.flatMap((result) => Object.entries(result.figures))) {
    const before = figures[figure] ?? 0;
    figures[figure] = figure.startsWith("slowest") ? Math.max(before, Number(value)) : before + Number(value);
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  return { passed, failed, figures };
}

class FaultyMail implements FaultyPlatform {
  readonly isIdempotent: boolean;
  readonly toAnswer = toAnswer;
  readonly config: FaultyPlatform["config"];
  readonly #mail = new FakeMailServer();
  #count = 0;

  constructor({ keepsSent, hasIdle }: Provider) {
    // What it keeps is looked up before it is sent once more.
    this.isIdempotent = keepsSent;
    this.#mail.keepsSent = keepsSent;
    this.#mail.hasIdle = hasIdle;
    const allowFrom = ["@people.example"];
    this.config = { email: { ...this.#mail.config, enabled: false, allowFrom, pollIntervalSeconds: 5 } };
  }

  readonly events = {
    outage: async ({ random, say, doubtSends }: Happening) => {
      doubtSends();
      await this.#mail.goAway();
      say();
      await Bun.sleep(500 + random() * 3500);
      this.#mail.comeBack();
    },
    // The same mails under other numbers: none of them is answered again.
    renumbered: async ({ say, doubtSends }: Happening) => {
      doubtSends();
      this.#mail.inbox.renumber();
      this.#mail.disconnect();
      say();
      await Promise.resolve();
    },
    repeated: async ({ say }: Happening) => {
      const last = this.#mail.inbox.mails.at(-1);
      say();
      if (last !== undefined) this.#mail.inbox.add(last.source);
      await Promise.resolve();
    },
    revoked: async ({ gateway, say, doubtSends }: Happening) => {
      this.#count += 1;
      doubtSends();
      this.#mail.password = `another-password-${this.#count}`;
      this.#mail.disconnect();
      say();
      await this.#add(gateway);
    },
    busy: async ({ say }: Happening) => {
      this.#mail.fail({ type: "answer", at: "RCPT", line: "450 4.2.1 too many" });
      say();
      await Promise.resolve();
    },
    // Connections that stay, and on which nothing comes any more.
    silence: async ({ say, doubtSends }: Happening) => {
      doubtSends();
      this.#mail.fallSilent();
      say();
      await Promise.resolve();
    },
    mute: async ({ say }: Happening) => {
      this.#mail.fail({ type: "mute", at: "DATA" });
      say();
      await Promise.resolve();
    },
  };

  async join(gateway: GatewayProgram): Promise<void> {
    await this.#add(gateway);
    await this.#mail.until(() => this.#mail.commands.includes("SELECT"));
  }

  say(text: string): void {
    this.#count += 1;
    this.#mail.write({
      from: `person${this.#count % people}@people.example`,
      id: `${this.#count}.${text}@people.example`,
      text,
    });
  }

  texts(): readonly string[] {
    return this.#mail.sent.map(({ mail }) => toAnswer(mail.text ?? ""));
  }

  async until(holds: () => boolean): Promise<void> {
    await this.#mail.until(holds);
  }

  isTaken(): boolean {
    return this.#mail.inbox.mails.every(({ flags }) => flags.has("\\Seen"));
  }

  misbehave(chance: (() => number) | undefined, doubted: (text: string) => void): void {
    this.#mail.decide = () => (chance === undefined ? undefined : chooseFault(faults, chance));
    this.#mail.onLost = ({ mail }) => doubted(toAnswer(mail.text ?? ""));
    this.#mail.onCommand = () => {
      if (chance !== undefined && chance() * 100 < cutCommands) throw new Error("the connection is cut");
    };
  }

  async #add(gateway: GatewayProgram): Promise<void> {
    // What is cut by chance is tried again, as a person would.
    for (let tries = 0; tries < 20; tries++) {
      const argv = ["channels", "add", "email", "--token-stdin", "--json"];
      const { code } = await gateway.bench.run(argv, { stdin: this.#mail.password });
      if (code === 0) return;
    }
    throw new Error("the mailbox could not be added");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#mail[Symbol.asyncDispose]();
  }
}

/** The model is told of the subject as well, and says that after it. */
function toAnswer(text: string): string {
  return `You said: ${/mark\d+x\d+x/.exec(text)?.[0] ?? "nothing"}`;
}
