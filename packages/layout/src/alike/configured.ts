import type { ComparedEnvironment } from "@kubeferry/model";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import { GitOpsError } from "../gitops-error.ts";
import { scanObject } from "../scan/scan-object.ts";
import type { Parameter } from "./parameters.ts";
import { withoutWords } from "./words.ts";

/** What is left of texts once configured parameters are taken out. */
interface Generalised {
  readonly texts: readonly string[];
  readonly used: readonly Parameter[];
}

/** Takes configured parameters out of texts, one text for each environment of the numbers. */
export type TakeOut = (texts: readonly string[], environments: readonly number[]) => Generalised;

/** @throws GitOpsError "config" for a text of `gitops.parameters` that looks like a credential: parameters are shown */
export function checkParameters(configured: GitOpsConfig["parameters"]): void {
  for (const [name, texts] of Object.entries(configured)) {
    for (const [environment, text] of Object.entries(texts)) {
      if (scanObject({ [name]: text }, "").length > 0) throw looksSecret(name, environment);
    }
  }
}

/**
 * The parameters of `gitops.parameters`, longest first, since one may be part of another. One counts between environments
 * that it says a text for, all of them.
 */
export function configuredParameters(
  configured: GitOpsConfig["parameters"],
  environments: readonly ComparedEnvironment[],
): TakeOut {
  const parameters = Object.entries(configured)
    .map(([name, texts]) => parameterOf(name, texts, environments))
    .sort((one, other) => lengthOf(other) - lengthOf(one));
  return (texts, numbers) => {
    let left = texts;
    const used: Parameter[] = [];
    for (const [index, parameter] of parameters.entries()) {
      // No text of a cluster holds the mark.
      const mark = `\u0000${index}\u0000`;
      const values = numbers.map((number) => parameter.values.get(environments[number]?.name ?? ""));
      const general = left.map((text, place) => withoutWords(text, values[place] ?? "", mark));
      if (!general.every((text) => text !== undefined)) continue;
      // What all environments call alike is no difference between them.
      if (values.every((value) => value === values[0])) continue;
      left = general;
      used.push(parameter);
    }
    return { texts: left, used };
  };
}

function parameterOf(
  name: string,
  texts: GitOpsConfig["parameters"][string],
  environments: readonly ComparedEnvironment[],
): Parameter {
  const values = new Map<string, string>();
  for (const environment of environments) {
    const text = Object.hasOwn(texts, environment.name) ? texts[environment.name] : undefined;
    if (text !== undefined) values.set(environment.name, text);
  }
  return { name, configured: true, values };
}

function lengthOf({ values }: Parameter): number {
  return [...values.values()].reduce((sum, text) => sum + text.length, 0);
}

function looksSecret(name: string, environment: string): GitOpsError {
  return new GitOpsError({
    kind: "config",
    who: "gitops",
    operation: "read the configuration",
    problem: `gitops.parameters.${name}.${environment} looks like a credential, and parameters are shown to everybody`,
    next: "drop it; credentials are never compared by value",
  });
}
