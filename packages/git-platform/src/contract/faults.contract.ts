import { beforeAll, describe, expect, it } from "vitest";
import { PlatformError } from "../platform-error.ts";
import { actedOn } from "./acted-on.contract.ts";
import type { ContractFault, OpenHow } from "./contract-host.contract.ts";
import { shownOf } from "./leaks.contract.ts";
import { type ActedOn, type Method, methodsOf } from "./methods.contract.ts";
import { recordingCall, type Suite } from "./suite.contract.ts";

type Fault = ContractFault["fault"];

/** Each way of failing, and the kind that every method makes of it. */
const FAULTS: readonly (readonly [name: string, fault: Fault, kind: string])[] = [
  ["401", { type: "status", status: 401 }, "denied"],
  ["403", { type: "status", status: 403 }, "denied"],
  ["404", { type: "status", status: 404 }, "not-found"],
  ["409", { type: "status", status: 409 }, "conflict"],
  ["422", { type: "status", status: 422 }, "invalid"],
  ["429", { type: "status", status: 429, headers: { "retry-after": "7" } }, "rate-limited"],
  ["500", { type: "status", status: 500 }, "unavailable"],
  ["503", { type: "status", status: 503 }, "unavailable"],
  ["redirect", { type: "status", status: 302, headers: { location: "https://elsewhere.example.com/" } }, "invalid"],
  ["page", { type: "page", status: 200 }, "invalid"],
  ["sign-in page", { type: "page", status: 203 }, "denied"],
  ["slow body", { type: "slow" }, "unavailable"],
  ["cut connection", { type: "cut" }, "unavailable"],
];

/** Nobody waits in these tests. */
const IMPATIENT: OpenHow = { known: true, repeating: { tries: 2, sleep: async () => undefined } };

/** Only where nothing else would end a request: on a busy machine an answer may take longer. */
const SHORT_MS = 400;

/** Every method times every fault: its kind, what is repeated, and that no credential is shown. */
export function faultTests(suite: Suite): void {
  describe("whatever fails", () => {
    const prepared: { on?: ActedOn } = {};
    beforeAll(async () => {
      prepared.on = await actedOn(suite);
    });
    const on = (): ActedOn => {
      if (prepared.on === undefined) throw new Error("nothing was prepared");
      return prepared.on;
    };

    it.each(FAULTS)("%s has one meaning in every method, and no credential is shown", async (name, fault, kind) => {
      const methods = methodsOf(suite.info()).filter((method) => !differs(suite, method, name));
      const outcomes = await outcomesOf(suite, on(), { fault }, methods);
      const kinds = outcomes.results.map(({ method, error }) => [method.name, kindOf(error)] as const);
      expect(Object.fromEntries(kinds)).toEqual(Object.fromEntries(methods.map((method) => [method.name, kind])));
      const leaked = suite.host().credentials.filter((credential) => outcomes.shown.includes(credential));
      expect(leaked.length).toBe(0);
    });

    it("a Retry-After is told, in seconds and as a date", async () => {
      const [method] = methodsOf(suite.info()).filter(({ name }) => name === "getRepository");
      if (method === undefined) throw new Error("no such method");
      const waits = [];
      for (const after of ["7", new Date(Date.now() + 20_000).toUTCString()]) {
        const fault = { type: "status", status: 429, headers: { "retry-after": after } } as const;
        const { results } = await outcomesOf(suite, on(), { fault }, [method]);
        waits.push(...results.map(({ error }) => (error instanceof PlatformError ? error.retryAfterMs : undefined)));
      }
      expect(waits[0]).toBe(7_000);
      expect(waits[1]).toBeGreaterThan(1_000);
      expect(waits[1]).toBeLessThanOrEqual(20_000);
    });

    it.each(["503", "cut connection", "429"])("what writes is sent once when %s answers it", async (name) => {
      const [, fault] = FAULTS.find(([each]) => each === name) ?? [];
      if (fault === undefined) throw new Error("no such fault");
      for (const method of methodsOf(suite.info())) {
        const before = suite.host().requests().length;
        // Reading goes well, so that what writes is reached.
        await outcomesOf(suite, on(), { fault, matches: (request) => request.method !== "GET" }, [method]);
        const sent = suite.host().requests().slice(before);
        const written = sent.filter((each) => each.method === "POST" || each.method === "PATCH");
        const seen = written.map(({ method: verb, path, body }) => `${verb} ${path} ${JSON.stringify(body)}`);
        expect(new Set(seen).size, `${method.name}: ${seen.join(", ")}`).toBe(seen.length);
      }
    });

    it("what reads is asked for again after 503", async () => {
      const methods = methodsOf(suite.info()).filter(({ name }) => name === "getRepository");
      const before = suite.host().requests().length;
      const fault = { type: "status", status: 503 } as const;
      const { results } = await outcomesOf(suite, on(), { fault, times: 1 }, methods);
      expect(results.map(({ error }) => error)).toEqual([undefined]);
      expect(suite.host().requests().length - before).toBeGreaterThanOrEqual(2);
    });
  });
}

function differs({ differs: { faults = {} } }: Suite, { name }: Method, fault: string): boolean {
  return `${name} ${fault}` in faults;
}

interface Outcomes {
  readonly results: readonly { readonly method: Method; readonly error: unknown }[];
  /** All that could be seen of errors, logs and the platform. */
  readonly shown: string;
}

// All at once: a fault may take as long as the time limit.
async function outcomesOf(
  suite: Suite,
  on: ActedOn,
  rule: ContractFault,
  methods: readonly Method[],
): Promise<Outcomes> {
  const host = suite.host();
  const platform = host.open(rule.fault.type === "slow" ? { ...IMPATIENT, timeoutMs: SHORT_MS } : IMPATIENT);
  const log = recordingCall();
  host.misbehave(rule);
  try {
    const results = await Promise.all(
      methods.map(async (method) => ({ method, error: await errorOf(method.act(platform, on, log.call)) })),
    );
    return { results, shown: shownOf(platform, log.lines, ...results.map(({ error }) => error)) };
  } finally {
    host.behave();
    await platform.close();
  }
}

async function errorOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

function kindOf(error: unknown): unknown {
  return error instanceof PlatformError ? error.kind : (error ?? "no error");
}
