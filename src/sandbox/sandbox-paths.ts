import type { SandboxPaths, SandboxSpec } from "./sandbox.ts";

/** 63 characters of any script fit into the 255 bytes that a file system takes. */
export function isMountName(name: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,62}$/u.test(name);
}

/** What the folders of a sandbox with its own mount namespace are called inside. Loads no runtime: the prompt needs it at once. */
export function toSandboxPaths(spec: Pick<SandboxSpec, "mounts">): SandboxPaths {
  return {
    workspace: "/workspace",
    home: "/home/agent",
    temporary: "/tmp",
    mounts: spec.mounts.map(({ name, canWrite }) => ({ path: `/workspace/extra/${name}`, canWrite })),
  };
}
