import { AppError } from "../errors.ts";
import type { Reader } from "../store/database.ts";
import { toPersonId } from "../store/ids.ts";
import { findPeopleBySender, findPerson, type Person } from "../store/people.ts";
import { peopleWords } from "../words/english/people.ts";
import { cleanName } from "./clean-name.ts";

/** By number (`17`, `#17`) or by channel and id (`telegram:555`). Throws `AppError` for nobody, and for several. */
export async function getPersonByWord(reader: Reader, word: string): Promise<Person> {
  const number = /^#?(\d{1,15})$/.exec(word)?.[1];
  if (number !== undefined && Number(number) > 0) {
    const person = await findPerson(reader, toPersonId(Number(number)));
    if (person !== undefined) return person;
  }
  const colon = word.indexOf(":");
  const found =
    colon < 1 ? [] : await findPeopleBySender(reader, word.slice(0, colon), word.slice(colon + 1));
  const [only, ...others] = found;
  if (only === undefined) throw new AppError("not-found", peopleWords.unknownPerson({ word }));
  if (others.length === 0) return only;
  const known = found.map(({ id }) => String(id));
  throw new AppError("conflict", peopleWords.severalPeople({ word, known }));
}

/** As the owner is told of somebody: `Ben (telegram, person 17)`. */
export function toCalled({ id, channel, displayName }: Person): string {
  return `${cleanName(displayName) || "Somebody"} (${channel}, person ${id})`;
}
