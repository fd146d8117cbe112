import type { Zone } from "./zone.ts";

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** `Fri 2026-11-27 09:00`, as the zone's clock shows it; with the seconds where there are any. */
export function formatInstant(instant: number, zone: Zone): string {
  const wall = new Date(zone.toWall(instant));
  if (Number.isNaN(wall.getTime())) return "a time that no calendar holds";
  const text = wall.toISOString();
  const end = wall.getUTCSeconds() === 0 ? 16 : 19;
  return `${days[wall.getUTCDay()]} ${text.slice(0, end).replace("T", " ")}`;
}
