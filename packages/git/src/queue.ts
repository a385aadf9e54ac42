/** Runs steps one after the other. */
export type Queue = <T>(step: () => Promise<T>) => Promise<T>;

/** A queue in which a failed step does not hold up the next. */
export function createQueue(): Queue {
  const state: { last: Promise<unknown> } = { last: Promise.resolve() };
  return (step) => {
    const next = state.last.then(step, step);
    state.last = next;
    return next;
  };
}
