import { constants } from "node:fs";
import { AppError } from "../../errors.ts";
import { mapOwner, mover } from "../owner-mapping.ts";
import { Descriptor, Inherited } from "./descriptor.ts";
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
 * Paths come in as arguments and are never part of the text. `-c` keeps mount from resolving them itself. Each program that is started
 * costs a millisecond, so one makes all the places and one looks at all that is mounted, before anybody may enter. Without `/sys`, which no
 * sandbox shows, there are fewer mounts: bubblewrap reads the list of them for each that it makes.
 */
const script = `
set -eu
${mover.shell}
umount -n -l -R /sys 2>/dev/null || :
stage=$1 program=$2 code=$3
shift 3
mount -n -c -t tmpfs -o mode=755,size=64k,nosuid,nodev,noexec tmpfs "$stage"
folders= wanted= index=0
while [ $index -lt $(($# / 4)) ]; do
  folders="$folders $stage/$index"
  index=$((index + 1))
done
mkdir $folders
for folder in $folders; do
  if [ -n "$4" ]; then
    moveMount "$code" "$4" "$folder"
  else
    mount -n -c --bind -o "$1" -- "$2" "$folder"
  fi
  wanted="$wanted $3"
  shift 4
done
if [ "$(echo $(stat -c %d:%i $folders))" != "\${wanted# }" ]; then
  echo "another folder has taken the place of a source" >&2
  exit 1
fi
echo staged
read -r _ || :
`;

/** Throws `AppError("sandbox-failed")` when a source is no longer the folder that was checked. */
export async function createStage(
  sources: readonly Source[],
  programs: NonNullable<Programs["root"]>,
  searchPath: string,
): Promise<Stage> {
  const place = choosePlace([...sources.map(({ folder }) => folder.path), mover.program]);
  using inherited = new Inherited();
  const mounts = await Promise.all(
    sources.map(async (source) => {
      const mount = await mapFolder(source);
      return mount === undefined ? "" : inherited.give(mount);
    }),
  );
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
      mover.program,
      mover.code,
      ...sources.flatMap(({ folder, canWrite }, index) => [
        canWrite ? "nosuid,nodev" : "nosuid,nodev,ro",
        folder.path,
        folder.identity,
        mounts[index] ?? "",
      ]),
    ],
    {
      env: { PATH: searchPath },
      cwd: "/",
      stdio: ["pipe", "pipe", "pipe", ...inherited.numbers],
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
    pathOf: ({ folder }) => `${place}/${sources.findIndex((source) => source.folder === folder)}`,
    [Symbol.dispose]: () => namespace.close(),
  };
}

async function mapFolder({ folder, canWrite }: Source): Promise<Descriptor | undefined> {
  if (folder.mapping === undefined) return undefined;
  const mount = await mapOwner(folder.descriptor.number, folder.mapping, canWrite);
  if (mount !== undefined) return new Descriptor(mount);
  throw new AppError("sandbox-failed", `${folder.path} could not be mapped to the uid of this group.`);
}

function choosePlace(sources: readonly string[]): string {
  const place = places.find((each) => !sources.some((source) => `${source}/`.startsWith(`${each}/`)));
  if (place !== undefined) return place;
  throw new AppError("sandbox-failed", "The folders of the sandbox lie in too many places of the system.");
}
