import { z } from "zod";
import { duration, emptySection, sizeBytes, whole } from "./values.ts";

/** `limits`: quotas of one run. Reaching one ends the run as partial, with the reason. */
export const limitsSection = z
  .preprocess(
    emptySection,
    z
      .strictObject({
        maxObjects: whole(
          { min: 1, max: 1_000_000_000 },
          { description: "Objects a run captures at most." },
        ).exactOptional(),
        maxBytes: sizeBytes({
          description: "Bytes of objects a run captures at most, before compression: `2Gi`.",
        }).exactOptional(),
        maxApiRequestsPerSecond: whole(
          { min: 1, max: 10_000 },
          { description: "Requests to the API server a second." },
        ).exactOptional(),
        maxDuration: duration(
          { min: "1s", max: "7d" },
          { description: "How long a run collects; what is not read by then is unread, and the snapshot partial." },
        ).exactOptional(),
        memory: sizeBytes({
          description:
            "Memory the process may take: bounds the bytes in flight and the types listed at the same time. A process takes some 160Mi by itself, whatever is said here. The chart makes the Pod's limit of it.",
        }).exactOptional(),
        cpu: z
          .union([
            z.number().positive(),
            z.string().regex(/^\d+(\.\d+)?m?$/, 'expected a number of CPUs, such as 2 or "500m"'),
          ])
          .transform((value) => (typeof value === "number" ? value : cpus(value)))
          .meta({
            description: "CPUs the process may use: bounds its workers. The chart makes the Pod's limit of it.",
            "x-value": 'a number of CPUs, such as 2 or "500m"',
          })
          .exactOptional(),
      })
      .transform(({ maxDuration, memory, ...rest }) => ({
        ...rest,
        ...(maxDuration === undefined ? {} : { maxDurationMs: maxDuration }),
        ...(memory === undefined ? {} : { memoryBytes: memory }),
      })),
  )
  .prefault({})
  .meta({ description: "Quotas of one run." });

function cpus(value: string): number {
  return value.endsWith("m") ? Number(value.slice(0, -1)) / 1000 : Number(value);
}
