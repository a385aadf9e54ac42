import { z } from "zod";

const time = z.iso.datetime();

/** What is remembered of one subject: `backup crc.testing/wrl62`. */
export const SubjectMemory = z.object({
  /** Failures in a row. */
  failures: z.number().int().nonnegative(),
  /** When the first of them was; null without any. */
  since: time.nullable(),
  /** Channels that were told that this row of failures escalated. */
  escalated: z.array(z.string()),
  /** Bad news that each channel was told since the last good run: a digest, and when. Oldest first. */
  told: z.record(z.string(), z.array(z.object({ news: z.string(), at: time }))),
});

/** What is remembered of one subject. */
export type SubjectMemory = Readonly<z.output<typeof SubjectMemory>>;

/** Nothing bad is known. */
export const NO_NEWS: SubjectMemory = { failures: 0, since: null, escalated: [], told: {} };
