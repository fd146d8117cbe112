import { AppError } from "../errors.ts";
import type { Database } from "../store/database.ts";
import { type Group, listGroupsEver, setOtherUid } from "../store/groups.ts";
import { pickUid, readSubordinateRanges } from "../subordinate-ids.ts";

/** For root and a group without files: a uid that the system gives to nobody's containers. */
export async function settleUid(group: Group, database: Database): Promise<Group> {
  const ranges = await readSubordinateRanges();
  return await database.transaction(async (tx) => {
    const others = (await listGroupsEver(tx)).filter(({ id }) => id !== group.id);
    const uid = pickUid(group.uid, ranges, (each) => others.some((other) => other.uid === each));
    if (uid === undefined) {
      throw new AppError("sandbox-unavailable", "/etc/subuid and /etc/subgid leave no uid for this group.", {
        hint: "Give less to the users that are named there.",
      });
    }
    if (uid !== group.uid) await setOtherUid(tx, group.id, uid);
    return { ...group, uid };
  });
}
