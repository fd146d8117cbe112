import { createAgentActor, type Actor } from "../authority/actor.ts";
import type { EgressFacts } from "../authority/actions.ts";
import { authorize } from "../authority/authorize.ts";
import { decideIn } from "../authority/authority.ts";
import type { Decision } from "../authority/decision.ts";
import { clean, joinTaint, parseTaintBits, toTaintBits, type Taint } from "../authority/taint.ts";
import type { Clock } from "../clock.ts";
import type { EgressProxy, EgressProxyOptions, EgressQuestion } from "../egress/proxy.ts";
import { explain } from "../errors.ts";
import type { Log } from "../log.ts";
import { toGrantUrl, toGrantVariable } from "../sandbox/proxy-address.ts";
import type { SandboxNetwork } from "../sandbox/sandbox.ts";
import type { Secret } from "../secret.ts";
import type { Reader } from "../store/database.ts";
import { listEgressRules } from "../store/egress-rules.ts";
import { findGrant, listGrants, type StoredGrant } from "../store/grants.ts";
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
  /** What the vault holds now under a name; without it no grant is served. */
  readonly readSecret?: (name: string) => Promise<Secret | undefined>;
  /** For tests, which have only servers on loopback. */
  readonly egress?: Pick<EgressProxyOptions, "guard" | "limits">;
}

/** Who is at work while a connection is made. */
export interface EgressParty {
  /** Whom the turn answers: no connection has more rights than he. The conversation's own person without it. */
  readonly actor?: Actor;
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
    const { store, group } = this.#options;
    const rules = await listEgressRules(store.database, group.id);
    return rules.length > 0 || (await this.#listGrants()).length > 0;
  }

  /** Where each grant is reached. */
  async environment(): Promise<Readonly<Record<string, string>>> {
    const names = (await this.#listGrants()).map(({ name }) => name);
    return Object.fromEntries(names.map((name) => [toGrantVariable(name), toGrantUrl(name)]));
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

  async #listGrants(): Promise<readonly StoredGrant[]> {
    const { store, group, readSecret } = this.#options;
    return readSecret === undefined ? [] : await listGrants(store.database, group.id);
  }

  async #openVault(): Promise<Pick<EgressProxyOptions, "serveGrant">> {
    const { store, group, egress, readSecret } = this.#options;
    if (readSecret === undefined) return {};
    const [{ createServeGrant }, { readGrant }] = await Promise.all([
      import("../egress/serve-grant.ts"),
      import("../egress/grant.ts"),
    ]);
    return {
      serveGrant: createServeGrant({
        findGrant: async (name) => {
          const stored = await findGrant(store.database, group.id, name);
          return stored === undefined ? undefined : readGrant(stored);
        },
        readSecret,
        refuse: async ({ grant, method, path }) => {
          // The owner listed it by granting it. A model's own server is who reads all of it anyway.
          const isRead = ["GET", "HEAD"].includes(method) || grant.placement.type === "model";
          const facts = { isListed: true, isRead };
          const decision = await this.#decide("secret.use", `${method} ${grant.name}${path}`, facts);
          if (decision.verdict === "allow") return undefined;
          const fix = `Begin anew: /new, and nanoclaw policy clear-taint ${group.name}`;
          await this.#tell(`grant ${grant.name}`, `Not sent to ${grant.base}. ${decision.reason} ${fix}`);
          return `${decision.reason} ${fix}`;
        },
        mayGoOn: () => this.#mayGoOn(),
        ...(egress?.guard === undefined ? {} : { guard: egress.guard }),
      }),
    };
  }

  async #openProxy(): Promise<EgressProxy> {
    const { store, group, egress, log } = this.#options;
    const [{ EgressProxy }, { parseEgressPolicy }, vault] = await Promise.all([
      import("../egress/proxy.ts"),
      import("../egress/policy.ts"),
      this.#openVault(),
    ]);
    return new EgressProxy({
      ...egress,
      ...vault,
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
      mayGoOn: () => this.#mayGoOn(),
      log,
    });
  }

  async #mayGoOn(): Promise<boolean> {
    const { store, group } = this.#options;
    const object = { group: group.name, name: "what is open", egress: { isListed: true, isRead: false } };
    const taint = await this.#readTaint(store.database);
    return authorize(this.#agent, "egress.connect", object, taint).verdict === "allow";
  }

  async #refuse({ host, port, method, path = "", ...facts }: EgressQuestion): Promise<string | undefined> {
    const { group } = this.#options;
    const decision = await this.#decide("egress.connect", `${method} ${host}:${port}${path}`, facts);
    if (decision.verdict === "allow") return undefined;
    const place = port === 443 || port === 80 ? host : `${host}:${port}`;
    const allow = `nanoclaw groups egress allow ${group.name} ${place}`;
    const fix = facts.isListed
      ? ` If asking there tells nobody anything: ${allow} --read-only / · Or begin anew: /new, and nanoclaw policy clear-taint ${group.name}`
      : ` Allow it: ${allow}`;
    await this.#tell(place, `Not let out to ${place}. ${decision.reason}${fix}`);
    return `${decision.reason}${fix}`;
  }

  /** The decision, and that something came in by it, are on disk before anything is looked up. */
  async #decide(
    action: "egress.connect" | "secret.use",
    name: string,
    egress: EgressFacts,
  ): Promise<Decision> {
    const { store, clock, group } = this.#options;
    const decision = await store.database.transaction(async (tx) => {
      const question = {
        actor: this.#agent,
        action,
        object: { group: group.name, name: name.slice(0, 300), egress },
        taint: await this.#readTaint(tx),
      };
      const made = await decideIn(tx, question, clock.now());
      if (made.verdict === "allow") await addGroupTaint(tx, group.id, toTaintBits(fromOutside));
      return made;
    });
    if (decision.verdict === "allow") this.party?.taint.add(fromOutside);
    return decision;
  }

  get #agent(): Actor {
    return createAgentActor(this.party?.actor ?? this.#options.actor, this.#options.group.name);
  }

  /** What lies in the group's folder may have been put there by another terminal's turn. */
  async #readTaint(reader: Reader): Promise<Taint> {
    const { taint } = await getGroup(reader, this.#options.group.name);
    return joinTaint(parseTaintBits(taint), this.party?.taint.current ?? clean);
  }

  /** A program that tries again and again is reported once. */
  async #tell(about: string, text: string): Promise<void> {
    if (this.#told.has(about)) return;
    this.#told.add(about);
    await this.party?.notice(text);
  }
}
