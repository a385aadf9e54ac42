import type { StoreEvent } from "@kubeferry/object-store";

/** The moment at which a process is killed: just before or just after its n-th request of one kind. */
export interface DeathPoint {
  /** As `requestKind` calls it. */
  readonly kind: string;
  readonly nth: number;
  readonly phase: StoreEvent["phase"];
}

/** "put _snapshots/segments": the operation and what it is done to. Every file of the mirror is of one kind. */
export function requestKind({ operation, key }: StoreEvent): string {
  const [, , ...path] = key.split("/");
  if (path[0] === "_snapshots") return `${operation} ${path.slice(0, 2).join("/")}`;
  return `${operation} ${path.length > 1 ? "mirror file" : path.join("/")}`.trim();
}

/**
 * Where to kill a run that makes these requests. What a death leaves behind is what was written until then, so:
 * around every request that writes, and before the first of each kind that only reads.
 * @param kinds of all requests of such a run, in their order
 */
export function deathsThatDiffer(kinds: readonly string[]): DeathPoint[] {
  return counted(kinds).flatMap(([kind, count]) => (isWrite(kind) ? around(kind, count) : before(kind, 1)));
}

/**
 * The same for a store on which a run takes longer: of two writes of a kind, a death after the first is one before the
 * second; and a death while reading leaves on every store what the write before it left.
 */
export function deathsBetweenWrites(kinds: readonly string[]): DeathPoint[] {
  return counted(kinds)
    .filter(([kind]) => isWrite(kind))
    .flatMap(([kind, count]) => [...before(kind, count), ...after(kind, count)]);
}

/** Before and after every request, hours of it. */
export function everyDeath(kinds: readonly string[]): DeathPoint[] {
  return counted(kinds).flatMap(([kind, count]) => around(kind, count));
}

function around(kind: string, count: number): DeathPoint[] {
  return before(kind, count).flatMap((point) => [point, { ...point, phase: "after" }]);
}

function before(kind: string, count: number): DeathPoint[] {
  return Array.from({ length: count }, (_, index) => ({ kind, nth: index + 1, phase: "before" as const }));
}

function after(kind: string, nth: number): DeathPoint[] {
  return [{ kind, nth, phase: "after" }];
}

function counted(kinds: readonly string[]): [kind: string, count: number][] {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts];
}

function isWrite(kind: string): boolean {
  return /^(prepare|put|delete)\b/.test(kind);
}
