import type { SandboxPaths, SandboxSpec } from "./sandbox.ts";

/** What the folders of a sandbox with its own mount namespace are called inside. Loads no runtime: the prompt needs it at once. */
export function toSandboxPaths(spec: Pick<SandboxSpec, "mounts">): SandboxPaths {
  return {
    workspace: "/workspace",
    home: "/home/agent",
    temporary: "/tmp",
    mounts: spec.mounts.map(({ name, canWrite }) => ({ path: `/workspace/extra/${name}`, canWrite })),
  };
}
