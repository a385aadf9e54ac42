import { keyOfStep } from "@kubeferry/model";

/**
 * What a place is called where others of the same setting are called so too: the last step of its path, of an environment
 * variable its name. A place that is only a number or "value" is like no other, and keeps its whole path.
 * @param path a JSON Pointer: "/spec/template/spec/containers/web/env/LOG_LEVEL/value"
 */
export function fieldName(path: string): string {
  const steps = path.split("/").slice(1).map(keyOfStep);
  const variable = steps.at(-3) === "env" && steps.at(-1) === "value" ? steps.at(-2) : undefined;
  const last = variable ?? steps.at(-1) ?? "";
  const named = /^\d+$/.test(last) ? steps.at(-2) : last;
  return named === undefined || named === "value" || /^\d+$/.test(named) ? path : named;
}
