import { defineWords } from "../define-words.ts";

/** The gateway as a service of the system. */
export const serviceWords = defineWords("service", {
  refused: ({ command, said }: { command: string; said: string }) => ({
    message: `"${command}" failed: ${said}`,
    hint: "The service manager says more; for systemd:\n  journalctl --user -u nanoclaw -n 50",
  }),
  notInstalled: () => ({
    message: "The service is not installed.",
    hint: "Install it:\n  nanoclaw service install",
  }),
  foreignFile: ({ path }: { path: string }) => ({
    message: `${path} was not made by NanoClaw, and stays as it is.`,
    hint: "Move it away and try again.",
  }),
  endedAtOnce: ({ said }: { said: string }) => ({
    message: `The gateway ended as soon as it had begun: ${said || "it said nothing"}`,
    hint: "Start it here to see what it says:\n  nanoclaw gateway --logs",
  }),
  startedByHand: ({ pid, next }: { pid: number; next: "install" | "start" | undefined }) => ({
    message: `A gateway that was started by hand serves this folder (process ${pid}): it is no service's.`,
    hint: `End it${next === undefined ? "" : ", then try again"}:\n  kill ${pid}${next === undefined ? "" : `\n  nanoclaw service ${next}`}`,
  }),
});
