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

/** Speaks to the proxy itself, in whatever words, and prints the first line of each answer, or does `then` with the socket `$s`. */
export function speakToProxy(then: string | undefined, ...requests: readonly string[]): string {
  return perl(
    "use IO::Socket::INET;",
    `for my $r (${requests.map((request) => `qq(${request})`).join(", ")}) {`,
    "my $s = IO::Socket::INET->new(PeerAddr => q(127.0.0.1), PeerPort => 3128, Timeout => 3) or die $@;",
    "print $s $r; $s->shutdown(1); local $SIG{ALRM} = sub { close $s }; alarm 3;",
    then ?? "my $a = <$s>; print $a // qq(-\\n);",
    "alarm 0; }",
  );
}
