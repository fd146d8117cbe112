/** Ids that the system has given to a user's containers: whoever gets them owns what another has under the same number. */
export interface SubordinateRange {
  readonly file: string;
  /** To whom, as it is written there. */
  readonly holder: string;
  readonly first: number;
  readonly last: number;
}

const files = ["/etc/subuid", "/etc/subgid"];

/** Nothing where there are none. A line that cannot be read gives nobody anything. */
export async function readSubordinateRanges(): Promise<readonly SubordinateRange[]> {
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await Bun.file(file)
        .text()
        .catch(() => "");
      return text.split("\n").flatMap((line) => parseLine(line, file));
    }),
  );
  return found.flat();
}

export function findHolder(id: number, ranges: readonly SubordinateRange[]): SubordinateRange | undefined {
  return ranges.find(({ first, last }) => id >= first && id <= last);
}

/** A number of the group's own that is in no range: the usual one, or the same in another hundred thousand. */
export function pickUid(
  usual: number,
  ranges: readonly SubordinateRange[],
  isTaken: (uid: number) => boolean,
): number | undefined {
  const step = 100_000;
  // The last ones mean something else to some systems.
  const highest = 2_000_000_000;
  for (let uid = usual; uid < highest; uid += step) {
    if (findHolder(uid, ranges) === undefined && (uid === usual || !isTaken(uid))) return uid;
  }
  return undefined;
}

function parseLine(line: string, file: string): SubordinateRange[] {
  const [holder = "", start = "", count = ""] = line.trim().split(":");
  if (holder.startsWith("#") || !/^\d+$/.test(start) || !/^\d+$/.test(count) || Number(count) === 0)
    return [];
  return [{ file, holder, first: Number(start), last: Number(start) + Number(count) - 1 }];
}
