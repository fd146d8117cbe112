import type { Group } from "../store/groups.ts";
import type { GroupId } from "../store/ids.ts";
import type { GroupConversation } from "../turns/group-conversation.ts";

/** The conversations that answer chats, one for each group that was spoken to. */
export class Conversations implements AsyncDisposable {
  readonly #open: (group: Group) => Promise<GroupConversation>;
  readonly #opened = new Map<GroupId, { readonly generation: number; readonly it: GroupConversation }>();
  #generation = 0;

  constructor(open: (group: Group) => Promise<GroupConversation>) {
    this.#open = open;
  }

  /** Asked at the beginning of a turn of the group, when no other runs there. */
  async get(group: Group): Promise<GroupConversation> {
    const known = this.#opened.get(group.id);
    // What runs in the background outlives a change of the configuration.
    const isSame = known?.it.group === group.name;
    if (
      known !== undefined &&
      isSame &&
      (known.generation === this.#generation || known.it.runningJobs > 0)
    ) {
      return known.it;
    }
    this.#opened.delete(group.id);
    await known?.it[Symbol.asyncDispose]();
    const generation = this.#generation;
    const it = await this.#open(group);
    this.#opened.set(group.id, { generation, it });
    return it;
  }

  /** Each is opened anew at its next turn: with the configuration as it is then. */
  refresh(): void {
    this.#generation++;
  }

  /** Ends what runs in groups that are no longer called as they were when they were opened, or have ended. */
  async keepOnly(groups: readonly Group[]): Promise<void> {
    const names = new Map(groups.map(({ id, name }) => [id, name]));
    const gone = [...this.#opened].filter(([id, { it }]) => names.get(id) !== it.group);
    for (const [id] of gone) this.#opened.delete(id);
    await Promise.all(gone.map(([, { it }]) => it[Symbol.asyncDispose]()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#opened.values()];
    this.#opened.clear();
    await Promise.all(all.map(({ it }) => it[Symbol.asyncDispose]()));
  }
}
