import type { TimeZone } from "../clock.ts";

/** As the clock on the owner's wall shows it; with the day where that is another than `now`'s. */
export function formatTime(time: Date, now: Date, zone: TimeZone): string {
  const [day = "", minute = ""] = toWall(time, zone);
  return day === toWall(now, zone)[0] ? minute : `${day} ${minute}`;
}

function toWall(time: Date, zone: TimeZone): readonly string[] {
  const shifted = new Date(time.getTime() + zone.offsetAt(time) * 60_000);
  return shifted.toISOString().slice(0, 16).split("T");
}
