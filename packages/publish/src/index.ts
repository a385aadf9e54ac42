export { type Delivered, type Delivery, type DeliveryStep, deliver } from "./deliver.ts";
export { STATUS_CONTEXT } from "./host.ts";
export { checkHostRepository, hostWarnings } from "./host-checks.ts";
export type { ChangedFiles, Occasion } from "./occasion.ts";
export { type OpenHost, openHost } from "./open-host.ts";
export { platformOf } from "./platform-of.ts";
export type { PreviewReader } from "./preview.ts";
export { reportOf, waitingReport } from "./report.ts";
export { workTreeOptions } from "./work-tree-options.ts";
