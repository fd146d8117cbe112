/**
 * Who acts. Made only by the transport that authenticated the person (the terminal, a channel, the scheduler),
 * never from text or from a tool's arguments.
 */
export interface Actor {
  readonly kind: ActorKind;
  /** How the actor reached us: `terminal`, `telegram:default`, `scheduler`, … */
  readonly via: string;
  /** Immutable id on that way in; the uid for the terminal. Never a display name. */
  readonly id: string;
  /** The group on whose behalf; absent for a command of the owner that concerns no group. */
  readonly group?: string;
  /** For an agent, the kind of the person whom its turn answers; absent means nobody, and no right. */
  readonly behalf?: PersonKind;
  /** The channel that the person came by proves who sends: only there is the owner known as such. */
  readonly isProven?: boolean;
}

/** `agent` is the model in a turn: it has at most the right of those whom the turn answers (`behalf`), and asks with them. */
export type ActorKind = PersonKind | "agent";

export type PersonKind = "owner" | "member" | "stranger";

/** The person at the terminal: any process with the owner's uid on this host is the owner. */
export function createTerminalOwner(uid: number, group?: string): Actor {
  const actor = { kind: "owner", via: "terminal", id: String(uid) } as const;
  return group === undefined ? actor : { ...actor, group };
}

/** Someone who wrote in a chat, of a group if it belongs to one. */
export function createChatActor(
  kind: PersonKind,
  from: { readonly channel: string; readonly account: string; readonly sender: string },
  group: string | undefined,
  isProven: boolean,
): Actor {
  const actor = { kind, via: `${from.channel}:${from.account}`, id: from.sender, isProven } as const;
  return group === undefined ? actor : { ...actor, group };
}

/** Whoever made a task, as far as he still has his right, when it runs. */
export function createTaskActor(kind: PersonKind, task: number, group: string): Actor {
  return { kind, via: "scheduler", id: `task ${task}`, group, isProven: true };
}

/** The model, working in `group` for `person`; an agent that starts another passes on whom it works for. */
export function createAgentActor(person: Actor, group: string): Actor {
  const actor = { kind: "agent", via: person.via, id: person.id, group } as const;
  const behalf = person.kind === "agent" ? person.behalf : person.kind;
  return behalf === undefined ? actor : { ...actor, behalf };
}
