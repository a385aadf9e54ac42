/** The periods of which snapshots stay. */
export type Period = "hourly" | "daily" | "weekly" | "monthly";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The UTC period a time lies in; names sort as times do: "2026-11-20T05", "2026-11-20", "2026-W47" (ISO 8601), "2026-11". */
export function periodName(period: Period, time: Date): string {
  const iso = time.toISOString();
  switch (period) {
    case "hourly":
      return iso.slice(0, 13);
    case "daily":
      return iso.slice(0, 10);
    case "weekly":
      return isoWeek(time);
    case "monthly":
      return iso.slice(0, 7);
    default:
      return period satisfies never;
  }
}

/** A week belongs to the year that its Thursday lies in. */
function isoWeek(time: Date): string {
  const weekday = (time.getUTCDay() + 6) % 7;
  const thursday = new Date(time.getTime() + (3 - weekday) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const days = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY_MS);
  return `${year}-W${String(Math.floor(days / 7) + 1).padStart(2, "0")}`;
}
