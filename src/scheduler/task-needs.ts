import { toRuleName, parseEgressRule } from "../egress/policy.ts";
import { isOnOwnNetwork } from "../egress/own-network.ts";
import { AppError } from "../errors.ts";
import type { TaskGrant } from "../store/task-grants.ts";
import { egressWords } from "../words/english/egress.ts";
import { taskWords } from "../words/english/task.ts";

/** As somebody writes them. */
export interface TaskNeeds {
  readonly hosts?: readonly string[] | undefined;
  /** Other chats than the task's own, by title, number or group. */
  readonly chats?: readonly string[] | undefined;
  readonly search?: boolean | undefined;
  readonly files?: boolean | undefined;
}

const mostNeeds = 20;

/** What of it is asked of the owner. Throws `AppError("usage")` for what could never be, and whatever `findChat` throws. */
export async function toTaskGrants(
  { hosts = [], chats = [], search = false, files = false }: TaskNeeds,
  findChat: (word: string) => Promise<number>,
): Promise<readonly TaskGrant[]> {
  if (hosts.length + chats.length > mostNeeds) {
    throw new AppError("usage", taskWords.tooManyNeeds({ most: mostNeeds }));
  }
  const numbers = await Promise.all(chats.map(findChat));
  const grants: readonly TaskGrant[] = [
    ...hosts.map((host) => ({ kind: "host", value: toHost(host) }) as const),
    ...numbers.map((chat) => ({ kind: "chat", value: String(chat) }) as const),
    ...(search ? [{ kind: "search", value: "" } as const] : []),
    ...(files ? [{ kind: "files", value: "" } as const] : []),
  ];
  return [...new Map(grants.map((each) => [`${each.kind} ${each.value}`, each])).values()];
}

/** People and models write a whole address where a host is meant. */
function toHost(text: string): string {
  const address = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
  const rule = parseEgressRule(address === null ? text.trim() : address.host);
  if (isOnOwnNetwork(rule.host)) throw new AppError("usage", egressWords.notOnTheInternet({ host: text }));
  return toRuleName(rule);
}
