import { join } from "node:path";
import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { chooseFault } from "../fakes/choose-fault.ts";
import type { GatewayProgram } from "../fakes/gateway-program.ts";
import { runPlatformFaults, type FaultyPlatform, type Happening } from "../fakes/platform-faults.ts";
import { installLibrary } from "../fakes/whatsapp/plugin.ts";
import { FakeWhatsApp, type Fault } from "../fakes/whatsapp/server.ts";

export const name = "whatsapp-faults";

export const sizes = { smoke: 3, ci: 6, full: 80 };

/** Of a hundred messages each. */
const faults: readonly (readonly [share: number, fault: Fault])[] = [
  [10, { type: "lose" }],
  [8, { type: "drop" }],
];

export async function run(size: number, signal: AbortSignal, tools: CampaignTools): Promise<CampaignResult> {
  await using whatsapp = new FaultyWhatsApp();
  return await runPlatformFaults(whatsapp, { ...tools, size, signal });
}

class FaultyWhatsApp implements FaultyPlatform {
  readonly isIdempotent = true;
  readonly #whatsapp = new FakeWhatsApp();
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
    void this.#whatsapp.say({ from: "owner", text });
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
