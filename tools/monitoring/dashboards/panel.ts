/** What a panel shows: one value each, a course over time, or one row a cluster. */
type PanelKind = "stat" | "timeseries" | "table";

/** One expression of a panel. */
export interface Query {
  /** PromQL; `$cluster`, `$series`, `$repository` and `$__range` are Grafana's. */
  readonly expr: string;
  /** What its line is called, "{{cluster}}"; in a table the title of its column. */
  readonly legend: string;
  /** Of a column, where it is another one than that of the panel. */
  readonly unit?: Unit;
}

/** Grafana's names. */
type Unit = "percentunit" | "s" | "short" | "bytes" | "bool_yes_no";

/** One panel: everything else is the same for all. */
export interface Panel {
  readonly title: string;
  /** What it says, and when it is bad; shown beside the title. */
  readonly description: string;
  readonly kind: PanelKind;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** From this value on it is drawn in red; below it where `bad` says so. */
  readonly limit?: { readonly value: number; readonly bad: "above" | "below" };
  /** Of 24 columns; 12 unless said. */
  readonly width?: 6 | 8 | 12 | 24;
}

/** Panels under a heading. */
interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** What is asked of the reader at the top of a dashboard. */
export type Variable = "cluster" | "series" | "repository";

/** One dashboard. */
export interface Dashboard {
  /** "kubeferry-backup": its address in Grafana, so that links stay. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  /** How far it looks back: "28d". */
  readonly range: string;
  readonly rows: readonly Row[];
}
