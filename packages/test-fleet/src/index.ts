export { testCall } from "./call.ts";
export { type SnapshotSpec, type TestCluster, takeSnapshot, typeOf } from "./cluster.ts";
export { type ConfigSpec, createFleet, type Fleet } from "./fleet.ts";
export {
  configMap,
  deployment,
  named,
  namespace,
  role,
  secret,
  widget,
  widgetDefinition,
  withMetadata,
} from "./objects.ts";
export { type RecordedCall, recordedCall } from "./recorded-call.ts";
export { EVERYTHING, RESTORE_EVERYTHING } from "./restore-settings.ts";
export { sealingPair } from "./sealing-pair.ts";
