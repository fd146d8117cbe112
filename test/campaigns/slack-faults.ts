import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { chooseFault } from "../fakes/choose-fault.ts";
import type { GatewayProgram } from "../fakes/gateway-program.ts";
import { runPlatformFaults, type FaultyPlatform, type Happening } from "../fakes/platform-faults.ts";
import { FakeSlack, type Fault } from "../fakes/slack/server.ts";

export const name = "slack-faults";

export const sizes = { smoke: 6, ci: 8, full: 400 };

/** Of a hundred calls each. */
const faults: readonly (readonly [method: string, share: number, fault: Fault])[] = [
  ["chat.postMessage", 8, { type: "lose" }],
  ["chat.postMessage", 5, { type: "drop" }],
  ["chat.postMessage", 4, { type: "page", status: 502 }],
  ["chat.postMessage", 4, { type: "page", status: 503 }],
  ["chat.postMessage", 4, { type: "error", error: "internal_error" }],
  ["chat.postMessage", 6, { type: "limit", seconds: 1 }],
  ["apps.connections.open", 4, { type: "drop" }],
  ["apps.connections.open", 4, { type: "limit", seconds: 1 }],
  ["auth.test", 4, { type: "lose" }],
  ["conversations.history", 5, { type: "drop" }],
  ["conversations.history", 5, { type: "limit", seconds: 1 }],
  ["users.info", 10, { type: "error", error: "internal_error" }],
];

/** Of a hundred events: sent twice. */
const repeated = 8;

export async function run(size: number, signal: AbortSignal, tools: CampaignTools): Promise<CampaignResult> {
  await using slack = new FaultySlack();
  // A connection that went silent is given up after twenty seconds.
  return await runPlatformFaults(slack, {
    ...tools,
    size,
    signal,
    rare: { silence: Math.floor(size / 100) },
  });
}

class FaultySlack implements FaultyPlatform {
  // What became of a send is looked up in the history by its key.
  readonly isIdempotent = true;
  readonly #slack = new FakeSlack();
  readonly config = { slack: { apiBase: this.#slack.base } };
  #tokens = 0;
  readonly events = {
    outage: async ({ random, say, doubtSends }: Happening) => {
      doubtSends();
      await this.#slack.goAway();
      say();
      await Bun.sleep(500 + random() * 4500);
      this.#slack.comeBack();
    },
    // Slack has given up by the time that anybody listens again.
    unheard: async ({ say, doubtSends }: Happening) => {
      doubtSends();
      await this.#slack.goAway();
      say();
      this.#slack.hub.giveUp();
      this.#slack.comeBack();
    },
    refresh: async ({ say }: Happening) => {
      const before = this.#slack.hub.opened;
      await this.#slack.until(() => this.#slack.hub.links > 0);
      this.#slack.hub.refresh("refresh_requested");
      say();
      await this.#slack.until(() => this.#slack.hub.opened > before);
      this.#slack.hub.closeOldest();
    },
    storm: async ({ say }: Happening) => {
      const wait: Fault = { type: "limit", seconds: 1 };
      this.#slack.fail("chat.postMessage", wait, wait, wait);
      say();
      await Promise.resolve();
    },
    revoked: async ({ gateway, say }: Happening) => {
      this.#tokens += 1;
      this.#slack.botToken = `xoxb-1111-2222-another${this.#tokens}`;
      this.#slack.appToken = `xapp-1-A1-3333-another${this.#tokens}`;
      this.#slack.hub.disconnect();
      say();
      await this.#add(gateway);
    },
    silence: async ({ say }: Happening) => {
      await this.#slack.until(() => this.#slack.hub.links > 0);
      this.#slack.hub.fallSilent();
      say();
    },
  };

  async join(gateway: GatewayProgram): Promise<void> {
    const code = await this.#add(gateway);
    await this.#slack.say("D1", { text: code });
    await this.#slack.until(() => this.#slack.textsOf("D1").length === 1);
  }

  say(text: string): void {
    void this.#slack.say("D1", { text });
  }

  texts(): readonly string[] {
    return this.#slack.textsOf("D1");
  }

  async until(holds: () => boolean): Promise<void> {
    await this.#slack.until(holds);
  }

  isTaken(): boolean {
    return this.#slack.hub.unacknowledged === 0;
  }

  misbehave(chance: (() => number) | undefined, doubted: (text: string) => void): void {
    this.#slack.hub.decide = () => (chance !== undefined && chance() * 100 < repeated ? "twice" : undefined);
    this.#slack.decide = ({ method, parameters }) => {
      const fault = chance === undefined ? undefined : choose(method, chance);
      const isDoubted = fault !== undefined && fault.type !== "limit" && method === "chat.postMessage";
      if (isDoubted && typeof parameters["text"] === "string") doubted(parameters["text"]);
      return fault;
    };
  }

  async #add(gateway: GatewayProgram): Promise<string> {
    const calm = this.#slack.decide;
    // The owner would try again until it is taken.
    this.#slack.decide = () => undefined;
    const { code } = await gateway.add("slack", `${this.#slack.botToken}\n${this.#slack.appToken}\n`);
    this.#slack.decide = calm;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#slack[Symbol.asyncDispose]();
  }
}

function choose(method: string, random: () => number): Fault | undefined {
  const possible = faults.filter(([of]) => of === method).map(([, share, fault]) => [share, fault] as const);
  return chooseFault(possible, random);
}
