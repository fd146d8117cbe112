import type { Probe } from "./probe.ts";

const mega = 1024 * 1024;

/** What a command can use up. Outside the same amounts, which a machine notices little of, are had. */
export const exhaustionProbes: readonly Probe[] = [
  {
    id: "dos.memory",
    tries: "take 150 MB of memory where 64 are allowed",
    attack: {
      sh: "[ $(head -c 150000000 /dev/zero | tail -c 150000000 | wc -c) = 150000000 ] && echo WORKED",
    },
    limits: { memoryBytes: 64 * mega },
  },
  {
    id: "dos.processes",
    tries: "start 60 processes where 30 are allowed",
    attack: { sh: "n=0; while [ $n -lt 60 ]; do sleep 1 & n=$((n + 1)); done; echo WORKED; kill $(jobs -p)" },
    limits: { processes: 30 },
  },
  {
    id: "dos.processor",
    tries: "compute half of a second long where a tenth is allowed",
    attack: {
      sh: "timeout 1 sh -c 'while :; do :; done'; times > \"$SPARE/times\"; tail -n 1 \"$SPARE/times\" | grep -Eq '^0m(0[.][3-9]|1)' && echo WORKED",
    },
    limits: { cpuPercent: 3 },
    needs: "cpuPercent",
  },
  {
    id: "dos.file",
    tries: "write a file of 3 MB where one is allowed",
    attack: {
      sh: 'head -c 3000000 /dev/zero > "$SPARE/big"; [ $(wc -c < "$SPARE/big") = 3000000 ] && echo WORKED; rm -f "$SPARE/big"',
    },
    limits: { fileBytes: mega },
  },
  {
    id: "dos.shared-memory",
    tries: "put 80 MB into /dev/shm, where 64 are allowed",
    attack: {
      sh: "head -c 80000000 /dev/zero > /dev/shm/nanoclaw-probe && echo WORKED; rm -f /dev/shm/nanoclaw-probe",
    },
  },
  {
    id: "dos.devices",
    tries: "put a file among the devices, which lie in memory",
    attack: { sh: "(: > /dev/nanoclaw-probe) && echo WORKED" },
    control: { sh: '(: > "$SPARE/probe") && echo WORKED' },
  },
  {
    id: "dos.output",
    tries: "print 64 MB where one is allowed",
    attack: { sh: "head -c 64000000 /dev/zero; echo WORKED" },
    control: { sh: "(head -c 64000000 /dev/zero; echo WORKED) | tail -c 7" },
    limits: { outputBytes: mega },
  },
  {
    id: "dos.time",
    tries: "run for a second and a half where one is allowed",
    attack: { sh: "sleep 1.5; echo WORKED" },
    limits: { commandMs: 1000 },
  },
  {
    id: "dos.core",
    tries: "leave a core file",
    attack: { sh: "ulimit -c 1000; [ $(ulimit -c) = 0 ] || echo WORKED" },
  },
];
