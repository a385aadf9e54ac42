import { describe, expect, it } from "vitest";
import { checkRollback } from "./check-rollback.ts";

const plain = { via: "git", sync: false, dryRun: false, yes: false, namespace: ["shop"] } as const;

describe("the options of a rollback", () => {
  it.each([
    [{ yes: true }, "--yes: usage: a pull request is only proposed; --yes belongs to --via cluster"],
    [{ sync: true, dryRun: true }, "a dry run proposes nothing that could be synced"],
    [{ timeout: "5m" }, "--timeout: usage: without --sync nothing is waited for"],
    [{ toContext: "other" }, "--to-context: usage: a rollback through Git asks no cluster but with --sync"],
    [{ via: "cluster", sync: true }, "it belongs to --via git"],
    [{ via: "cluster", timeout: "5m" }, "--timeout: usage: it is how long --sync waits"],
    [{ via: "cluster", dryRun: true }, "without --yes the plan is only shown"],
    [{ via: "cluster", namespace: [] }, "name namespaces with -n"],
  ] as const)("%j are refused: one of them would do nothing", (given, said) => {
    expect(() => checkRollback({ ...plain, ...given })).toThrow(said);
  });

  it.each([
    {},
    { dryRun: true },
    { sync: true, timeout: "5m", toContext: "other" },
    { via: "cluster", yes: true, toContext: "other" },
  ] as const)("%j go together", (given) => {
    expect(() => checkRollback({ ...plain, ...given })).not.toThrow();
  });
});
