import type { Suite } from "./frame/measure.ts";
import { backupSuite } from "./suites/backup.ts";
import { browseSuite } from "./suites/browse.ts";
import { gitopsSuite } from "./suites/gitops.ts";
import { gitopsUnchangedSuite } from "./suites/gitops-unchanged.ts";
import { memoryGrowthSuite, memorySuite } from "./suites/memory.ts";
import { mirrorSuite } from "./suites/mirror.ts";
import { peersSuite } from "./suites/peers.ts";
import { restoreSuite } from "./suites/restore.ts";
import { startSuite } from "./suites/start.ts";

/** Everything that `npm run bench` measures, in the order of the report. */
export const suites: readonly Suite[] = [
  startSuite,
  backupSuite,
  mirrorSuite,
  memorySuite,
  memoryGrowthSuite,
  gitopsSuite,
  gitopsUnchangedSuite,
  restoreSuite,
  browseSuite,
  peersSuite,
];
