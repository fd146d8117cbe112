import type { TimeZone } from "../clock.ts";
import type { Environment } from "../config.ts";
import { findUtcOffsetMinutes } from "../libc.ts";

/** The zone of this machine. `Intl` would know it too, but costs six milliseconds on the way to the first answer. */
export async function findTimeZone(environment: Environment): Promise<TimeZone> {
  return { name: await findName(environment), offsetAt: findUtcOffsetMinutes };
}

async function findName(environment: Environment): Promise<string | undefined> {
  const named = environment["TZ"]?.replace(/^:/, "");
  if (named !== undefined && zoneName.test(named)) return named;
  try {
    const written = (await Bun.file("/etc/timezone").text()).trim();
    return zoneName.test(written) ? written : undefined;
  } catch {
    return undefined;
  }
}

const zoneName = /^[A-Za-z]+(?:\/[A-Za-z0-9_+-]+){0,2}$/;
