import type { Finding } from "../doctor/check.ts";

/** "ok    store: put: written", or what is wrong and what to run. */
export function describeFindings(findings: readonly Finding[]): string {
  return findings.flatMap(lines).join("\n");
}

function lines({ check, ok, detail, next }: Finding): string[] {
  const first = `${ok ? "ok  " : "FAIL"}  ${check}: ${detail}`;
  return ok || next === undefined ? [first] : [first, `      next: ${next}`];
}
