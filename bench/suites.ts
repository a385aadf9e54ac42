import type { Suite } from "./frame/measure.ts";
import { backupSuite } from "./suites/backup.ts";
import { gitopsSuite } from "./suites/gitops.ts";
import { restoreSuite } from "./suites/restore.ts";

/** Everything that `npm run bench` measures, in the order of the report. */
export const suites: readonly Suite[] = [backupSuite, gitopsSuite, restoreSuite];
