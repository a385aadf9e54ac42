/**
 * Waits until all have ended. Where several fail, the reason is that of the first in the list, whichever came first in
 * time: the same one in every run.
 */
export async function allOrFirstReason<Work extends readonly unknown[] | []>(
  work: Work,
): Promise<{ -readonly [Index in keyof Work]: Awaited<Work[Index]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
