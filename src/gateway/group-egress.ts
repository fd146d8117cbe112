import { createAgentActor, type Actor } from "../authority/actor.ts";
import { decideIn } from "../authority/authority.ts";
import { clean, joinTaint, parseTaintBits, toTaintBits, type Taint } from "../authority/taint.ts";
import type { Clock } from "../clock.ts";
import type { EgressProxy, EgressProxyOptions, EgressQuestion } from "../egress/proxy.ts";
import { explain } from "../errors.ts";
import type { Log } from "../log.ts";
import type { SandboxNetwork } from "../sandbox/sandbox.ts";
import { listEgressRules } from "../store/egress-rules.ts";
import { addGroupTaint, getGroup, type Group } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import type { Wire } from "../wire.ts";
import type { TurnTaint } from "./turn-taint.ts";

export interface GroupEgressOptions {
  readonly store: Store;
  readonly actor: Actor;
  readonly clock: Clock;
  readonly group: Group;
  readonly log: Log;
  /** For what the vault serves, and for tests, which have only servers on loopback. */
  readonly egress?: Pick<EgressProxyOptions, "serveGrant" | "guard" | "limits"> & {
    /** There is something besides hosts to reach. */
    readonly hasGrants?: () => Promise<boolean>;
  };
}

/** Who is at work while a connection is made. */
export interface EgressParty {
  readonly taint: TurnTaint;
  readonly notice: (text: string) => Promise<void> | void;
}

const fromOutside: Taint = { ...clean, sawUntrusted: true };

/** A session's way out: who asks, what was seen until now, and whom to tell. Nothing of the proxy is loaded before the first connection. */
export class GroupEgress implements SandboxNetwork, AsyncDisposable {
  /** The last one: what it started may go on after it. */
  party: EgressParty | undefined;
  readonly #options: GroupEgressOptions;
  readonly #told = new Set<string>();
  #proxy: Promise<EgressProxy> | undefined;

  constructor(options: GroupEgressOptions) {
    this.#options = options;
  }

  async isOpen(): Promise<boolean> {
    const { store, group, egress } = this.#options;
    const rules = await listEgressRules(store.database, group.id);
    return rules.length > 0 || (await egress?.hasGrants?.()) === true;
  }

  accept(connection: Wire): void {
    this.#proxy ??= this.#openProxy();
    this.#proxy.then(
      (proxy) => proxy.accept(connection),
      () => connection[Symbol.dispose](),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#proxy)?.[Symbol.asyncDispose]();
  }

  async #openProxy(): Promise<EgressProxy> {
    const { store, group, egress, log } = this.#options;
    const [{ EgressProxy }, { parseEgressPolicy }] = await Promise.all([
      import("../egress/proxy.ts"),
      import("../egress/policy.ts"),
    ]);
    return new EgressProxy({
      ...egress,
      group: group.name,
      policy: async () => {
        try {
          return parseEgressPolicy(group.name, await listEgressRules(store.database, group.id));
        } catch (error) {
          const { message, hint = "" } = explain(error);
          await this.#tell("policy", `${message} ${hint.replace(/\n */, " ")}`);
          throw error;
        }
      },
      refuse: (question) => this.#refuse(question),
      log,
    });
  }

  /** The decision, and that something came in by it, are on disk before anything is looked up. */
  async #refuse({ host, port, method, path = "", ...facts }: EgressQuestion): Promise<string | undefined> {
    const { store, clock, group, actor } = this.#options;
    const name = `${method} ${host}:${port}${path}`;
    const decision = await store.database.transaction(async (tx) => {
      const folder = parseTaintBits((await getGroup(tx, group.name)).taint);
      const question = {
        actor: createAgentActor(actor, group.name),
        action: "egress.connect",
        object: { group: group.name, name, egress: facts },
        taint: joinTaint(folder, this.party?.taint.current ?? clean),
      } as const;
      const made = await decideIn(tx, question, clock.now());
      if (made.verdict === "allow") await addGroupTaint(tx, group.id, toTaintBits(fromOutside));
      return made;
    });
    if (decision.verdict === "allow") {
      this.party?.taint.add(fromOutside);
      return undefined;
    }
    const place = port === 443 || port === 80 ? host : `${host}:${port}`;
    const fix = facts.isListed ? "" : ` Allow it: nanoclaw groups egress allow ${group.name} ${place}`;
    await this.#tell(place, `Not let out to ${place}. ${decision.reason}${fix}`);
    return `${decision.reason}${fix}`;
  }

  /** A program that tries again and again is reported once. */
  async #tell(about: string, text: string): Promise<void> {
    if (this.#told.has(about)) return;
    this.#told.add(about);
    await this.party?.notice(text);
  }
}
