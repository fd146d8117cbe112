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
} from "./service-manager.ts";

/** An agent of the person's login, or a daemon of the system when root asks. */
export function createLaunchd(place: ServicePlace): ServiceManager {
  const isSystem = place.uid === 0;
  const label = `ai.nanoclaw.${toServiceName(place)}`;
  const domain = isSystem ? "system" : `gui/${place.uid}`;
  const target = `${domain}/${label}`;
  const folder = isSystem
    ? `${place.systemRoot}/Library/LaunchDaemons`
    : `${place.environment["HOME"]}/Library/LaunchAgents`;
  const file = `${folder}/${label}.plist`;

  /** What launchd says about it; nothing when it does not know it. */
  async function look(signal: AbortSignal): Promise<string | undefined> {
    const { code, stdout } = await callManager(["launchctl", "print", target], place, signal);
    return code === 0 ? stdout : undefined;
  }

  async function requireInstalled(): Promise<void> {
    if (!(await isOwnFile(file))) throw new AppError("not-found", serviceWords.notInstalled());
  }

  async function unload(signal: AbortSignal): Promise<void> {
    if ((await look(signal)) !== undefined)
      await requireManager(["launchctl", "bootout", target], place, signal);
  }

  async function load(signal: AbortSignal): Promise<void> {
    await requireManager(["launchctl", "bootstrap", domain, file], place, signal);
  }

  return {
    name: "launchd",
    async status(signal) {
      const isInstalled = await isOwnFile(file);
      const said = isInstalled ? await look(signal) : undefined;
      const pid = Number(/^\s*pid = (\d+)/m.exec(said ?? "")?.[1] ?? 0);
      return {
        manager: "launchd",
        isInstalled,
        isRunning: pid > 0,
        startsWithMachine: said !== undefined,
        file,
        ...(pid > 0 ? { pid } : {}),
      };
    },
    async install(signal) {
      await unload(signal);
      await writeOwnFile(file, toPropertyList(place, label));
      await requireManager(["launchctl", "enable", target], place, signal);
      await load(signal);
      return isSystem ? [] : ["endsWithLogin"];
    },
    async start(signal) {
      await requireInstalled();
      if ((await look(signal)) === undefined) await load(signal);
      else await requireManager(["launchctl", "kickstart", target], place, signal);
    },
    async stop(signal) {
      await requireInstalled();
      await unload(signal);
    },
    async uninstall(signal) {
      await requireInstalled();
      await unload(signal);
      await rm(file, { force: true });
    },
  };
}

export function toPropertyList(place: ServicePlace, label: string): string {
  const strings = (words: readonly string[]): string =>
    words.map((word) => `    <string>${escape(word)}</string>`).join("\n");
  const environment = Object.entries(toServiceEnvironment(place))
    .map(([name, value]) => `    <key>${escape(name)}</key>\n    <string>${escape(value)}</string>`)
    .join("\n");
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- ${ownMark}; a change here is lost with the next one. -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${escape(label)}</string>
  <key>ProgramArguments</key>
  <array>
${strings([...place.program, "gateway"])}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${environment}
  </dict>
  <key>WorkingDirectory</key>
  <string>${escape(place.home.root)}</string>
  <key>StandardErrorPath</key>
  <string>${escape(`${place.home.logs}/service.log`)}</string>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>5</integer>
  <key>ExitTimeOut</key>
  <integer>15</integer>
  <key>Umask</key>
  <integer>63</integer>
</dict>
</plist>
`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
