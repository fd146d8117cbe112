/** All that can be asked of `authorize()`. A new surface adds its actions here and its rows to the table. */
export const actions = [
  "message.write",
  "chat.bind",
  "chat.settle",
  "chat.read",
  "chat.write",
  "chat.help",
  "chat.identify",
  "chat.status",
  "messages.list",
  "messages.redrive",
  "gateway.serve",
  "gateway.read",
  "control.call",
  "turn.start",
  "turn.stop",
  "turn.join",
  "turn.replace",
  "session.new",
  "session.list",
  "session.read",
  "session.resume",
  "session.name",
  "session.compact",
  "usage.read",
  "tools.list",
  "folder.share",
  "mounts.list",
  "mounts.change",
  "model.choose",
  "models.list",
  "people.list",
  "people.change",
  "people.pair",
  "people.redeem",
  "groups.list",
  "groups.add",
  "group.rename",
  "group.remove",
  "group.set",
  "group.instruct",
  "instructions.everywhere",
  "chat.unbind",
  "chats.list",
  "chat.say",
  "chat.say-elsewhere",
  "diagnosis.read",
  "config.read",
  "config.write",
  "secret.write",
  "status.read",
  "audit.read",
  "sandbox.probe",
  "plugins.list",
  "plugins.change",
  "backup.make",
  "backup.restore",
  "service.change",
  "files.read",
  "files.write",
  "files.restore",
  "files.receive",
  "command.run",
  "job.control",
  "mail.search",
  "mail.read",
  "web.search",
  "web.read",
  "web.fetch",
  "memory.read",
  "memory.write",
  "memory.instruct",
  "memory.forget",
  "memory.review",
  "task.list",
  "task.add",
  "task.change",
  "task.elsewhere",
  "task.grant",
  "egress.connect",
  "egress.read",
  "egress.change",
  "approval.read",
  "approval.decide",
  "policy.read",
  "policy.change",
  "taint.clear",
  "secret.list",
  "secret.grant",
  "secret.use",
  "secret.send",
] as const;

export type Action = (typeof actions)[number];

/** What an action is done to. The group is always named: an object without one belongs to the whole installation. */
export interface ActionObject {
  readonly group?: string;
  /** A short, secret-free name for the audit log: a path inside, a command's first line, a setting. */
  readonly name: string;
  /** Only of `egress.connect` and `secret.use`, which are refused without it. */
  readonly egress?: EgressFacts;
  /** Only of `people.redeem`, which is refused without it. */
  readonly pairing?: PairingFacts;
  /** The owner's, for exactly this. Found by who compared what it is for with what is about to happen; never by text. */
  readonly consent?: Consent;
}

/** What is known of a code that somebody sent. */
export interface PairingFacts {
  /** It is one that the owner had printed, and it has not been used. */
  readonly isLive: boolean;
  /** Nobody else reads where it was sent. */
  readonly isPrivate: boolean;
}

/** His yes to one request, a permission that he gave for good, or what he allowed the runs of a task. */
export interface Consent {
  readonly by: "approval" | "permission" | "task";
  readonly id: number;
}

/** What the owner's list of hosts says about a connection to the outside. */
export interface EgressFacts {
  readonly isListed: boolean;
  /** It says nothing to anyone: the owner listed it as reading. */
  readonly isRead: boolean;
}
