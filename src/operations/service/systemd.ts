import { rm } from "node:fs/promises";
import { AppError } from "../../errors.ts";
import { serviceWords } from "../../words/english/service.ts";
import { callManager, requireManager } from "./call-manager.ts";
import { isOwnFile, ownMark, writeOwnFile } from "./own-file.ts";
import {
  toServiceEnvironment,
  toServiceName,
  type ServiceManager,
  type ServicePlace,
  type ServiceStatus,
} from "./service-manager.ts";

/** A unit of the person's own, or of the system when root asks. */
export function createSystemd(place: ServicePlace): ServiceManager {
  const isSystem = place.uid === 0;
  const unit = `${toServiceName(place)}.service`;
  const file = findUnitFile(place, unit);
  const systemctl = (...words: string[]): string[] => [
    "systemctl",
    ...(isSystem ? [] : ["--user"]),
    ...words,
  ];

  async function status(signal: AbortSignal): Promise<ServiceStatus> {
    const isInstalled = await isOwnFile(file);
    const common = { manager: "systemd", isInstalled, file } as const;
    if (!isInstalled) return { ...common, isRunning: false, startsWithMachine: false };
    const argv = systemctl("show", unit, "--property=ActiveState,MainPID,UnitFileState");
    const facts = parseFacts(await requireManager(argv, place, signal));
    const pid = Number(facts.get("MainPID") ?? 0);
    return {
      ...common,
      isRunning: facts.get("ActiveState") === "active",
      startsWithMachine: facts.get("UnitFileState") === "enabled",
      ...(pid > 0 ? { pid } : {}),
    };
  }

  async function requireInstalled(): Promise<void> {
    if (!(await isOwnFile(file))) throw new AppError("not-found", serviceWords.notInstalled());
  }

  return {
    name: "systemd",
    status,
    async install(signal) {
      const isNew = !(await isOwnFile(file));
      await writeOwnFile(file, toUnit(place));
      try {
        await requireManager(systemctl("daemon-reload"), place, signal);
        await requireManager(systemctl("enable", unit), place, signal);
      } catch (error) {
        if (isNew) await rm(file, { force: true });
        throw error;
      }
      // Not `start`: a service that runs goes on with what was written now.
      await requireManager(systemctl("restart", unit), place, signal);
      if (isSystem) return [];
      // Without it the person's services end when he logs out.
      const { code } = await callManager(["loginctl", "enable-linger"], place, signal).catch(() => ({
        code: 1,
      }));
      return code === 0 ? [] : ["endsWithLogin"];
    },
    async start(signal) {
      await requireInstalled();
      await requireManager(systemctl("start", unit), place, signal);
    },
    async stop(signal) {
      await requireInstalled();
      await requireManager(systemctl("stop", unit), place, signal);
    },
    async uninstall(signal) {
      await requireInstalled();
      await requireManager(systemctl("disable", "--now", unit), place, signal);
      await rm(file, { force: true });
      await requireManager(systemctl("daemon-reload"), place, signal);
    },
  };
}

function findUnitFile({ uid, environment, systemRoot }: ServicePlace, unit: string): string {
  if (uid === 0) return `${systemRoot}/etc/systemd/system/${unit}`;
  const config = environment["XDG_CONFIG_HOME"] || `${environment["HOME"]}/.config`;
  return `${config}/systemd/user/${unit}`;
}

function parseFacts(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").map((line) => {
      const equals = line.indexOf("=");
      return [line.slice(0, equals), line.slice(equals + 1)] as const;
    }),
  );
}

/**
 * What the gateway does not need is taken from it. It keeps what bubblewrap lives on: namespaces, an untouched `/proc`
 * (with a part of it covered, the kernel lets nobody mount another) and, for root, the capabilities to become a group's uid.
 */
const hardening = [
  "NoNewPrivileges=yes",
  "UMask=0077",
  "LockPersonality=yes",
  "RestrictRealtime=yes",
  "SystemCallArchitectures=native",
  "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
];

/** Of the capabilities of root, those by which it becomes a group's uid and prepares its folders. */
export const systemCapabilities: readonly string[] = [
  ...["CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SETGID", "CAP_CHOWN", "CAP_FOWNER"],
  ...["CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_KILL", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE"],
];

const systemHardening = [
  `CapabilityBoundingSet=${systemCapabilities.join(" ")}`,
  "ProtectSystem=full",
  "ProtectKernelModules=yes",
];

export function toUnit(place: ServicePlace): string {
  const isSystem = place.uid === 0;
  const environment = Object.entries(toServiceEnvironment(place)).map(
    ([name, value]) => `Environment=${quote(`${name}=${value}`)}`,
  );
  return [
    `# ${ownMark}; a change here is lost with the next one.`,
    "[Unit]",
    "Description=NanoClaw, a personal AI assistant",
    "After=network-online.target",
    "Wants=network-online.target",
    "StartLimitIntervalSec=300",
    "StartLimitBurst=10",
    "",
    "[Service]",
    "Type=exec",
    `ExecStart=${[...place.program, "gateway"].map((word) => quote(word).replaceAll("$", "$$$$")).join(" ")}`,
    `WorkingDirectory=${place.home.root.replaceAll("%", "%%")}`,
    ...environment,
    "Restart=on-failure",
    // What it ends with when it was asked to.
    "SuccessExitStatus=143",
    "RestartSec=2",
    "KillMode=mixed",
    "TimeoutStopSec=15",
    ...hardening,
    ...(isSystem ? systemHardening : []),
    "",
    "[Install]",
    `WantedBy=${isSystem ? "multi-user.target" : "default.target"}`,
    "",
  ].join("\n");
}

/** As systemd reads words: in quotation marks, with C's escapes, a percent sign doubled. */
function quote(word: string): string {
  const escaped = word.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%");
  return `"${escaped.replaceAll("\n", "\\n")}"`;
}
