import { toCanonicalJson } from "../approvals/canonical-json.ts";
import { hashBytes } from "../approvals/hash-request.ts";
import type { Task } from "../store/tasks.ts";

/** Over what a task does, when, and for whom. What is not in here may change without the owner being asked anew. */
export function hashTaskPlan(task: Task): string {
  const { group, prompt, script, kind, rule, zone, context, chat, isDelivered, mayMakeTasks, creator } = task;
  const when = { kind, rule, zone: zone ?? null };
  const whom = { creator: { ...creator, person: creator.person ?? null }, chat: chat ?? null, isDelivered };
  return hashBytes(
    toCanonicalJson({ group, prompt, script: script ?? null, context, mayMakeTasks, ...when, ...whom }),
  );
}
