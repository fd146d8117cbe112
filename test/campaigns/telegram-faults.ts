import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { chooseFault } from "../fakes/choose-fault.ts";
import type { GatewayProgram } from "../fakes/gateway-program.ts";
import { runPlatformFaults, type FaultyPlatform, type Happening } from "../fakes/platform-faults.ts";
import { FakeTelegram, type Fault } from "../fakes/telegram/server.ts";

export const name = "telegram-faults";

export const sizes = { smoke: 6, ci: 25, full: 400 };

/** Of a hundred calls each. */
const faults: readonly (readonly [method: string, share: number, fault: Fault])[] = [
  ["sendMessage", 8, { type: "lose" }],
  ["sendMessage", 5, { type: "drop" }],
  ["sendMessage", 5, { type: "page", status: 502 }],
  ["sendMessage", 5, { type: "error", code: 500, text: "Internal Server Error" }],
  ["sendMessage", 6, { type: "error", code: 429, text: "Too Many Requests", parameters: { retry_after: 1 } }],
  ["getUpdates", 4, { type: "drop" }],
  ["getUpdates", 4, { type: "lose" }],
  ["getUpdates", 4, { type: "error", code: 429, text: "Too Many Requests", parameters: { retry_after: 1 } }],
];

export async function run(size: number, signal: AbortSignal, tools: CampaignTools): Promise<CampaignResult> {
  await using telegram = new FaultyTelegram();
  // A connection that went silent is given up after 45 seconds.
  return await runPlatformFaults(telegram, {
    ...tools,
    size,
    signal,
    rare: { silence: Math.floor(size / 100) },
  });
}

class FaultyTelegram implements FaultyPlatform {
  readonly isIdempotent = false;
  readonly #telegram = new FakeTelegram();
  readonly config = { telegram: { apiBase: this.#telegram.base } };
  #tokens = 0;
  readonly events = {
    outage: async ({ random, say, doubtSends }: Happening) => {
      doubtSends();
      await this.#telegram.goAway();
      say();
      await Bun.sleep(500 + random() * 4500);
      this.#telegram.comeBack();
    },
    // What was given is given once more, and after what came later.
    repeated: async ({ say }: Happening) => {
      say();
      await this.#telegram.until(() => this.#telegram.unacknowledged === 0);
      this.#telegram.repeat(3);
    },
    storm: async ({ say }: Happening) => {
      const wait: Fault = {
        type: "error",
        code: 429,
        text: "Too Many Requests",
        parameters: { retry_after: 1 },
      };
      this.#telegram.fail("sendMessage", wait, wait, wait);
      say();
      await Promise.resolve();
    },
    revoked: async ({ gateway, say }: Happening) => {
      this.#tokens += 1;
      this.#telegram.token = `4711:AAanother_token_of_the_same_bot_${String(this.#tokens).padStart(4, "0")}`;
      this.#telegram.disconnect();
      say();
      await this.#add(gateway);
    },
    silence: async ({ say }: Happening) => {
      this.#telegram.fail("getUpdates", { type: "hang" });
      this.#telegram.disconnect();
      await this.#telegram.until(() => this.#telegram.faults.get("getUpdates")?.length === 0);
      say();
    },
  };

  async join(gateway: GatewayProgram): Promise<void> {
    const link = await this.#add(gateway);
    await this.#telegram.say("77", { text: `/start ${new URL(link).searchParams.get("start")}` });
    await this.#telegram.until(() => this.#telegram.shown.length === 1);
  }

  say(text: string): void {
    void this.#telegram.say("77", { text });
  }

  texts(): readonly string[] {
    return this.#telegram.textsOf("77");
  }

  async until(holds: () => boolean): Promise<void> {
    await this.#telegram.until(holds);
  }

  isTaken(): boolean {
    return this.#telegram.unacknowledged === 0;
  }

  misbehave(chance: (() => number) | undefined, doubted: (text: string) => void): void {
    this.#telegram.decide = ({ method, parameters }) => {
      const fault = chance === undefined ? undefined : choose(method, chance);
      if (method === "sendMessage" && (fault?.type === "lose" || fault?.type === "drop")) {
        doubted(String(parameters["text"]));
      }
      return fault;
    };
  }

  async #add(gateway: GatewayProgram): Promise<string> {
    const { link } = await gateway.add("telegram", this.#telegram.token);
    return link;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#telegram[Symbol.asyncDispose]();
  }
}

function choose(method: string, random: () => number): Fault | undefined {
  const possible = faults.filter(([of]) => of === method).map(([, share, fault]) => [share, fault] as const);
  return chooseFault(possible, random);
}
