import { createTerminalOwner } from "../../src/authority/actor.ts";
import { parseTaintBits, toTaintBits, type Taint } from "../../src/authority/taint.ts";
import { systemClock } from "../../src/clock.ts";
import type { DialGuard } from "../../src/egress/dial.ts";
import { parseEgressRule } from "../../src/egress/policy.ts";
import type { EgressLimits, ServeGrant } from "../../src/egress/proxy.ts";
import { GroupEgress } from "../../src/turns/group-egress.ts";
import { TurnTaint } from "../../src/turns/turn-taint.ts";
import { createLog } from "../../src/log.ts";
import { listEgressRows } from "../../src/store/audit-rows.ts";
import { saveEgressRule } from "../../src/store/egress-rules.ts";
import { addGroup, addGroupTaint, getGroup } from "../../src/store/groups.ts";
import type { Store } from "../../src/store/store.ts";
import { toWireHandler } from "../../src/wire.ts";
import { openTemporaryStore } from "./temporary-store.ts";

export interface EgressBenchOptions {
  /** As the owner types them. */
  readonly hosts?: readonly string[];
  readonly readOnly?: readonly string[];
  readonly guard?: Omit<DialGuard, "allow">;
  readonly limits?: Partial<EgressLimits>;
  readonly serveGrant?: ServeGrant;
}

/** Everything on this machine is the open internet, and every name is this machine: tests have only servers on loopback. */
export const loopbackIsOutside: Omit<DialGuard, "allow"> = {
  allowsAddress: () => true,
  lookup: () => Promise.resolve(["127.0.0.1"]),
};

/** A group's way out as it is, on a real store; what connects to its port comes from inside the group's sandbox. */
export class EgressBench implements AsyncDisposable {
  readonly store: Store;
  readonly egress: GroupEgress;
  readonly notices: string[] = [];
  readonly taint: TurnTaint;
  readonly group = "family";
  /** The names that were looked up. */
  readonly lookups: string[] = [];
  readonly #listener;

  static async open(options: EgressBenchOptions = {}): Promise<EgressBench> {
    const store = await openTemporaryStore();
    await store.database.transaction(async (tx) => {
      const { id } = await addGroup(tx, { name: "family", now: 1 });
      for (const host of options.hosts ?? []) {
        const rule = parseEgressRule(host, options.readOnly);
        const readOnly = JSON.stringify(rule.readOnly);
        await saveEgressRule(tx, id, { host: rule.host, port: rule.port, readOnly, now: 1 });
      }
    });
    const group = await getGroup(store.database, "family");
    return new EgressBench(store, options, (egress) => ({
      ...{ store, group, egress, clock: systemClock },
      actor: createTerminalOwner(1000, group.name),
      log: createLog({ level: "silent", now: () => 0, write: () => {} }),
    }));
  }

  private constructor(
    store: Store,
    { guard = loopbackIsOutside, limits = {}, serveGrant }: EgressBenchOptions,
    toOptions: (
      egress: NonNullable<ConstructorParameters<typeof GroupEgress>[0]["egress"]>,
    ) => ConstructorParameters<typeof GroupEgress>[0],
  ) {
    this.store = store;
    this.taint = new TurnTaint();
    const lookup = async (host: string): Promise<readonly string[]> => {
      this.lookups.push(host);
      return (await guard.lookup?.(host)) ?? [];
    };
    this.egress = new GroupEgress(
      toOptions({
        guard: { ...guard, lookup },
        limits,
        ...(serveGrant === undefined ? {} : { serveGrant }),
      }),
    );
    this.egress.party = { taint: this.taint, notice: (text) => void this.notices.push(text) };
    this.#listener = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      allowHalfOpen: true,
      socket: toWireHandler((wire) => this.egress.accept(wire)),
    });
  }

  get port(): number {
    return this.#listener.port;
  }

  /** Sends these bytes, then `then` once something came back, and resolves with all that came. */
  async send(text: string, then = ""): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    let answer = "";
    const socket = await Bun.connect({
      hostname: "127.0.0.1",
      port: this.port,
      socket: {
        data(one, bytes) {
          if (answer === "" && then !== "") one.write(then);
          answer += bytes.toString("latin1");
        },
        end: (one) => void one.end(),
        close: () => resolve(answer),
        error: () => resolve(answer),
      },
    });
    socket.write(Buffer.from(text, "latin1"));
    return await promise;
  }

  /** The first line of the answer, without its version. */
  async status(text: string, then = ""): Promise<string> {
    return (await this.send(text, then)).split("\r\n")[0]?.slice(9) ?? "";
  }

  /** The group's folder is as if this had happened. */
  async stain(taint: Taint): Promise<void> {
    const { id } = await getGroup(this.store.database, this.group);
    await this.store.database.transaction((tx) => addGroupTaint(tx, id, toTaintBits(taint)));
  }

  async folderTaint(): Promise<Taint> {
    return parseTaintBits((await getGroup(this.store.database, this.group)).taint);
  }

  /** What stands on record: `allow CONNECT example.com:443`. */
  async record(): Promise<string[]> {
    const rows = await listEgressRows(this.store.database, this.group, 0, 100);
    return rows.map(({ verdict, object }) => `${verdict} ${object}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.stop(true);
    await this.egress[Symbol.asyncDispose]();
    await this.store[Symbol.asyncDispose]();
  }
}

export interface Outside extends Disposable {
  readonly port: number;
  /** What it was sent, byte for byte. */
  readonly heard: readonly string[];
  readonly connections: number;
}

/** An HTTP server somewhere outside, with the same answer to everyone. */
export function startOutside(answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"): Outside {
  const heard: string[] = [];
  let connections = 0;
  const listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open() {
        connections++;
      },
      data(socket, bytes) {
        heard.push(bytes.toString("latin1"));
        if (bytes.includes("\r\n\r\n")) socket.end(answer);
      },
    },
  });
  return {
    port: listener.port,
    heard,
    get connections() {
      return connections;
    },
    [Symbol.dispose]: () => listener.stop(true),
  };
}
