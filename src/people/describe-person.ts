import type { Config } from "../config.ts";
import { findAllowedName } from "../store/allowed-names.ts";
import type { Reader } from "../store/database.ts";
import { listGroupsOf, type Person } from "../store/people.ts";
import { findAdmission } from "./allow-list.ts";

export interface PersonFacts {
  readonly number: number;
  readonly name: string | undefined;
  readonly channel: string;
  readonly account: string;
  readonly id: string;
  readonly right: "owner" | "member" | "stranger";
  /** In which he is a member by your word. */
  readonly groups: readonly string[];
  /** An owner not as somebody, but as whoever holds the gateway's token. */
  readonly holdsToken: boolean;
  /** He may write as a member by the list `allowFrom` of his channel. */
  readonly isOnAllowList: boolean;
  readonly since: Date;
}

/** Who somebody is here, with what the configuration says of him. */
export async function describePerson(reader: Reader, person: Person, config: Config): Promise<PersonFacts> {
  const { id, displayName, channel, account, sender, isOwner, holdsToken, createdAt } = person;
  const groups = await listGroupsOf(reader, id);
  const uniqueName = await findAllowedName(reader, id);
  const admission = findAdmission(config, {
    channel,
    sender: { id: sender, ...(uniqueName === undefined ? {} : { uniqueName }) },
    chat: sender,
    isPrivate: true,
  });
  const isOnAllowList = admission.type !== "no" && admission.type !== "shut";
  const isMember = groups.length > 0 || isOnAllowList;
  return {
    number: id,
    name: displayName,
    channel,
    account,
    id: sender,
    right: isOwner || holdsToken ? "owner" : isMember ? "member" : "stranger",
    groups,
    holdsToken,
    isOnAllowList,
    since: createdAt,
  };
}
