import type { Group } from "../store/groups.ts";
import type { GroupId } from "../store/ids.ts";
import type { GroupConversation } from "../turns/group-conversation.ts";
import type { TaskConversation } from "./task-turns.ts";

/** In a session of its own, by name; without one, in the group's current one. */
type OpenGroup = (group: Group, session?: string) => Promise<GroupConversation>;

/** The conversations that answer chats, one for each group that was spoken to. */
export class Conversations implements AsyncDisposable {
  readonly #open: OpenGroup;
  readonly #opened = new Map<GroupId, { readonly generation: number; readonly it: GroupConversation }>();
  #generation = 0;

  constructor(open: OpenGroup) {
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

  /** For one run: a session of its own has tools of its own, so that the background jobs of the group's talk go on. */
  async openTask(
    group: Group,
    session: string | undefined,
    model: string | undefined,
  ): Promise<TaskConversation> {
    const it = session === undefined ? await this.get(group) : await this.#open(group, session);
    await it.followModel(model);
    return {
      answer: (request, emit, signal) => it.answer(request, emit, signal),
      glimpse: (request, signal) => it.glimpse(request, signal),
      [Symbol.asyncDispose]: async () => {
        if (session !== undefined) await it[Symbol.asyncDispose]();
      },
    };
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
