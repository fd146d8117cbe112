import { freezeGrants, parseGrants, type ShownGrant } from "../approvals/frozen-grants.ts";
import type { ChatId } from "../store/ids.ts";
import type { TaskGrant } from "../store/task-grants.ts";
import type { Group } from "../store/groups.ts";
import type { TaskCreator } from "../store/tasks.ts";
import { missedPolicies, overlapPolicies, taskContexts } from "../store/tasks.ts";
import { defineTool, type Infer, type ObjectSchema } from "../tools/schema.ts";
import type { Tool } from "../tools/tool.ts";
import { toVisibleLine } from "../tools/visible.ts";

const input = {
  type: "object",
  properties: {
    action: {
      type: "string",
      enum: ["add", "list", "show", "update", "pause", "resume", "cancel", "run", "log"],
    },
    id: { type: "integer", minimum: 1 },
    prompt: { type: "string", description: "what to do then, complete: the run sees nothing of this talk" },
    name: { type: "string" },
    cron: { type: "string", description: "5 fields, or 6 with seconds first" },
    every: { type: "string", description: "30m, 2h" },
    in: { type: "string", description: "once, from now: 20m" },
    at: { type: "string", description: "once: 2027-03-01T09:00, local" },
    zone: { type: "string", description: "Europe/Berlin" },
    context: { type: "string", enum: taskContexts },
    script: {
      type: "string",
      description: 'bash, first; last line {"wake":false} skips the model, other output is handed to it',
    },
    missed: { type: "string", enum: missedPolicies },
    overlap: { type: "string", enum: overlapPolicies },
    group: { type: "string", description: "another group; main only" },
    needs: {
      type: "object",
      description: "what its runs use, when nobody is there to ask; the owner is asked once, now",
      properties: {
        hosts: { type: "array", items: { type: "string" } },
        chats: { type: "array", items: { type: "string" }, description: "other chats it sends to" },
        search: { type: "boolean", description: "web_search" },
        files: { type: "boolean", description: "in a locked group" },
      },
    },
  },
  required: ["action"],
} as const satisfies ObjectSchema;

export type TaskInput = Infer<typeof input>;

/** For whom a call is, just now. */
export interface TaskCaller {
  readonly creator: TaskCreator;
  /** As bits. */
  readonly taint: number;
  readonly chat: ChatId | undefined;
  /** A task's own run, which makes others only if it may. */
  readonly isTask: boolean;
  readonly mayMakeTasks: boolean;
}

export interface TaskToolOptions {
  readonly group: Group;
  readonly caller: () => TaskCaller;
  /** Does it; the words for the model. Loaded at the first call. */
  readonly serve: (
    input: TaskInput,
    caller: TaskCaller,
    grants: readonly TaskGrant[] | undefined,
  ) => Promise<string>;
  /** What a call that adds or changes would have the owner allow; throws what would keep it from being done at all. */
  readonly findGrants: (input: TaskInput, caller: TaskCaller) => Promise<readonly ShownGrant[]>;
}

/** Work for later: made, looked at and changed by the assistant, with the rights of whom it works for. */
export function createTaskTool({ group, caller, serve, findGrants }: TaskToolOptions): Tool {
  return defineTool({
    name: "task",
    description:
      "Reminders and recurring work; the answer is what is really stored. A run is a fresh turn whose answer goes to this chat.",
    input,
    effect: "write",
    action: async (given) => {
      const { action, group: other } = given;
      if (action === "list" || action === "show" || action === "log") {
        return { action: "task.list", ...(other === undefined ? {} : { group: other }) };
      }
      if (hasNeeds(given) && (await findGrants(given, caller())).length > 0) {
        return { action: "task.grant", ...(other === undefined ? {} : { group: other }) };
      }
      if (other !== undefined && other !== group.name) return { action: "task.elsewhere", group: other };
      return { action: action === "add" ? "task.add" : "task.change" };
    },
    title: ({ action, id, name, prompt }) =>
      toVisibleLine(`task ${[action, id, name ?? prompt].filter(isWord).join(" ")}`, 80),
    // What a word of it means now is what the owner is shown, and what he allows.
    freeze: async (given) => freezeGrants(await findGrants(given, caller())),
    execute: async (given, { outgoing }) => {
      const grants = parseGrants(outgoing) ?? (hasNeeds(given) ? [] : undefined);
      return { content: await serve(given, caller(), grants) };
    },
  });
}

function hasNeeds({ action, needs }: TaskInput): boolean {
  return needs !== undefined && (action === "add" || action === "update");
}

function isWord(part: unknown): part is string | number {
  return typeof part === "string" || typeof part === "number";
}
