declare const brand: unique symbol;

type Id<Name extends string> = number & { readonly [brand]: Name };

export type GroupId = Id<"group">;
export type SessionId = Id<"session">;
export type TurnId = Id<"turn">;
export type SnapshotId = Id<"snapshot">;
export type ChatId = Id<"chat">;
export type PersonId = Id<"person">;
export type MessageId = Id<"message">;
export type MemoryId = Id<"memory">;
export type ReplyId = Id<"reply">;
export type NoticeId = Id<"notice">;
export type ApprovalId = Id<"approval">;
export type TaskId = Id<"task">;
export type RunId = Id<"run">;

/** The one place where a number becomes an id: a row's key, or what a person typed. They throw for anything else. */
export const toGroupId: (value: unknown) => GroupId = createIdParser("group");
export const toSessionId: (value: unknown) => SessionId = createIdParser("session");
export const toTurnId: (value: unknown) => TurnId = createIdParser("turn");
export const toSnapshotId: (value: unknown) => SnapshotId = createIdParser("snapshot");
export const toChatId: (value: unknown) => ChatId = createIdParser("chat");
export const toPersonId: (value: unknown) => PersonId = createIdParser("person");
export const toMessageId: (value: unknown) => MessageId = createIdParser("message");
export const toMemoryId: (value: unknown) => MemoryId = createIdParser("memory");
export const toReplyId: (value: unknown) => ReplyId = createIdParser("reply");
export const toNoticeId: (value: unknown) => NoticeId = createIdParser("notice");
export const toApprovalId: (value: unknown) => ApprovalId = createIdParser("approval");
export const toTaskId: (value: unknown) => TaskId = createIdParser("task");
export const toRunId: (value: unknown) => RunId = createIdParser("run");

function createIdParser<Name extends string>(name: Name): (value: unknown) => Id<Name> {
  function isId(value: unknown): value is Id<Name> {
    return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
  }
  return (value) => {
    if (!isId(value)) throw new TypeError(`Not the id of a ${name}: ${String(value)}`);
    return value;
  };
}
