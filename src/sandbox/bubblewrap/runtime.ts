import { availableParallelism } from "node:os";
import type { SandboxRuntime, SandboxSpec } from "../sandbox.ts";
import { toSystemArguments } from "./arguments.ts";
import { findPlaces } from "./control-groups.ts";
import { readFactBelow } from "./failure.ts";
import { createPipeOpener } from "./pipe.ts";
import { probeBubblewrap } from "./probe.ts";
import { createSystemCallFilter } from "./seccomp.ts";
import { findPrograms, systemSearchPath } from "./programs.ts";
import { openBubblewrapSandbox } from "./sandbox.ts";

export interface BubblewrapOptions {
  /** Where `bwrap` and its helpers are looked for; never the user's `PATH`. */
  readonly searchPath?: string;
  /** Where the files of the kernel are; the root of the file system without it. */
  readonly kernelRoot?: string;
}

/** Linux namespaces through bubblewrap: as root after dropping to the group's uid, else as ourselves. */
export function createBubblewrap({
  searchPath = systemSearchPath,
  kernelRoot = "",
}: BubblewrapOptions = {}): SandboxRuntime {
  const isRoot = process.getuid?.() === 0;
  async function open(spec: SandboxSpec) {
    const programs = findPrograms(searchPath, isRoot);
    const host = {
      programs,
      searchPath,
      system: await toSystemArguments(),
      openPipe: createPipeOpener(),
      filter: createSystemCallFilter({ allowsUnixSockets: spec.mounts.length === 0 }),
      places: findPlaces({ root: kernelRoot }),
      processors: availableParallelism(),
      readFact: readFactBelow(kernelRoot),
    };
    return openBubblewrapSandbox(spec, host);
  }
  return {
    name: "bubblewrap",
    open,
    probe: (signal) => probeBubblewrap(open, { isRoot, searchPath, kernelRoot }, signal),
  };
}
