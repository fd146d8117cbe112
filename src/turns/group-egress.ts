import { createAgentActor, type Actor } from "../authority/actor.ts";
import type { EgressFacts } from "../authority/actions.ts";
import { authorize } from "../authority/authorize.ts";
import { decideIn } from "../authority/authority.ts";
import type { Decision } from "../authority/decision.ts";
import { clean, joinTaint, parseTaintBits, toTaintBits, type Taint } from "../authority/taint.ts";
import type { Clock } from "../clock.ts";
import type { EgressRule } from "../egress/policy.ts";
import type { EgressProxy, EgressProxyOptions, EgressQuestion } from "../egress/proxy.ts";
import { explain } from "../errors.ts";
import type { Log } from "../log.ts";
import { toGrantUrl, toGrantVariable } from "../sandbox/proxy-address.ts";
import type { SandboxNetwork } from "../sandbox/sandbox.ts";
import type { Secret } from "../secret.ts";
import type { Reader } from "../store/database.ts";
import { listEgressRules } from "../store/egress-rules.ts";
import type { Grant } from "../egress/grant.ts";
import { readLevel } from "../store/group-level.ts";
import { readNetwork } from "../store/group-network.ts";
import { findGrant, listGrants, type StoredGrant } from "../store/grants.ts";
import { addGroupTaint, getGroup, type Group } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import type { Wire } from "../wire.ts";
import type { ApprovalCards } from "./approval-cards.ts";
import type { SendAction } from "./egress-consent.ts";
import type { TurnParty } from "./turn-party.ts";

export interface GroupEgressOptions {
  readonly store: Store;
  readonly actor: Actor;
  readonly clock: Clock;
  readonly group: Group;
  readonly log: Log;
  /** Where the owner is asked who is in no terminal. */
  readonly cards?: ApprovalCards | undefined;
  /** What the vault holds now under a name; without it no grant is served. */
  readonly readSecret?: (name: string) => Promise<Secret | undefined>;
  /** For tests, which have only servers on loopback. */
  readonly egress?: Pick<EgressProxyOptions, "guard" | "limits">;
}

const fromOutside: Taint = { ...clean, sawUntrusted: true };

/** A session's way out: who asks, what was seen until now, and whom to tell. Nothing of the proxy is loaded before the first connection. */
export class GroupEgress implements SandboxNetwork, AsyncDisposable {
  /** The last one: what it started may go on after it. */
  party: TurnParty | undefined;
  readonly #options: GroupEgressOptions;
  readonly #told = new Set<string>();
  #proxy: Promise<EgressProxy> | undefined;

  constructor(options: GroupEgressOptions) {
    this.#options = options;
  }

