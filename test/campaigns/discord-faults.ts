import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { readMarkdown } from "../fakes/discord/read-markdown.ts";
import { FakeDiscord, type Fault } from "../fakes/discord/server.ts";
import { chooseFault } from "../fakes/choose-fault.ts";
import type { GatewayProgram } from "../fakes/gateway-program.ts";
import { runPlatformFaults, type FaultyPlatform, type Happening } from "../fakes/platform-faults.ts";

export const name = "discord-faults";

export const sizes = { smoke: 6, ci: 8, full: 400 };

const busy: Fault = {
  type: "error",
  status: 429,
  body: { message: "You are being rate limited.", retry_after: 1, global: false },
};
const broken: Fault = { type: "error", status: 500, body: { message: "Internal Server Error", code: 0 } };

/** Of a hundred calls each. */
const faults: readonly (readonly [name: string, share: number, fault: Fault])[] = [
  ["send", 8, { type: "lose" }],
  ["send", 5, { type: "drop" }],
  ["send", 5, { type: "page", status: 502 }],
  ["send", 5, broken],
  ["send", 6, busy],
  ["history", 10, { type: "drop" }],
  ["history", 10, busy],
  ["gateway", 10, { type: "page", status: 502 }],
  ["gateway", 10, { type: "drop" }],
];

export async function run(size: number, signal: AbortSignal, tools: CampaignTools): Promise<CampaignResult> {
  await using discord = new FaultyDiscord();
  return await runPlatformFaults(discord, { ...tools, size, signal });
}

/** The person's private chat. */
const chat = "501";

class FaultyDiscord implements FaultyPlatform {
  readonly isIdempotent = true;
  // Discord's own is 41 seconds: silence would be most of the campaign.
  readonly #discord = new FakeDiscord({ heartbeatMs: 700 });
  readonly config = { discord: { apiBase: this.#discord.base } };
  #tokens = 0;
  readonly events = {
    // What is told to nobody has to be fetched.
    invalid: async ({ say }: Happening) => {
      this.#discord.endSessions();
      say();
      this.#discord.order(9, false);
      await Promise.resolve();
    },
    silence: async ({ say }: Happening) => {
      this.#discord.isSilent = true;
      say();
      // Past two heartbeats of which none is answered.
      await Bun.sleep(2000);
      this.#discord.isSilent = false;
    },
    outage: async ({ random, say }: Happening) => {
      await this.#discord.goAway();
      say();
      await Bun.sleep(500 + random() * 4500);
      this.#discord.comeBack();
    },
    repeated: async ({ say }: Happening) => {
      this.#discord.decideEvent = () => "repeat";
      say();
      await this.#discord.until(() => this.#discord.isTaken);
      this.#discord.decideEvent = () => undefined;
    },
    storm: async ({ say }: Happening) => {
      this.#discord.fail("send", busy, busy, busy);
      say();
      await Promise.resolve();
    },
    moved: async ({ say }: Happening) => {
      this.#discord.order(7);
      say();
      await Promise.resolve();
    },
    cut: async ({ say }: Happening) => {
      say();
      this.#discord.disconnect();
      await Promise.resolve();
    },
    revoked: async ({ gateway, say }: Happening) => {
      this.#tokens += 1;
      const number = String(this.#tokens).padStart(4, "0");
      this.#discord.token = `NDcxMTAwMDAwMDAwMDAw.fake01.another-token-of-the-same-bot-${number}`;
      this.#discord.hangUp(4004);
      say();
      await this.#add(gateway);
    },
  };

  async join(gateway: GatewayProgram): Promise<void> {
    const code = await this.#add(gateway);
    await this.#discord.until(() => this.#discord.openings.length > 0);
    await this.#discord.say(chat, { content: code });
    await this.#discord.until(() => this.#discord.shownIn(chat).length === 1);
  }

  say(text: string): void {
    void this.#discord.say(chat, { content: text });
  }

  texts(): readonly string[] {
    return this.#discord.textsOf(chat);
  }

  async until(holds: () => boolean): Promise<void> {
    await this.#discord.until(holds);
  }

  isTaken(): boolean {
    return this.#discord.isTaken;
  }

  misbehave(chance: (() => number) | undefined, doubted: (text: string) => void): void {
    this.#discord.decide = ({ name: call, body }) => {
      const fault = chance === undefined ? undefined : choose(call, chance);
      if (call === "send" && (fault?.type === "lose" || fault?.type === "drop")) doubted(toText(body));
      return fault;
    };
  }

  async #add(gateway: GatewayProgram): Promise<string> {
    const { code } = await gateway.add("discord", this.#discord.token);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#discord[Symbol.asyncDispose]();
  }
}

function toText(body: object): string {
  return "content" in body && typeof body.content === "string" ? readMarkdown(body.content).text : "";
}

function choose(call: string, random: () => number): Fault | undefined {
  const possible = faults.filter(([of]) => of === call).map(([, share, fault]) => [share, fault] as const);
  return chooseFault(possible, random);
}
