import type { BinaryNode } from "baileys";

/**
 * How the server gives a message: once; the same bytes twice; encrypted anew under the same id, as after a device that could not
 * read it; or once more at the next connection, though it has a receipt.
 */
export type Giving = "once" | "twice" | "anew" | "again-later";

interface Kept {
  readonly id: string;
  readonly node: BinaryNode;
  readonly done: () => void;
}

/** What the server keeps for the device until it has given a receipt. */
export class Post {
  decide: () => Giving = () => "once";
  readonly #kept: Kept[] = [];
  readonly #repeated: BinaryNode[] = [];
  readonly #anew = new Map<string, () => Promise<BinaryNode>>();

  get unreceived(): number {
    return this.#kept.length;
  }

  /** Resolves when the device has given a receipt for it. */
  async give(
    node: BinaryNode,
    anew: () => Promise<BinaryNode>,
    send: (node: BinaryNode) => void,
  ): Promise<void> {
    const id = node.attrs["id"] ?? "";
    const received = Promise.withResolvers<void>();
    this.#kept.push({ id, node, done: received.resolve });
    this.#anew.set(id, anew);
    send(node);
    const giving = this.decide();
    if (giving === "twice") send(node);
    if (giving === "anew") send(await anew());
    await received.promise;
    if (giving === "again-later") this.#repeated.push(await anew());
  }

  /** To a device that has just connected: in any order, as it was written or not. */
  giveKept(send: (node: BinaryNode) => void): void {
    const nodes = [...this.#repeated.splice(0), ...this.#kept.map(({ node }) => node)];
    for (const node of nodes) send({ ...node, attrs: { ...node.attrs, offline: "1" } });
    send({
      tag: "ib",
      attrs: { from: "s.whatsapp.net" },
      content: [{ tag: "offline", attrs: { count: String(nodes.length) } }],
    });
  }

  /** The device could not read it: its writer's telephone encrypts it anew. */
  async findAnew(id: string): Promise<BinaryNode | undefined> {
    return await this.#anew.get(id)?.();
  }

  settle(id: string): void {
    const at = this.#kept.findIndex((each) => each.id === id);
    if (at === -1) return;
    const [kept] = this.#kept.splice(at, 1);
    kept?.done();
  }

  forget(): void {
    this.#kept.length = 0;
    this.#repeated.length = 0;
  }
}
