import { constants } from "node:fs";
import { AppError } from "../../errors.ts";
import { Descriptor } from "./descriptor.ts";
import { diagnose } from "./failure.ts";
import type { Programs } from "./programs.ts";
import type { Source } from "./sources.ts";

/**
 * A mount namespace made by root, in which each source lies at a path that the group's uid can reach: the folders
 * themselves are below one that only root may enter. No process stays behind; the open descriptor keeps it alive.
 */
export interface Stage extends Disposable {
  /** What `nsenter --mount` takes, for a child of this process. */
  readonly namespace: string;
  pathOf(source: Source): string;
}

/** Empty folders that every Linux has, one of which the stage covers in its own namespace only. */
const places = ["/mnt", "/media", "/srv", "/opt", "/run"];

/**
 * Paths come in as arguments and are never part of the text. `-c` keeps mount from resolving them itself. Without `/sys`, which no
 * sandbox shows, there are fewer mounts: bubblewrap reads the list of them for each that it makes.
 */
const script = `
set -eu
umount -n -l -R /sys 2>/dev/null || :
stage=$1
shift
mount -n -c -t tmpfs -o mode=755,size=64k,nosuid,nodev,noexec tmpfs "$stage"
index=0
while [ $# -gt 0 ]; do
  mkdir "$stage/$index"
  mount -n -c --bind -o "$1" -- "$2" "$stage/$index"
  if [ "$(stat -c %d:%i "$stage/$index")" != "$3" ]; then
    echo "another folder has taken the place of a source" >&2
    exit 1
  fi
  index=$((index + 1))
  shift 3
done
echo staged
read -r _ || :
`;

/** Throws `AppError("sandbox-failed")` when a source is no longer the folder that was checked. */
export async function createStage(
  sources: readonly Source[],
  programs: NonNullable<Programs["root"]>,
  searchPath: string,
): Promise<Stage> {
  const place = choosePlace(sources.map(({ folder }) => folder.path));
  const child = Bun.spawn(
    [
      programs.unshare,
      "--mount",
      // Not private: a device that the host unmounts must not stay busy here. Nothing flows back.
      "--propagation=slave",
      "--",
      programs.sh,
      "-c",
      script,
      "stage",
      place,
      ...sources.flatMap(({ folder, canWrite }) => [
        canWrite ? "nosuid,nodev" : "nosuid,nodev,ro",
        folder.path,
        folder.identity,
      ]),
    ],
    {
      env: { PATH: searchPath },
      cwd: "/",
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
      // A source on a file system that does not answer would hold it forever.
      timeout: 10_000,
      killSignal: "SIGKILL",
    },
  );
  const first = await child.stdout.getReader().read();
  if (first.done) {
    const [code, text] = await Promise.all([child.exited, child.stderr.text()]);
    const reason = text.trim().split("\n").at(-1) ?? "";
    throw new AppError(
      "sandbox-failed",
      diagnose(`The folders of the sandbox could not be mounted: ${reason}`, code),
    );
  }
  const namespace = Descriptor.open(`/proc/${child.pid}/ns/mnt`, constants.O_RDONLY);
  await child.stdin.end();
  await child.exited;
  return {
    namespace: `/proc/${process.pid}/fd/${namespace.number}`,
    pathOf: (source) => `${place}/${sources.indexOf(source)}`,
    [Symbol.dispose]: () => namespace.close(),
  };
}

function choosePlace(sources: readonly string[]): string {
  const place = places.find((each) => !sources.some((source) => `${source}/`.startsWith(`${each}/`)));
  if (place !== undefined) return place;
  throw new AppError("sandbox-failed", "The folders of the sandbox lie in too many places of the system.");
}
