import { loadSandboxRuntime } from "./registry.ts";
import type { Sandbox, SandboxSpec } from "./sandbox.ts";

/**
 * Opens a group's sandbox with the configured runtime. Throws `AppError("sandbox-unavailable")` with the remedy
 * when there is none: nothing ever runs without a sandbox.
 */
export async function openSandbox(configured: string, spec: SandboxSpec): Promise<Sandbox> {
  return (await loadSandboxRuntime(configured)).open(spec);
}
