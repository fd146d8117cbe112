/** Opens an address in the person's browser, if there is a desktop. The address is on the screen in any case. */
export function openBrowser(url: string, environment: Readonly<Record<string, string | undefined>>): boolean {
  const opener = findOpener(environment);
  if (opener === undefined) return false;
  try {
    const child = Bun.spawn([opener, url], {
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
      env: pick(environment),
    });
    child.unref();
    return true;
  } catch {
    return false;
  }
}

function findOpener(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  if (process.platform === "darwin") return "/usr/bin/open";
  const hasDesktop = (environment["DISPLAY"] ?? environment["WAYLAND_DISPLAY"] ?? "") !== "";
  return hasDesktop ? (Bun.which("xdg-open") ?? undefined) : undefined;
}

const names =
  /^(?:PATH|HOME|USER|LANG|LC_\w+|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|BROWSER)$/;

/** A browser has no business with our keys. */
function pick(environment: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => names.test(name)));
}
