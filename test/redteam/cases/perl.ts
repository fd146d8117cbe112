/** A line for the shell that runs this Perl, which Debian always has and which speaks to the kernel without a compiler. */
export function perl(...lines: readonly string[]): string {
  return `/usr/bin/perl -e '${lines.join("\n").replaceAll("'", `'\\''`)}'`;
}

/** Numbers of system calls by machine, for what no program of the system calls by itself. */
const numbers: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  x64: {
    add_key: 248,
    keyctl: 250,
    bpf: 321,
    userfaultfd: 323,
    perf_event_open: 298,
    name_to_handle_at: 303,
    open_by_handle_at: 304,
    io_uring_setup: 425,
  },
  arm64: {
    add_key: 217,
    keyctl: 219,
    bpf: 280,
    userfaultfd: 282,
    perf_event_open: 241,
    name_to_handle_at: 264,
    open_by_handle_at: 265,
    io_uring_setup: 425,
  },
};

export function systemCall(name: string): number {
  return numbers[process.arch]?.[name] ?? -1;
}
