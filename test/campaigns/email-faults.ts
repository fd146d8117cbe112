import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { chooseFault } from "../fakes/choose-fault.ts";
import type { GatewayProgram } from "../fakes/gateway-program.ts";
import { FakeMailServer } from "../fakes/mail/fake-mail-server.ts";
import type { SmtpFault } from "../fakes/mail/smtp-session.ts";
import { runPlatformFaults, type FaultyPlatform, type Happening } from "../fakes/platform-faults.ts";

export const name = "email-faults";

export const sizes = { smoke: 6, ci: 15, full: 400 };

/** So many write in turn: who answers each answer at once is taken for a program. */
const people = 12;

/** Of a hundred mails that are sent. */
const faults: readonly (readonly [share: number, fault: SmtpFault])[] = [
  [8, { type: "lose" }],
  [6, { type: "drop" }],
  [5, { type: "answer", at: "RCPT", line: "451 4.3.0 not now" }],
  [5, { type: "answer", at: "DATA", line: "421 4.3.2 going down" }],
];
/** Of a hundred commands of IMAP: the connection ends. */
const cutCommands = 2;

export async function run(size: number, signal: AbortSignal, tools: CampaignTools): Promise<CampaignResult> {
  await using mail = new FaultyMail();
  return await runPlatformFaults(mail, { ...tools, size, signal });
}

class FaultyMail implements FaultyPlatform {
  readonly isIdempotent = false;
  readonly toAnswer = toAnswer;
  readonly #mail = new FakeMailServer();
  readonly config = { email: { ...this.#mail.config, enabled: false, allowFrom: ["@people.example"] } };
  #count = 0;
  readonly events = {
    outage: async ({ random, say, doubtSends }: Happening) => {
      doubtSends();
      await this.#mail.goAway();
      say();
      await Bun.sleep(500 + random() * 3500);
      this.#mail.comeBack();
    },
    // The same mails under other numbers: none of them is answered again.
    renumbered: async ({ say }: Happening) => {
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
    revoked: async ({ gateway, say }: Happening) => {
      this.#count += 1;
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
  };

  async join(gateway: GatewayProgram): Promise<void> {
    await this.#add(gateway);
    await this.#mail.until(() => this.#mail.commands.includes("IDLE"));
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
