import type { Call } from "@kubeferry/model";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import type { Source } from "../read/source.ts";
import type { PolicyRule } from "./policy/policy-rule.ts";
import type { OpenApiDocuments } from "./schema/api-schemas.ts";
import { createSchemaCheck } from "./schema/schema-check.ts";
import { createValidator, type Validator } from "./validator.ts";

/**
 * The rules of the configured policy files. Without any, their languages are not even loaded.
 * @throws ConfigError naming what cannot be used with its file, line and rule
 */
export async function openPolicies({ validation }: GitOpsConfig): Promise<readonly PolicyRule[]> {
  if (validation.policies.length === 0) return [];
  const { readPolicies } = await import("./policy/read-policies.ts");
  return readPolicies(validation.policies);
}

/** The validator of a run, with the API documents of its sources behind it. */
export function openValidator(
  { validation }: GitOpsConfig,
  policies: readonly PolicyRule[],
  sources: readonly Source[],
): Validator {
  const documentsOf = async (id: string, call: Call): Promise<OpenApiDocuments | undefined> =>
    (await sources.find((source) => source.id === id)?.api(call))?.openapi;
  const { schema } = validation;
  return createValidator(validation, {
    schema: schema === "off" ? undefined : createSchemaCheck(documentsOf, schema === "error" ? "error" : "warning"),
    policies,
  });
}
