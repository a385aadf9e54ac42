/** Bounds and names of the five fields, as Argo CD's parser has them (robfig/cron, standard form). */
const FIELDS: readonly { readonly name: string; readonly min: number; readonly max: number; readonly words: string }[] =
  [
    { name: "minute", min: 0, max: 59, words: "" },
    { name: "hour", min: 0, max: 23, words: "" },
    { name: "day of the month", min: 1, max: 31, words: "" },
    { name: "month", min: 1, max: 12, words: "jan feb mar apr may jun jul aug sep oct nov dec" },
    { name: "day of the week", min: 0, max: 6, words: "sun mon tue wed thu fri sat" },
  ];

/**
 * Why Argo CD would refuse a schedule of five fields, as half a sentence; undefined for one that it takes. A project
 * with one that it refuses stops every Application in it.
 */
export function scheduleProblem(schedule: string): string | undefined {
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) return `expected five fields, such as "0 22 * * 1-5"`;
  for (const [index, bounds] of FIELDS.entries()) {
    const part = fields[index]?.split(",").find((each) => !isRange(each, bounds));
    if (part !== undefined) return `expected ${bounds.min}..${bounds.max} in its ${bounds.name}, got "${part}"`;
  }
  return undefined;
}

/** "*", "5", "1-5", "mon-fri", each with or without a step: "*" + "/15". */
function isRange(text: string, bounds: (typeof FIELDS)[number]): boolean {
  const [range = "", step, ...more] = text.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d{0,3}$/.test(step))) return false;
  if (range === "*" || range === "?") return true;
  const [from = "", to = from, ...others] = range.split("-");
  const [first, last] = [numberOf(from, bounds), numberOf(to, bounds)];
  return others.length === 0 && first !== undefined && last !== undefined && first <= last;
}

function numberOf(text: string, { min, max, words }: (typeof FIELDS)[number]): number | undefined {
  const word = words.split(" ").indexOf(text.toLowerCase());
  const value = /^\d{1,2}$/.test(text) ? Number(text) : word < 0 || text === "" ? undefined : word + min;
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

/** True for a time zone of the IANA database; Argo CD takes an unknown one silently for UTC. */
export function isTimeZone(name: string): boolean {
  try {
    return name !== "" && new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
