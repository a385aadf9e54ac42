/** A Prometheus that runs. */
export interface Prometheus {
  readonly url: string;
  /**
   * Evaluates an expression now.
   * @returns its one value; undefined when there is none
   * @throws Error when the expression gives several series, or cannot be evaluated
   */
  query(expression: string): Promise<number | undefined>;
  /** Evaluates an expression now. @returns each of its values @throws Error when it cannot be evaluated */
  values(expression: string): Promise<readonly number[]>;
  /** What fires now, by the names of alerts: the annotations as they are sent. */
  firing(): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>;
}

/** Talks to a Prometheus. */
export function createPrometheus(url: string): Prometheus {
  async function values(expression: string): Promise<readonly number[]> {
    const body = new URLSearchParams({ query: expression });
    const answer = await fetch(`${url}/api/v1/query`, { method: "POST", body });
    const { data, error } = (await answer.json()) as QueryAnswer;
    if (data === undefined) throw new Error(`${expression}: ${error}`);
    return data.result.map(({ value }) => Number(value[1]));
  }
  return {
    url,
    values,
    async query(expression) {
      const [only, ...others] = await values(expression);
      if (others.length > 0) throw new Error(`${expression}: ${others.length + 1} series`);
      return only;
    },
    async firing() {
      const { data } = (await (await fetch(`${url}/api/v1/alerts`)).json()) as AlertsAnswer;
      const firing = data.alerts.filter(({ state }) => state === "firing");
      return new Map(firing.map(({ labels, annotations }) => [labels.alertname, annotations]));
    },
  };
}

interface QueryAnswer {
  readonly data?: { readonly result: readonly { readonly value: readonly [number, string] }[] };
  readonly error?: string;
}

interface AlertsAnswer {
  readonly data: {
    readonly alerts: readonly {
      readonly state: string;
      readonly labels: Readonly<Record<string, string>> & { readonly alertname: string };
      readonly annotations: Readonly<Record<string, string>>;
    }[];
  };
}
