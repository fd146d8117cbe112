import type { Action, ActionObject } from "./actions.ts";
import type { Actor, ActorKind } from "./actor.ts";
import type { Decision } from "./decision.ts";
import type { Taint } from "./taint.ts";
import type { Level } from "../store/group-level.ts";
import { mainGroup } from "../store/groups.ts";

/**
 * `any`: every group and the whole installation. `main`: likewise, who belongs to main; others their own group. `own`: the
 * actor's own group. `admin`: every group and the whole installation, who belongs to main; nobody else. `no`: never.
 */
type Right = "any" | "main" | "admin" | "own" | "no";

/** What is done in a `group` must name it; what is done to the `whole` installation need not. */
interface Rights extends Readonly<Record<ActorKind, Right>> {
  readonly in: "group" | "whole";
}

/** Who may do what: all of it. What is not written here is denied. */
// oxfmt-ignore
const table: Readonly<Record<Action, Rights>> = {
  "message.write":   { in: "group", owner: "any", member: "own", stranger: "no", agent: "no" },
  "chat.bind":       { in: "group", owner: "any", member: "no", stranger: "no", agent: "admin" },
  // A private chat of somebody whom the owner lets write gets a group of its own.
  "chat.settle":     { in: "group", owner: "any", member: "own", stranger: "no", agent: "no" },
  "chat.read":       { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "chat.write":      { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "chat.help":       { in: "group", owner: "any", member: "own", stranger: "no", agent: "no" },
  "chat.identify":   { in: "group", owner: "any", member: "own", stranger: "no", agent: "no" },
  "chat.status":     { in: "group", owner: "any", member: "own", stranger: "no", agent: "no" },
  "messages.list":   { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "messages.redrive":{ in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "gateway.serve":   { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "gateway.read":    { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "control.call":    { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "turn.start":      { in: "group", owner: "any", member: "own", stranger: "no", agent: "no" },
  "turn.stop":       { in: "group", owner: "any", member: "own", stranger: "no", agent: "no" },
  "turn.join":       { in: "group", owner: "any", member: "own", stranger: "no", agent: "no" },
  "turn.replace":    { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "session.new":     { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "session.list":    { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "session.read":    { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "session.resume":  { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "session.name":    { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "session.compact": { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "usage.read":      { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "tools.list":      { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "folder.share":    { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "mounts.list":     { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "mounts.change":   { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "model.choose":    { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "models.list":     { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "people.list":     { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "people.change":   { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "people.pair":     { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  // By a code of the owner's: see checkPairing.
  "people.redeem":   { in: "whole", owner: "any", member: "any", stranger: "any", agent: "no" },
  "groups.list":     { in: "whole", owner: "any", member: "no", stranger: "no", agent: "admin" },
  "groups.add":      { in: "whole", owner: "any", member: "no", stranger: "no", agent: "admin" },
  "group.rename":    { in: "group", owner: "any", member: "no", stranger: "no", agent: "admin" },
  "group.remove":    { in: "group", owner: "any", member: "no", stranger: "no", agent: "admin" },
  "group.set":       { in: "group", owner: "any", member: "no", stranger: "no", agent: "main" },
  "group.instruct":  { in: "group", owner: "any", member: "no", stranger: "no", agent: "main" },
  "instructions.everywhere": { in: "whole", owner: "any", member: "no", stranger: "no", agent: "admin" },
  "chat.unbind":     { in: "group", owner: "any", member: "no", stranger: "no", agent: "admin" },
  "chats.list":      { in: "whole", owner: "any", member: "no", stranger: "no", agent: "admin" },
  "chat.say":        { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "chat.say-elsewhere": { in: "group", owner: "any", member: "no", stranger: "no", agent: "main" },
  "diagnosis.read":  { in: "whole", owner: "any", member: "no", stranger: "no", agent: "admin" },
  "config.read":     { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "config.write":    { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "secret.write":    { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "status.read":     { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "audit.read":      { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "sandbox.probe":   { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "plugins.list":    { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "plugins.change":  { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "backup.make":     { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "backup.restore":  { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "service.change":  { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "files.read":      { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "files.write":     { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "files.restore":   { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "files.receive":   { in: "group", owner: "any", member: "own", stranger: "no", agent: "no" },
  "command.run":     { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "job.control":     { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "mail.search":     { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "mail.read":       { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "web.search":      { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "web.read":        { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "web.fetch":       { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "memory.read":     { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "memory.write":    { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "memory.instruct": { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "memory.forget":   { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "memory.review":   { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "task.list":       { in: "group", owner: "any", member: "no", stranger: "no", agent: "main" },
  "task.add":        { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "task.change":     { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "task.elsewhere":  { in: "group", owner: "any", member: "no", stranger: "no", agent: "main" },
  "task.grant":      { in: "group", owner: "any", member: "no", stranger: "no", agent: "main" },
  "egress.connect":  { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "egress.read":     { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "egress.change":   { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "approval.read":   { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "approval.decide": { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "policy.read":     { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "policy.change":   { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "taint.clear":     { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "secret.list":     { in: "whole", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "secret.grant":    { in: "group", owner: "any", member: "no", stranger: "no", agent: "no"  },
  "secret.use":      { in: "group", owner: "any", member: "no", stranger: "no", agent: "own" },
  "secret.send":     { in: "group", owner: "no", member: "no", stranger: "no", agent: "no"   },
};

/**
 * What an assistant's action does beyond the right to it. Of those in none of these lists nothing leaves the group's own
 * sandbox, and nothing in it changes.
 */
type Effect = "change" | "send" | "govern" | "instruct" | "last" | "later";

/** In its own sandbox, and of what runs there later. */
const changing: readonly Action[] = ["files.write", "command.run", "task.add", "task.change"];

/** What leaves this machine for a place of the sandbox's choice. */
const outside: readonly Action[] = ["egress.connect", "secret.use"];

/** Words of the assistant's own choice on their way to a search or into an address that nobody named. */
const asking: readonly Action[] = ["web.search", "web.fetch"];

/** What an agent changes of rights, of instructions or of another group: a stranger may have asked for it. */
const governing: readonly Action[] = [
  "groups.add",
  "group.rename",
  "group.set",
  "chat.bind",
  "chat.unbind",
  "chat.say-elsewhere",
  "task.elsewhere",
  "memory.forget",
];

/** What is told to an assistant before every conversation: it is shown to the owner as a change, and he says yes. */
const instructing: readonly Action[] = ["memory.instruct", "group.instruct", "instructions.everywhere"];

/** What cannot be undone. */
const lasting: readonly Action[] = ["group.remove"];

/** What would hold when nobody is there to ask: the owner is asked while he is. */
const granting: readonly Action[] = ["task.grant"];

/** What an agent does for the owner only, though a member may ask it for other things. */
const ownersWord: readonly Action[] = [
  "groups.list",
  "groups.add",
  "group.rename",
  "group.remove",
  "group.set",
  "group.instruct",
  "instructions.everywhere",
  "chat.bind",
  "chat.unbind",
  "chats.list",
  "diagnosis.read",
  "task.elsewhere",
];

/** `untrusted`: what strangers wrote was seen. `leaking`: that, and private data was read. */
export type When = "always" | "untrusted" | "leaking" | "never";

/** When what a group's assistant does waits for the owner's yes. */
// oxfmt-ignore
export const levels: Readonly<Record<Level, Readonly<Record<Effect, When>>>> = {
  locked:  { change: "always", send: "always",  govern: "always",    instruct: "always",    last: "always", later: "always" },
  careful: { change: "never",  send: "leaking", govern: "untrusted", instruct: "always",    last: "always", later: "always" },
  trusted: { change: "never",  send: "never",   govern: "untrusted", instruct: "untrusted", last: "always", later: "always" },
};

/**
 * Decides; has no effect and reads nothing else. Missing, unknown or contradictory information is a no. First the right,
 * then whether its effect waits for the owner; a consent of his answers that question, and never makes a right.
 */
export function authorize(
  actor: Actor,
  action: Action,
  object: ActionObject,
  taint: Taint,
  level: Level = "careful",
): Decision {
  const decision = findRight(actor, action, object);
  if (decision.verdict !== "allow") return decision;
  if (action === "people.redeem") return checkPairing(actor, object, decision);
  if (actor.kind === "agent" && ownersWord.includes(action) && actor.behalf !== "owner") {
    return deny("agent-for-member", "Only the owner may have this done.");
  }
  const { egress, consent } = object;
  if (outside.includes(action)) {
    if (egress?.isListed !== true) return deny("egress-not-listed", "The owner has not allowed this host.");
    if (egress.isRead) return { verdict: "allow", rule: "egress-read" };
  }
  const question = findQuestion(actor, action, taint, level);
  if (question === undefined) {
    return outside.includes(action) ? { verdict: "allow", rule: "egress-listed" } : decision;
  }
  return consent === undefined ? question : { verdict: "allow", rule: `consent-${consent.by}` };
}

/** What the owner has to be asked, if anything. */
function findQuestion(
  { kind }: Actor,
  action: Action,
  { sawUntrusted, readPrivate }: Taint,
  level: Level,
): Decision | undefined {
  const effect = findEffect(action);
  // What a person does himself is his own; what leaves a sandbox is never known to be his.
  if (effect === undefined || (kind !== "agent" && !outside.includes(action))) return undefined;
  const when: When = Object.hasOwn(levels, level) ? levels[level][effect] : "always";
  switch (when) {
    case "never":
      return undefined;
    case "always":
      if (effect === "last")
        return ask("cannot-be-undone", "This cannot be undone: the owner says yes first.");
      if (effect === "instruct")
        return ask(
          "instruct-shown",
          "What holds in every conversation changes by the owner's yes to the change.",
        );
      if (effect === "later") {
        return ask(
          "task-unattended",
          "Its runs would do this with nobody there to ask: the owner says yes to it now.",
        );
      }
      return ask(
        `${effect}-locked`,
        "This group is locked: it does nothing but read without the owner's yes.",
      );
    case "untrusted":
      return sawUntrusted
        ? ask(
            "governing-tainted",
            "Content from strangers was seen here: only the owner may say yes to such a change.",
          )
        : undefined;
    case "leaking":
      return sawUntrusted && readPrivate
        ? ask(
            "egress-tainted",
            "Private data was read here and content from strangers was seen: only the owner may send on from here.",
          )
        : undefined;
    default:
      return when satisfies never;
  }
}

function findEffect(action: Action): Effect | undefined {
  if (outside.includes(action) || asking.includes(action)) return "send";
  if (lasting.includes(action)) return "last";
  if (instructing.includes(action)) return "instruct";
  if (granting.includes(action)) return "later";
  if (governing.includes(action)) return "govern";
  return changing.includes(action) ? "change" : undefined;
}

/** A code is as good as its owner's yes: where the sender is proven, and where nobody else can have read it. */
function checkPairing(actor: Actor, { pairing }: ActionObject, decision: Decision): Decision {
  if (pairing?.isLive !== true) return deny("pairing-no-code", "This is no code, or none any more.");
  if (!pairing.isPrivate) return deny("pairing-not-private", "A code counts only in a private chat.");
  if (isProvenSender(actor)) return decision;
  return deny("pairing-not-proven", "A code counts only on a channel that proves who sends.");
}

function ask(rule: string, reason: string): Decision {
  return { verdict: "ask", rule, reason };
}

function findRight(actor: Actor, action: Action, object: ActionObject): Decision {
  const rights = Object.hasOwn(table, action) ? table[action] : undefined;
  if (rights === undefined) return deny("unknown-action", "Nothing is known of this action.");
  if (!Object.hasOwn(noRight, actor.kind))
    return deny("unknown-actor", "Nothing is known of this kind of actor.");
  const right = rights[actor.kind];
  const rule = `${action}/${actor.kind}=${right}`;
  const impostor = checkActor(actor);
  if (impostor !== undefined) return impostor;
  if (right === "no") return deny(rule, rights.owner === "no" ? noRight.owner : noRight[actor.kind]);
  if (rights.in === "group" && !isNamed(object.group)) {
    return deny("missing-group", "It is not said in which group.");
  }
  if (right === "any") return { verdict: "allow", rule };
  const isAdministrator = actor.group === mainGroup;
  if (isAdministrator && (right === "main" || right === "admin")) return { verdict: "allow", rule };
  if (right === "admin") return deny("only-main", "Only main's assistant may do this.");
  if (!isNamed(actor.group)) return deny("missing-group", "It is not said for which group.");
  if (actor.group !== object.group) return deny("other-group", "This belongs to another group.");
  return { verdict: "allow", rule };
}

const noRight: Readonly<Record<ActorKind, string>> = {
  owner: "Nobody may do this.",
  member: "Only the owner may do this.",
  stranger: "Strangers may do nothing here.",
  agent: "The assistant may not do this; the owner can.",
};

/** A reason to refuse the actor whatever it asks for. */
function checkActor(actor: Actor): Decision | undefined {
  if (actor.kind === "owner" && !isProvenSender(actor)) {
    return deny(
      "owner-not-proven",
      "The owner is known only at the terminal, or where the sender is proven.",
    );
  }
  if (actor.kind !== "agent") return undefined;
  if (actor.behalf === "owner" || actor.behalf === "member") return undefined;
  if (actor.behalf === "stranger")
    return deny("agent-for-stranger", "The assistant does nothing for strangers.");
  return deny("agent-for-nobody", "It is not said for whom the assistant works.");
}

/** A sender's address in a mail proves nothing, whatever the channel claims. */
function isProvenSender({ via, isProven }: Actor): boolean {
  return via === "terminal" || (isProven === true && !via.startsWith("email:"));
}

function isNamed(group: string | undefined): boolean {
  return typeof group === "string" && group !== "";
}

function deny(rule: string, reason: string): Decision {
  return { verdict: "deny", rule, reason };
}
