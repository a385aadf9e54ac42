// Why an old name is not used; said in notices and in the reference. One sentence serves all names of one matter, so
// that they are reported together.

export const NOTIFICATIONS_OFF = "nobody is told of anything while notifications.enabled is not true";
export const NO_FEATURE_FLAGS =
  "there are no feature flags: several clusters and incremental snapshots are always there";
export const SCHEDULES = "schedules are those of the CronJob that runs kubeferry";
export const NO_FALLBACK = "a run writes to one bucket; this version copies to no second one";
export const ALWAYS_ZSTD = "segments are always compressed with zstd";
export const ALWAYS_BATCHED = "objects are always sent as they come, batchSize at a time";
export const SKIPS_INVALID =
  "one bad object never ends a run: it is named in the report, and the run ends as partial with exit code 1";
export const NO_GITOPS = "there is no section gitops, and environments belong to stage 2";
