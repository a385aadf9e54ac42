import type { Finding } from "../doctor/check.ts";

/** "ok    store: put: written", or what is wrong, what to run and where to read on. */
export function describeFindings(findings: readonly Finding[]): string {
  return findings.flatMap(lines).join("\n");
}

function lines({ check, ok, detail, next, page }: Finding): string[] {
  const first = `${ok ? "ok  " : "FAIL"}  ${check}: ${detail}`;
  if (ok) return [first];
  return [
    first,
    ...(next === undefined ? [] : [`      next: ${next}`]),
    ...(page === undefined ? [] : [`      see:  ${page}`]),
  ];
}
