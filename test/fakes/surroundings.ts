/** An unprivileged user of every system. */
export const nobody = 65_534;

const isRoot = process.getuid?.() === 0;

/** What a command stands behind to run as somebody who may not do everything. */
export const asNobody: readonly string[] = isRoot
  ? ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"]
  : [];

/** For `unshare`: an ordinary user is root of what it makes. */
export const asMappedRoot: readonly string[] = isRoot ? [] : ["--map-root-user"];

/** In a mount namespace of its own, so that nothing is left mounted whatever happens. */
const inNamespace = ["unshare", "--mount", "--propagation", "private", ...asMappedRoot, "sh", "-c"];

/** `folder`, with what is in it, cannot be written. */
export function onReadOnlyDisk(folder: string): readonly string[] {
  const script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"';
  return [...inNamespace, script, folder];
}

/** `folder` holds what it holds, on a disk as large as `size` says. */
export function onOwnDisk(folder: string, size: string): readonly string[] {
  const mount = `mount -t tmpfs -o size=${size},mode=700 tmpfs "$0.disk"`;
  const script = `mkdir "$0.disk" && ${mount} && cp -a "$0/." "$0.disk" && mount --move "$0.disk" "$0" && exec "$@"`;
  return [...inNamespace, script, folder];
}

/** `folder` is empty and as large as `size` says (`100k`). */
export function onSmallDisk(folder: string, size: string): readonly string[] {
  return [...inNamespace, `mount -t tmpfs -o size=${size},mode=700 tmpfs "$0" && exec "$@"`, folder];
}
