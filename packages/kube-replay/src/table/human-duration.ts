const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Up to `below`, a length is counted in `unit`, with what is left over counted in `rest`. */
interface Step {
  readonly below: number;
  readonly unit: readonly [size: number, letter: string];
  readonly rest?: readonly [size: number, letter: string];
}

const STEPS: readonly Step[] = [
  { below: 2 * MINUTE, unit: [SECOND, "s"] },
  { below: 10 * MINUTE, unit: [MINUTE, "m"], rest: [SECOND, "s"] },
  { below: 3 * HOUR, unit: [MINUTE, "m"] },
  { below: 8 * HOUR, unit: [HOUR, "h"], rest: [MINUTE, "m"] },
  { below: 2 * DAY, unit: [HOUR, "h"] },
  { below: 8 * DAY, unit: [DAY, "d"], rest: [HOUR, "h"] },
  { below: 2 * YEAR, unit: [DAY, "d"] },
  { below: 8 * YEAR, unit: [YEAR, "y"], rest: [DAY, "d"] },
  { below: Number.POSITIVE_INFINITY, unit: [YEAR, "y"] },
];

/**
 * A length of time in two or three significant figures, as Kubernetes writes ages: "45s", "5m30s", "3h", "2d4h", "1y20d".
 * Clocks that are less than two seconds apart give "0s", anything further in the future "<invalid>".
 */
export function humanDuration(milliseconds: number): string {
  if (milliseconds <= -2 * SECOND) return "<invalid>";
  if (milliseconds < 0) return "0s";
  const step = STEPS.find(({ below }) => milliseconds < below);
  if (step === undefined) return "<unknown>";
  const [size, letter] = step.unit;
  const whole = `${Math.floor(milliseconds / size)}${letter}`;
  if (step.rest === undefined) return whole;
  const left = Math.floor((milliseconds % size) / step.rest[0]);
  return left === 0 ? whole : `${whole}${left}${step.rest[1]}`;
}

/** How long ago a moment was. @param timestamp RFC 3339; "" gives "<unknown>" */
export function since(timestamp: string, now: Date): string {
  const then = Date.parse(timestamp);
  return Number.isNaN(then) ? "<unknown>" : humanDuration(now.getTime() - then);
}
