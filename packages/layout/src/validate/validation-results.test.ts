import type { ValidationFinding } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { createValidationResults } from "./validation-results.ts";

const ERROR: ValidationFinding = { severity: "error", rule: "policy/x", object: "Deployment shop/web", message: "no" };
const WARNING: ValidationFinding = { ...ERROR, severity: "warning" };

describe("findings of a run", () => {
  it("come errors first, and name the environments unless it is all of them", () => {
    const results = createValidationResults(["dev", "test", "prod"]);
    results.add(WARNING, ["dev", "test", "prod"]);
    results.add(ERROR, ["prod"]);
    results.add(ERROR, ["dev"]);
    expect(results.summary).toEqual({
      errors: 1,
      warnings: 1,
      findings: [{ ...ERROR, environments: ["dev", "prod"] }, WARNING],
    });
  });

  it("are counted beyond what is listed of one rule", () => {
    const results = createValidationResults(["dev"], 2);
    for (let number = 0; number < 10; number++)
      results.add({ ...WARNING, object: `Deployment shop/${number}` }, ["dev"]);
    results.add(ERROR, ["dev"]);
    const { errors, warnings, findings } = results.summary;
    expect({ errors, warnings, listed: findings.length }).toEqual({ errors: 1, warnings: 10, listed: 3 });
  });
});
