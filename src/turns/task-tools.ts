import { parseTaintBits, toTaintBits } from "../authority/taint.ts";
import type { Clock } from "../clock.ts";
import { createTaskTool, type TaskCaller } from "../scheduler/task-tool.ts";
import type { Group } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import type { MoreTools } from "./session-tools.ts";
import type { TurnParty } from "./turn-party.ts";

export interface GroupTaskToolsOptions {
  readonly store: Store;
  readonly group: Group;
  readonly clock: Clock;
  /** This machine's zone, where it is known. */
  readonly zone: string | undefined;
  /** The gateway's own conversations tell its scheduler; others have none to tell. */
  readonly changed?: () => void;
}

/** The tool that makes and changes the group's tasks, for whoever's turn it is. */
export function createGroupTaskTools({ zone, changed, ...place }: GroupTaskToolsOptions): MoreTools {
  // What reads calendars costs milliseconds, of which no first answer has any.
  const load = async () => {
    const [serving, { TaskZones }, showing] = await Promise.all([
      import("../scheduler/serve-task-call.ts"),
      import("../scheduler/task-zone.ts"),
      import("./show-grants.ts"),
    ]);
    return { ...serving, ...showing, zones: new TaskZones(zone) };
  };
  return (party) => [
    createTaskTool({
      group: place.group,
      caller: () => toTaskCaller(party()),
      serve: async (input, caller, grants) => {
        const { serveTaskCall, zones } = await load();
        const saw = (taint: number): void => party().taint.add(parseTaintBits(taint));
        const desk = { ...place, zones, saw, changed: changed ?? (() => {}) };
        return await serveTaskCall(input, caller, grants, desk);
      },
      findGrants: async (input, caller) => {
        const { checkTaskCall, zones, findShownGrants } = await load();
        await checkTaskCall(input, caller, { ...place, zones });
        return await findShownGrants(input, caller, place);
      },
    }),
  ];
}

/** The person whose turn it is, or whoever made the task that runs. Nobody else has a right. */
function toTaskCaller({ actor, taint, chats, task }: TurnParty): TaskCaller {
  const common = { taint: toTaintBits(taint.current), mayMakeTasks: task?.mayMakeTasks ?? false };
  if (task !== undefined) {
    return { ...common, creator: { ...task.creator, isAgent: true }, chat: task.chat, isTask: true };
  }
  const [chat, message] = [...(chats?.() ?? [])].at(-1) ?? [];
  const isOwner = (actor?.kind === "agent" ? actor.behalf : actor?.kind) === "owner";
  const creator = { kind: isOwner ? "owner" : "member", person: message?.person, isAgent: true } as const;
  return { ...common, creator, chat, isTask: false };
}
