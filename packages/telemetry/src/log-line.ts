import { LOG_OPERATIONS, type LogOperation } from "@kubeferry/model";
import { z } from "zod";

const OPERATIONS = Object.keys(LOG_OPERATIONS) as [LogOperation, ...LogOperation[]];

/** One line of a JSON log, as it is written. */
export const LogLine = z
  .strictObject({
    timestamp: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/)
      .meta({ description: "UTC; milliseconds where there are any." }),
    level: z.enum(["debug", "info", "warn", "error"]),
    component: z.string().meta({ description: "The part of the program: `backup`, `gitops`, …" }),
    cluster: z.string().optional().meta({ description: "`domain/name`, once it is known." }),
    namespace: z.string().optional(),
    resource: z.string().optional().meta({ description: "A type: `deployments.apps`; the core group has no suffix." }),
    operation: z.enum(OPERATIONS).optional().meta({ description: "What the line is about." }),
    message: z.string(),
    data: z.record(z.string(), z.unknown()).optional().meta({ description: "Everything else." }),
    duration_ms: z.number().optional(),
    error: z.string().optional().meta({ description: "One sentence, causes included." }),
    run_id: z.string().optional(),
    trace_id: z.string().optional(),
  })
  .meta({ title: "A line of kubeferry's log" });

/** The same for programs in other languages. */
export function logJsonSchema(): object {
  return z.toJSONSchema(LogLine, { target: "draft-07" });
}
