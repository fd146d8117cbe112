import type { SwitchOff } from "../arena/attack-case.ts";

/** Controls of the sandbox that more than one case takes out. */
const sandbox = "src/sandbox/bubblewrap/sandbox.ts";
const options = "src/sandbox/bubblewrap/arguments.ts";

const filterLine =
  '...(filter === undefined ? [] : ["--seccomp", inherited.give(toFilledPipe(openPipe, filter))]),';

export const withoutFilter: SwitchOff = {
  without: "the filter of system calls",
  edits: [{ file: sandbox, from: filterLine, to: "" }],
};

/** The sandbox shares the host's network. */
export const withoutNetworkNamespace: SwitchOff = {
  without: "a network namespace",
  edits: [
    { file: options, from: '"--unshare-all",', to: '"--unshare-pid", "--unshare-ipc", "--unshare-uts",' },
    // Nor is it told of a proxy, which nothing would go round.
    { file: sandbox, from: "isLetOut ? this.#wayOut : undefined", to: "undefined" },
  ],
};

export const withoutProcessNamespace: SwitchOff = {
  without: "a process namespace",
  edits: [
    { file: options, from: '"--unshare-all",', to: '"--unshare-net", "--unshare-ipc", "--unshare-uts",' },
    { file: options, from: '"--as-pid-1",', to: "" },
  ],
};

/** Root without its capabilities may not enter the group's folder. */
const asRoot = [
  { file: sandbox, from: "String(uid),", to: '"0",' },
  { file: sandbox, from: '...["--chdir", options.cwd],', to: '...["--chdir", "/"],' },
] as const;

/** What runs inside is the host's root. */
export const withoutDrop: SwitchOff = { without: "the step down to the group's uid", edits: asRoot };

const showHost = {
  file: sandbox,
  from: "...ownFileSystems,",
  to: '...ownFileSystems, "--ro-bind", "/srv", "/srv",',
} as const;

/** The host's files are there, at the paths that they have outside. */
export const withoutOwnFiles: SwitchOff = { without: "a file system of its own", edits: [showHost] };

/** The same with the rights of the program, which alone may read its state. */
export const withoutOwnFilesOrDrop: SwitchOff = {
  without: "a file system and a uid of its own",
  edits: [...asRoot, showHost],
};

/** Read-only `/` and all that lies there. */
export const withoutReadOnlyRoot: SwitchOff = {
  without: "the read-only root",
  edits: [{ file: sandbox, from: '...["--remount-ro", "/"],', to: "" }],
};
