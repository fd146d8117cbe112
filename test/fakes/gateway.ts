import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits } from "../../src/agent/limits.ts";
import { createTerminalOwner } from "../../src/authority/actor.ts";
import { createAuthority } from "../../src/authority/authority.ts";
import { systemClock } from "../../src/clock.ts";
import { GroupConversation, type GroupConversationOptions } from "../../src/turns/group-conversation.ts";
import { silentLog } from "../../src/log.ts";
import type { Provider } from "../../src/providers/provider.ts";
import { createKeepFiles } from "../../src/snapshots/turn-snapshots.ts";
import { createUndoService } from "../../src/snapshots/undo-service.ts";
import { getGroup } from "../../src/store/groups.ts";
import { readOwnHolder } from "../../src/store/holder.ts";
import type { Store } from "../../src/store/store.ts";
import { createHostSandbox } from "./host-sandbox.ts";
import { loadAhead } from "./load-ahead.ts";
import { openReadyStore } from "./ready-database.ts";

/** A store in a folder of its own, and conversations over it: all real but the model and the sandbox. */
export interface GatewayBench extends AsyncDisposable {
  readonly folder: string;
  readonly store: Store;
  /** Where the commands of its conversations run. */
  readonly workspace: string;
  converse(provider: Provider, more?: Partial<GroupConversationOptions>): Promise<GroupConversation>;
}

export async function openGatewayBench(): Promise<GatewayBench> {
  await loadAhead();
  const folder = await mkdtemp(join(tmpdir(), "nanoclaw-gateway-"));
  const scope = new AsyncDisposableStack();
  scope.defer(() => rm(folder, { recursive: true, force: true }));
  const store = scope.use(await openReadyStore({ folder, clock: systemClock }, new AbortController().signal));
  const sandbox = scope.use(await createHostSandbox());
  return {
    folder,
    store,
    workspace: sandbox.paths.workspace,
    async converse(provider, more = {}) {
      const group = await getGroup(store.database, "main");
      const model = { provider, label: "Test", model: "test", maxTokens: 1000 };
      const authority = createAuthority({ database: store.database, clock: systemClock });
      const files = {
        database: store.database,
        group,
        folder: join(folder, "snapshots"),
        clock: systemClock,
      };
      const conversation = new GroupConversation({
        store,
        authority,
        clock: systemClock,
        holder: await readOwnHolder(),
        timeZone: { name: "UTC", offsetAt: () => 0 },
        actor: createTerminalOwner(0, group.name),
        group,
        folder,
        model,
        findModel: async () => model,
        limits: defaultLimits,
        mounts: [],
        isHereShared: false,
        paths: sandbox.paths,
        openSandbox: async () => ({
          paths: sandbox.paths,
          spawn: (argv, options) => sandbox.spawn(argv, options),
          [Symbol.asyncDispose]: async () => {},
        }),
        keepFiles: createKeepFiles({ ...files, mounts: [], log: silentLog }),
        openUndo: async (jobs) =>
          createUndoService({
            ...files,
            store,
            authority,
            actor: createTerminalOwner(0, group.name),
            holder: await readOwnHolder(),
            jobs,
            openSandbox: async () => ({
              paths: sandbox.paths,
              spawn: (argv, options) => sandbox.spawn(argv, options),
              [Symbol.asyncDispose]: async () => {},
            }),
            refuseShare: async () => undefined,
          }),
        probeSandbox: async () => ({ name: "host", isAvailable: true, facts: [], limits: [] }),
        sawUntrusted: false,
        currentFolder: folder,
        homeFolder: folder,
        log: silentLog,
        ...more,
      });
      return scope.use(conversation);
    },
    [Symbol.asyncDispose]: () => scope.disposeAsync(),
  };
}
