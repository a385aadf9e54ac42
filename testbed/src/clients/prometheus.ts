/** A Prometheus that runs. */
export interface Prometheus {
  readonly url: string;
  /**
   * Evaluates an expression now.
   * @returns its one value; undefined when there is none
   * @throws Error when the expression gives several series, or cannot be evaluated
   */
  query(expression: string): Promise<number | undefined>;
}

/** Talks to a Prometheus. */
export function createPrometheus(url: string): Prometheus {
  return {
    url,
    async query(expression) {
      const answer = await fetch(`${url}/api/v1/query`, {
        method: "POST",
        body: new URLSearchParams({ query: expression }),
      });
      const { data, error } = (await answer.json()) as QueryAnswer;
      if (data === undefined) throw new Error(`${expression}: ${error}`);
      const [only, second] = data.result;
      if (second !== undefined) throw new Error(`${expression}: ${data.result.length} series`);
      return only === undefined ? undefined : Number(only.value[1]);
    },
  };
}

interface QueryAnswer {
  readonly data?: { readonly result: readonly { readonly value: readonly [number, string] }[] };
  readonly error?: string;
}
