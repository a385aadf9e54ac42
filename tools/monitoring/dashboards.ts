import { join } from "node:path";
import { BACKUP_DASHBOARD } from "./dashboards/backup.ts";
import { FLEET_DASHBOARD } from "./dashboards/fleet.ts";
import { GITOPS_DASHBOARD } from "./dashboards/gitops.ts";
import { grafanaModel } from "./dashboards/grafana.ts";
import type { Dashboard } from "./dashboards/panel.ts";

const FOLDER = join(import.meta.dirname, "../../charts/kubeferry/files/dashboards");

/** Every dashboard of the chart. */
export const DASHBOARDS: readonly Dashboard[] = [BACKUP_DASHBOARD, GITOPS_DASHBOARD, FLEET_DASHBOARD];

/** What the chart has of them: absolute path and content of each file, before it is formatted. */
export function dashboardFiles(): readonly { readonly path: string; readonly model: object }[] {
  return DASHBOARDS.map((dashboard) => ({
    path: join(FOLDER, `${dashboard.uid.replace(/^kubeferry-/, "")}.json`),
    model: grafanaModel(dashboard),
  }));
}
