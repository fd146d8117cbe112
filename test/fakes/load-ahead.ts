/**
 * What turns load at its first use. That takes real time, for which a clock that stands still does not wait: whoever tests with
 * one loads it before.
 */
export async function loadAhead(): Promise<void> {
  await Promise.all([
    import("../../src/hearing/sum-up.ts"),
    import("../../src/memory/group-memory.ts"),
    import("../../src/scheduler/serve-task-call.ts"),
    import("../../src/sessions/compact-session.ts"),
    import("../../src/tools/run-call.ts"),
    import("../../src/tools/shell/job.ts"),
    import("../../src/tools/shell/run-shell.ts"),
    import("../../src/turns/carry-out.ts"),
    import("../../src/turns/glimpse.ts"),
    import("../../src/turns/keep-incoming.ts"),
    import("../../src/turns/turn-approvals.ts"),
  ]);
}