  /** A locked group has nothing to try and so nothing to ask; any other finds the proxy, also while nothing is listed. */
  async isOpen(): Promise<boolean> {
    const { database } = this.#options.store;
    const { id, name } = this.#options.group;
    if (await this.#isOff()) return false;
    if ((await readLevel(database, name)) !== "locked") return true;
    if ((await listEgressRules(database, id)).length > 0) return true;
    if ((await this.#listTaskHosts()).length > 0) return true;
    return (await this.#listGrants()).length > 0;
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

  /** The owner wants it to have no network, whatever is listed; what is open ends as well. */
  async #isOff(): Promise<boolean> {
    const { store, group } = this.#options;
    return (await readNetwork(store.database, group.id)) === "none";
  }

  /** What the run that is at work may reach besides. */
  async #listTaskHosts(): Promise<readonly EgressRule[]> {
    const task = this.party?.task?.id;
    if (task === undefined) return [];
    const { listHostGrants } = await import("./task-consent.ts");
    return await listHostGrants(this.#options.store.database, task);
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
          const stored = (await this.#isOff()) ? undefined : await findGrant(store.database, group.id, name);
          return stored === undefined ? undefined : readGrant(stored);
        },
        readSecret,
        refuse: async ({ grant, method, path }) => {
          // The owner listed it by granting it. A model's own server is who reads all of it anyway.
          const isRead = ["GET", "HEAD"].includes(method) || grant.placement.type === "model";
          const facts = { isListed: true, isRead };
          const place = toGrantPlace(grant);
          const decision = await this.#decide("secret.use", place, `${method} ${grant.name}${path}`, facts);
          if (decision.verdict === "allow") return undefined;
          const asked = await this.#ask("secret.use", place, decision);
          const fix = `Begin anew: /new, and nanoclaw policy clear-taint ${group.name}`;
          await this.#tell(
            `grant ${grant.name}`,
            `Not sent to ${grant.base}. ${decision.reason} ${asked ?? fix}`,
          );
          return `${decision.reason} ${asked ?? fix}`;
        },
        mayGoOn: (grant) => this.#mayGoOn("secret.use", toGrantPlace(grant)),
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
          if (await this.#isOff()) return [];
          const own = parseEgressPolicy(group.name, await listEgressRules(store.database, group.id));
          return [...own, ...(await this.#listTaskHosts())];
        } catch (error) {
          const { message, hint = "" } = explain(error);
          await this.#tell("policy", `${message} ${hint.replace(/\n */, " ")}`);
          throw error;
        }
      },
      refuse: (question) => this.#refuse(question),
      mayGoOn: ({ host, port }) => this.#mayGoOn("egress.connect", `${host}:${port}`),
      log,
    });
  }

  async #mayGoOn(action: SendAction, place: string): Promise<boolean> {
    const { store, group } = this.#options;
    if (await this.#isOff()) return false;
    const egress = { isListed: true, isRead: false };
    const object = { group: group.name, name: "what is open", egress };
    const [taint, level] = await Promise.all([
      this.#readTaint(store.database),
      readLevel(store.database, group.name),
    ]);
    const decision = authorize(this.#agent, action, object, taint, level);
    if (decision.verdict !== "ask") return decision.verdict === "allow";
    const { findSendConsent } = await import("./egress-consent.ts");
    const consent = await findSendConsent(store.database, group, action, place, this.party);
    if (consent === undefined) return false;
    return authorize(this.#agent, action, { ...object, consent }, taint, level).verdict === "allow";
  }

  async #refuse({ host, port, method, path = "", ...facts }: EgressQuestion): Promise<string | undefined> {
    const { group } = this.#options;
    const exact = `${host}:${port}`;
    const decision = await this.#decide("egress.connect", exact, `${method} ${exact}${path}`, facts);
    if (decision.verdict === "allow") return undefined;
    const place = port === 443 || port === 80 ? host : exact;
    const asked = facts.isListed
      ? await this.#ask("egress.connect", exact, decision)
      : await this.#askAboutHost(place, decision);
    const allow = `nanoclaw groups egress allow ${group.name} ${place}`;
    const fix = facts.isListed
      ? `If asking there tells nobody anything: ${allow} --read-only / · Or begin anew: /new, and nanoclaw policy clear-taint ${group.name}`
      : `Allow it: ${allow}`;
    // Whoever is asked has been told.
    if (asked === undefined) await this.#tell(place, `Not let out to ${place}. ${decision.reason} ${fix}`);
    return `${decision.reason} ${asked ?? fix}`;
  }

  async #ask(action: SendAction, place: string, decision: Refusing): Promise<string | undefined> {
    if (decision.verdict !== "ask" || this.party === undefined) return undefined;
    const { askToSend } = await import("./egress-consent.ts");
    return await askToSend(place, action, decision, this.#options, this.party);
  }

  async #askAboutHost(place: string, decision: Refusing): Promise<string | undefined> {
    // A right that is not there is not asked for, only a host.
    if (decision.rule !== "egress-not-listed" || this.party === undefined) return undefined;
    if (await this.#isOff()) return undefined;
    const { askAboutHost } = await import("./egress-consent.ts");
    return await askAboutHost(place, decision, this.#options, this.party);
  }

  /** The decision, and that something came in by it, are on disk before anything is looked up. */
  async #decide(action: SendAction, place: string, name: string, egress: EgressFacts): Promise<Decision> {
    const { store, clock, group } = this.#options;
    // Before the transaction, which waits for nothing but itself.
    const { findSendConsent } = await import("./egress-consent.ts");
    const decision = await store.database.transaction(async (tx) => {
      const question = {
        actor: this.#agent,
        action,
        object: { group: group.name, name: name.slice(0, 300), egress },
        taint: await this.#readTaint(tx),
      };
      let made = await decideIn(tx, question, clock.now());
      if (made.verdict === "ask") {
        const consent = await findSendConsent(tx, group, action, place, this.party);
        const object = { ...question.object, ...(consent === undefined ? {} : { consent }) };
        if (consent !== undefined) made = await decideIn(tx, { ...question, object }, clock.now());
      }
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

type Refusing = Exclude<Decision, { verdict: "allow" }>;

/** With its base: a grant of that name that leads elsewhere is another place. */
function toGrantPlace({ name, base }: Pick<Grant, "name" | "base">): string {
  return `grant ${name} (${base})`;
}
