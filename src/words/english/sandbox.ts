import { defineWords } from "../define-words.ts";
import { quote } from "../quote.ts";

/** Why no sandbox can be had. The program still chats without one; it runs no command. */
export const sandboxWords = defineWords("sandbox", {
  missing: ({
    program,
    packageName,
    install,
  }: {
    program: string;
    packageName: string;
    /** The line of this system's package manager, if we know it. */
    install: string | undefined;
  }) => ({
    message: `The program ${program} is not installed.`,
    hint:
      install === undefined
        ? `Install the package ${packageName} of your system.`
        : `Install it, as root:\n  ${install}`,
  }),
  tooOld: ({ said }: { said: string }) => ({
    message: `bubblewrap is too old: ${said}`,
    hint: "Install bubblewrap 0.8 or newer.",
  }),
  inContainer: ({ said }: { said: string }) => ({
    message: `This container forbids a sandbox: ${said}`,
    hint: "Start the container with what a sandbox needs:\n  docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined --user 1000 …",
  }),
  appArmor: ({ said, profile }: { said: string; profile: string }) => ({
    message: `AppArmor forbids bubblewrap to make namespaces: ${said}`,
    hint: `Allow it:\n  printf '${profile}\\n' | sudo tee /etc/apparmor.d/bwrap && sudo apparmor_parser -r /etc/apparmor.d/bwrap`,
  }),
  switchedOff: ({ said, setting }: { said: string; setting: string }) => ({
    message: `This system allows users no namespaces: ${said}`,
    hint: `Allow them, now and after a restart:\n  sudo sysctl -w ${setting}\n  echo ${setting} | sudo tee /etc/sysctl.d/60-nanoclaw.conf`,
  }),
  forbidden: ({ said }: { said: string }) => ({
    message: `This system forbids NanoClaw to make namespaces: ${said}`,
    hint: "Run it outside of containers and restricted services.",
  }),
  outOfMemory: ({ said }: { said: string }) => ({
    message: `There was no memory or no process left for the sandbox: ${said}`,
    hint: "Close some programs, or raise the limits of your user or container (ulimit -u, memory), then try again.",
  }),
  diskNearlyFull: ({ path, freeMb, neededMb }: { path: string; freeMb: number; neededMb: number }) => ({
    message: `The disk is nearly full: ${freeMb} MB are free at ${path}, and a command starts only with ${neededMb} MB.`,
    hint: `Free some space, or ask for less with sandbox.limits.freeMb:\n  df -h ${quote(path)}`,
  }),
  tooManyCommands: ({ most }: { most: number }) => ({
    message: `${most} commands are running in this sandbox already.`,
    hint: "Wait for one to end, or stop a background job. The number is sandbox.limits.commands.",
  }),
  noControlGroup: ({ said }: { said: string }) => ({
    message: `The limits of the sandbox could not be set: ${said}`,
    hint: "Somebody else may manage the control groups of this machine. See what holds here:\n  nanoclaw sandbox status",
  }),
  /** It is not the system that hindered it: who called it knows what to do. */
  notStarted: ({ said, code }: { said: string; code: number }) => ({
    message: said === "" ? `The sandbox did not start (exit code ${code}).` : said,
  }),
  broken: ({ said }: { said: string }) => ({
    message: said,
    hint: "See what bubblewrap itself says:\n  bwrap --unshare-all --ro-bind / / true",
  }),
  late: ({ seconds }: { seconds: number }) => ({
    message: `The sandbox did not start within ${seconds} seconds.`,
    hint: "This machine may be very busy. See what bubblewrap itself says:\n  bwrap --unshare-all --ro-bind / / true",
  }),
  noLibrary: () => ({
    message: "The C library of this system was not found.",
    hint: "NanoClaw's sandbox needs glibc or musl on x86-64 or arm64.",
  }),
});
