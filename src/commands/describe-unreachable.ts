import { toLocalTime } from "../local-time.ts";
import type { FailedChat } from "../store/replies.ts";

/** To whom it can't write, a line a chat. */
export function describeUnreachable({
  unreachable,
}: {
  readonly unreachable: readonly FailedChat[];
}): string[] {
  return unreachable.map(({ chat, title, reason, at }) => {
    const called = title === undefined ? chat : `${title} (${chat})`;
    return `cannot write to ${called}: ${reason} (${toLocalTime(at, "minute")})`;
  });
}
