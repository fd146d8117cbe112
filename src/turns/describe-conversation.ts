import type { SandboxMount, SandboxProbe } from "../sandbox/sandbox.ts";
import { countEntries } from "../store/entries.ts";
import type { Group } from "../store/groups.ts";
import type { Session } from "../store/sessions.ts";
import type { Store } from "../store/store.ts";
import { sumUsage } from "../store/usage.ts";
import type { ConversationStatus } from "./conversation.ts";
import type { ModelInUse } from "./model-in-use.ts";

interface DescribedPlace {
  readonly store: Store;
  readonly group: Group;
  readonly mounts: readonly SandboxMount[];
  readonly probeSandbox: (signal: AbortSignal) => Promise<SandboxProbe & { readonly name: string }>;
}

/** How a conversation is; the sandbox is tried for real. */
export async function describeConversation(
  { store, group, mounts, probeSandbox }: DescribedPlace,
  session: Session,
  { model, label }: ModelInUse,
): Promise<ConversationStatus> {
  const [entries, usage, sandbox] = await Promise.all([
    countEntries(store.database, session.id),
    sumUsage(store.database, session.id),
    probeSandbox(new AbortController().signal),
  ]);
  return {
    group: group.name,
    session: session.name ?? String(session.id),
    model,
    provider: label,
    entries,
    usage,
    sandbox: sandbox.isAvailable ? sandbox.name : `${sandbox.reason} ${sandbox.remedy}`,
    sharedFolders: mounts.map(({ source, canWrite }) => ({ path: source, canWrite })),
  };
}
