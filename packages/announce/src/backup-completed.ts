import { z } from "zod";
import { ID, shown, TIME } from "./attributes.ts";

/** The CloudEvents type of the call. */
export const BACKUP_COMPLETED = "io.kubeferry.backup.completed";

/** Names the form of `data`; a form that is read differently gets another number. */
const DATA_SCHEMA = "urn:kubeferry:backup-completed:1";

const COUNT = z.int().min(0);

const backupCompleted = z
  .object({
    format: z.literal(1).describe("Of this payload."),
    cluster: shown(512).describe('"crc.testing/wrl62"'),
    series: shown(253).describe("Which of the cluster's series the snapshot belongs to."),
    snapshot: shown(1024).describe("Key of the manifest in the bucket."),
    sequence: z.int().min(1).describe("Number of the snapshot in its series."),
    status: z.enum(["complete", "partial"]).describe("`partial`: something could not be read; the report says what."),
    runId: shown(128).describe("Of the backup, as in its log lines."),
    finishedAt: TIME.describe("When the snapshot was there, mirror included."),
    objects: COUNT.describe("Objects in the snapshot."),
    changed: COUNT.describe("Objects that are new or different since the snapshot before."),
    removed: COUNT.describe("Objects that are gone since then."),
  })
  .describe("What a backup says once its snapshot is committed.");

/** Reads what travels; fields that are not known here are passed over. */
export const eventSchema = z
  .object({
    specversion: z.literal("1.0"),
    id: ID.describe("Unique for each announcement; a repeated try carries the same."),
    source: shown(520).describe('The cluster: "/crc.testing/wrl62".'),
    type: z.literal(BACKUP_COMPLETED),
    time: TIME,
    subject: shown(1024).describe("Key of the manifest."),
    datacontenttype: z.literal("application/json"),
    dataschema: z.string().max(512).exactOptional(),
    traceparent: z
      .string()
      .regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
      .describe("W3C Trace Context of the backup.")
      .exactOptional(),
    data: backupCompleted,
  })
  .describe("kubeferry says that a backup is complete: a CloudEvents 1.0 event.");

/**
 * What a backup says once its snapshot is committed: the `data` of a CloudEvents 1.0 event. A hint and nothing more:
 * stage 2 reads the store itself, and believes nothing of this but that it is worth looking. Times are RFC 3339, UTC.
 */
export type BackupCompleted = Readonly<z.output<typeof backupCompleted>>;

/** The event as it travels; `traceparent` is the distributed tracing extension. */
export type BackupCompletedEvent = Readonly<z.output<typeof eventSchema>>;

/** What the event says beside what the backup does. */
export interface EventContext {
  /** Of this announcement; letters, digits, "-", "_" and ":". */
  readonly id: string;
  readonly now: Date;
  /** Of the backup; left out where nobody traces. */
  readonly traceparent: string | undefined;
}

/** Wraps what a backup says into the event that travels. */
export function completedEvent(data: BackupCompleted, { id, now, traceparent }: EventContext): BackupCompletedEvent {
  return {
    specversion: "1.0",
    id,
    source: `/${data.cluster}`,
    type: BACKUP_COMPLETED,
    time: now.toISOString(),
    subject: data.snapshot,
    datacontenttype: "application/json",
    dataschema: DATA_SCHEMA,
    ...(traceparent === undefined ? {} : { traceparent }),
    data,
  };
}

/** The JSON Schema (2020-12) of the event, published for whoever sends or receives one without this library. */
export function eventJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...rest } = z.toJSONSchema(eventSchema, {
    io: "input",
    // The format says it; zod's own pattern for it is longer than the rest of the schema.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
    },
  });
  return { $schema, $id: DATA_SCHEMA, title: BACKUP_COMPLETED, ...rest };
}
