import { join } from "node:path";
import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { chooseFault } from "../fakes/choose-fault.ts";
import type { GatewayProgram } from "../fakes/gateway-program.ts";
import { runPlatformFaults, type FaultyPlatform, type Happening } from "../fakes/platform-faults.ts";
import { installLibrary } from "../fakes/whatsapp/plugin.ts";
import type { Giving } from "../fakes/whatsapp/post.ts";
import { FakeWhatsApp, type Fault } from "../fakes/whatsapp/server.ts";

export const name = "whatsapp-faults";

export const sizes = { smoke: 3, ci: 6, full: 80 };

/** Of a hundred messages each. */
const faults: readonly (readonly [share: number, fault: Fault])[] = [
  [10, { type: "lose" }],
  [8, { type: "drop" }],
  [3, { type: "error", code: 500 }],
  [3, { type: "error", code: 503 }],
  [3, { type: "error", code: 479 }],
];

/** How the server gives what was written, of a hundred messages each. */
const givings: readonly (readonly [share: number, giving: Giving])[] = [
  [8, "twice"],
  [8, "anew"],
  [8, "again-later"],
];

/** Seconds by which the server's clock says something else of a message than of the one before. */
const farthestApart = 7200;

export async function run(size: number, signal: AbortSignal, tools: CampaignTools): Promise<CampaignResult> {
  await using whatsapp = new FaultyWhatsApp();
  // A connection that went silent is given up after 45 seconds; who was asked to write less waits for ten at least.
  const rare = { silence: Math.ceil(size / 80), limit: Math.ceil(size / 40) };
  return await runPlatformFaults(whatsapp, { ...tools, size, signal, rare });
}

class FaultyWhatsApp implements FaultyPlatform {
  readonly isIdempotent = true;
  readonly #whatsapp = new FakeWhatsApp();
  #random: () => number = () => 0;
  #givenAgain = 0;
  readonly config = { whatsapp: { socketUrl: this.#whatsapp.url, mediaUrl: this.#whatsapp.mediaUrl } };
  readonly events = {
    outage: async ({ random, say }: Happening) => {
      await this.#whatsapp.goAway();
      say();
      await Bun.sleep(300 + random() * 1500);
      this.#whatsapp.comeBack();
    },
    restart: async ({ say }: Happening) => {
      this.#whatsapp.end(503);
      say();
      await Promise.resolve();
    },
    silence: async ({ say }: Happening) => {
      await this.#whatsapp.until(() => this.#whatsapp.isConnected);
      this.#whatsapp.fallSilent();
      say();
    },
    limit: async ({ say }: Happening) => {
      this.#whatsapp.fail({ type: "error", code: 429 });
      say();
      await Promise.resolve();
    },
    unlinked: async ({ gateway, say }: Happening) => {
      this.#whatsapp.unlink();
      await this.#link(gateway);
      say();
    },
  };

  async join(gateway: GatewayProgram): Promise<void> {
    await installLibrary(join(gateway.bench.state, "plugins"), this.#whatsapp.authority);
    await this.#link(gateway);
  }

  say(text: string): void {
    const at = Math.floor(Date.now() / 1000 - this.#random() * farthestApart);
    void this.#whatsapp.say({ from: "owner", text, at });
  }

  counts(): Readonly<Record<string, number>> {
    return { "given again": this.#givenAgain };
  }

  texts(): readonly string[] {
    return this.#whatsapp.textsOf("owner");
  }

  async until(holds: () => boolean): Promise<void> {
    await this.#whatsapp.until(holds);
  }

  isTaken(): boolean {
    return this.#whatsapp.unreceived === 0;
  }

  misbehave(chance: (() => number) | undefined, doubted: (text: string) => void): void {
    this.#random = chance ?? (() => 0);
    this.#whatsapp.post.decide = () => {
      const giving = chance === undefined ? undefined : chooseFault(givings, chance);
      if (giving !== undefined) this.#givenAgain += 1;
      return giving ?? "once";
    };
    this.#whatsapp.decide = () => {
      const fault = chance === undefined ? undefined : chooseFault(faults, chance);
      if (fault !== undefined) doubted("");
      return fault;
    };
  }

  async #link(gateway: GatewayProgram): Promise<void> {
    const before = this.#whatsapp.logins;
    const linking = gateway.bench.start(["channels", "login", "whatsapp", "--json"]);
    await linking.waitForOut("\n");
    const sign = JSON.parse(linking.out.split("\n")[0] ?? "") as { readonly text: string };
    this.#whatsapp.scan(sign.text);
    await linking.ended;
    await this.#whatsapp.until(() => this.#whatsapp.logins >= before + 2);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#whatsapp[Symbol.asyncDispose]();
  }
}
