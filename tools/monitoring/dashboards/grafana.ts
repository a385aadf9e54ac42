import type { Dashboard, Panel, Query, Variable } from "./panel.ts";

/** Of Grafana 11 and 12; a newer one reads it, too. */
const SCHEMA_VERSION = 39;
const COLUMNS = 24;
const DATASOURCE = { type: "prometheus", uid: "${datasource}" };
const HEIGHTS: Readonly<Record<Panel["kind"], number>> = { stat: 5, timeseries: 8, table: 10 };
const RUNS = "cluster_backup_duration_seconds_count";
const VALUES: Readonly<Record<Variable, string>> = {
  cluster: `label_values(${RUNS}, cluster)`,
  series: `label_values(${RUNS}{cluster=~"$cluster"}, series)`,
  repository: "label_values(gitops_runs_total, repository)",
};

/** The model of a dashboard as Grafana imports it. */
export function grafanaModel({ uid, title, description, variables, range, rows }: Dashboard): object {
  return {
    uid,
    title,
    description,
    tags: ["kubeferry"],
    schemaVersion: SCHEMA_VERSION,
    editable: true,
    graphTooltip: 1,
    refresh: "1m",
    time: { from: `now-${range}`, to: "now" },
    timezone: "browser",
    templating: { list: [datasourceVariable(), ...variables.map(queryVariable)] },
    annotations: { list: [] },
    links: [
      {
        type: "dashboards",
        tags: ["kubeferry"],
        title: "kubeferry",
        asDropdown: true,
        includeVars: true,
        keepTime: true,
      },
    ],
    panels: placed(rows),
  };
}

function datasourceVariable(): object {
  return { name: "datasource", label: "Prometheus", type: "datasource", query: "prometheus", current: {} };
}

function queryVariable(name: Variable): object {
  return {
    name,
    label: name,
    type: "query",
    datasource: DATASOURCE,
    query: { query: VALUES[name], refId: name },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: ".*",
    current: { text: "All", value: "$__all" },
  };
}

/** Rows below each other, their panels from left to right. */
function placed(rows: Dashboard["rows"]): readonly object[] {
  const panels: object[] = [];
  const at = { x: 0, y: 0, height: 0 };
  const nextLine = (): void => {
    at.y += at.height;
    at.x = 0;
    at.height = 0;
  };
  for (const row of rows) {
    nextLine();
    panels.push({
      id: panels.length + 1,
      type: "row",
      title: row.title,
      collapsed: false,
      gridPos: { x: 0, y: at.y, w: COLUMNS, h: 1 },
      panels: [],
    });
    at.height = 1;
    nextLine();
    for (const panel of row.panels) {
      const [w, h] = [panel.width ?? 12, HEIGHTS[panel.kind]];
      if (at.x + w > COLUMNS) nextLine();
      panels.push({ id: panels.length + 1, gridPos: { x: at.x, y: at.y, w, h }, ...grafanaPanel(panel) });
      at.x += w;
      at.height = Math.max(at.height, h);
    }
  }
  return panels;
}

function grafanaPanel(panel: Panel): object {
  const { title, description, kind, queries } = panel;
  return {
    type: kind,
    title,
    description,
    datasource: DATASOURCE,
    targets: queries.map((query, index) => target(query, index, kind)),
    fieldConfig: { defaults: fieldDefaults(panel), overrides: kind === "table" ? columnUnits(queries) : [] },
    ...OPTIONS[kind],
    ...(kind === "table" ? { transformations: oneRowACluster(queries) } : {}),
  };
}

const OPTIONS: Readonly<Record<Panel["kind"], object>> = {
  stat: {
    options: {
      reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
      textMode: "auto",
      graphMode: "none",
    },
  },
  timeseries: {
    options: {
      legend: { displayMode: "list", placement: "bottom", showLegend: true },
      tooltip: { mode: "multi", sort: "desc" },
    },
  },
  table: { options: { showHeader: true, cellHeight: "sm" } },
};

function target({ expr, legend }: Query, index: number, kind: Panel["kind"]): object {
  const seen = kind === "timeseries" ? { range: true } : { instant: true, range: false };
  return {
    refId: refId(index),
    datasource: DATASOURCE,
    expr,
    legendFormat: legend,
    ...seen,
    ...(kind === "table" ? { format: "table" } : {}),
  };
}

function fieldDefaults({ unit, limit, kind }: Panel): object {
  const drawn = kind === "timeseries" ? { custom: { lineWidth: 1, fillOpacity: 5, showPoints: "auto" } } : {};
  if (limit === undefined) return { unit, ...drawn };
  const [below, above] = limit.bad === "above" ? ["green", "red"] : ["red", "green"];
  const steps = [
    { color: below, value: null },
    { color: above, value: limit.value },
  ];
  return { unit, ...drawn, thresholds: { mode: "absolute", steps } };
}

function columnUnits(queries: readonly Query[]): readonly object[] {
  return queries.flatMap(({ legend, unit }) =>
    unit === undefined
      ? []
      : [{ matcher: { id: "byName", options: legend }, properties: [{ id: "unit", value: unit }] }],
  );
}

/** Each query brings a column "Value #A"; they are joined by their labels and called by what they say. */
function oneRowACluster(queries: readonly Query[]): readonly object[] {
  const names = queries.map(({ legend }, index) => [`Value #${refId(index)}`, legend] as const);
  return [
    { id: "merge", options: {} },
    { id: "organize", options: { excludeByName: { Time: true }, renameByName: Object.fromEntries(names) } },
  ];
}

/** 0 -> "A" */
function refId(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}
