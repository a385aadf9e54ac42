import type { ServerResponse } from "node:http";
import type { RecordedRequest } from "./recorded-request.ts";

/** A way in which a host fails to answer as it should. */
export type Fault =
  | { readonly type: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** A page for people where JSON was asked for: with 200 a portal's, with 203 a sign-in page. */
  | { readonly type: "page"; readonly status: 200 | 203 }
  /** Begins an answer and never ends it. */
  | { readonly type: "slow" }
  /** Breaks the connection off in mid-body. */
  | { readonly type: "cut" };

/** Which requests are answered so, and how many of them. */
interface FaultRule {
  readonly fault: Fault;
  /** All when left out. */
  readonly times?: number;
  /** Every request when left out. */
  readonly matches?: (request: RecordedRequest) => boolean;
}

/** What a host under test is told to do wrong. */
export interface Faults {
  misbehave(rule: FaultRule): void;
  /** Does everything right again. */
  behave(): void;
  /** The fault that this request meets; it is counted. */
  next(request: RecordedRequest): Fault | undefined;
}

/** Nothing is wrong at first. */
export function createFaults(): Faults {
  const rules: { readonly rule: FaultRule; left: number }[] = [];
  return {
    misbehave: (rule) => void rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }),
    behave: () => void rules.splice(0),
    next(request) {
      const found = rules.find(({ rule, left }) => left > 0 && (rule.matches?.(request) ?? true));
      if (found === undefined) return undefined;
      found.left -= 1;
      return found.rule.fault;
    },
  };
}

const PAGE = "<!doctype html><html><body>Sign in to continue</body></html>";

/** Answers as the fault has it. A slow answer ends when the client goes away. */
export function actOut(fault: Fault, response: ServerResponse): void {
  switch (fault.type) {
    case "status":
      response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
      response.end(JSON.stringify({ message: "as the test asked for" }));
      return;
    case "page":
      response.writeHead(fault.status, { "content-type": "text/html; charset=utf-8" });
      response.end(PAGE);
      return;
    case "slow":
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"message":');
      return;
    case "cut":
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"message":', () => response.destroy());
      return;
    default:
      fault satisfies never;
  }
}
