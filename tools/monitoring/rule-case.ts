/** What Prometheus has seen, and whether an alert fires then. Each alert has a case in which it does, and one in which not. */
export interface RuleCase {
  readonly alert: string;
  /** "the newest run failed" */
  readonly when: string;
  /** Series to values, as promtool writes them, the first at the beginning of time: "1x40", "0+1x40" ("0x40" is a hexadecimal number). */
  readonly given: Readonly<Record<string, string>>;
  /** How far the values lie apart, and the looks at the rules; an hour unless said. */
  readonly every?: Step;
  /** After so many steps. */
  readonly at: number;
  /** Labels of what fires, without name and severity; [] when nothing does. */
  readonly fires: readonly Readonly<Record<string, string>>[];
}

/** Steps of the clock in a case. */
type Step = keyof typeof STEP_MINUTES;

const STEP_MINUTES = { "5m": 5, "1h": 60, "1d": 1440 } as const;

/** The cluster and series of most cases. */
export const EAST = { cluster: "example.internal/east", series: "default" } as const;

/** A series of `EAST`: "cluster_backup_errors_total{cluster=…,series=…}". */
export function east(metric: string, more: Readonly<Record<string, string>> = {}): string {
  return `${metric}${selector({ ...EAST, ...more })}`;
}

/** Labels as they stand behind a metric's name: '{cluster="a/b"}'. */
export function selector(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? "{}" : `{${pairs.join(",")}}`;
}

/** Files that `promtool test rules` reads, JSON being YAML; one for each step of the clock. */
export function promtoolFiles(rules: RuleFiles, cases: readonly RuleCase[]): readonly string[] {
  return STEPS.flatMap((every) => {
    const tests = cases.filter((each) => (each.every ?? "1h") === every).map((each) => promtoolTest(each, every));
    const { files: rule_files, groups: group_eval_order } = rules;
    return tests.length === 0
      ? []
      : JSON.stringify({ rule_files, group_eval_order, evaluation_interval: every, tests });
  });
}

const STEPS = ["5m", "1h", "1d"] as const satisfies readonly Step[];

/** Rules to test: where they lie, and in which order their groups are looked at. */
interface RuleFiles {
  readonly files: readonly string[];
  readonly groups: readonly string[];
}

function promtoolTest({ alert, when, given, at, fires }: RuleCase, every: Step): object {
  return {
    name: `${alert}: ${when}`,
    interval: every,
    input_series: Object.entries(given).map(([series, values]) => ({ series, values })),
    promql_expr_test: [
      {
        expr: `max without (alertname, alertstate, severity) (ALERTS{alertname="${alert}",alertstate="firing"})`,
        eval_time: `${at * STEP_MINUTES[every]}m`,
        exp_samples: fires.map((labels) => ({ labels: selector(labels), value: 1 })),
      },
    ],
  };
}
