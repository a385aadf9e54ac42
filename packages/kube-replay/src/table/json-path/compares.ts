import { compareUtf8, type JsonValue } from "@kubeferry/model";

/**
 * Compares two values of one kind as Go's templates do. @returns "none" for values of different kinds, for kinds that
 * have no order, and for an operator that there is none of
 */
export function compares(left: JsonValue, operator: string, right: JsonValue): boolean | "none" {
  const kind = kindOf(left);
  if (kind === undefined || kind !== kindOf(right)) return "none";
  if (operator === "==") return left === right;
  if (operator === "!=") return left !== right;
  const order = kind === "boolean" ? undefined : orderOf(left, right);
  if (order === undefined) return "none";
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    default:
      return "none";
  }
}

function kindOf(value: JsonValue): "string" | "boolean" | "integer" | "float" | undefined {
  if (typeof value === "string" || typeof value === "boolean") return typeof value as "string" | "boolean";
  if (typeof value === "bigint") return "integer";
  if (typeof value !== "number") return undefined;
  return Number.isInteger(value) ? "integer" : "float";
}

function orderOf(left: JsonValue, right: JsonValue): number | undefined {
  if (typeof left === "string" && typeof right === "string") return compareUtf8(left, right);
  if (typeof left === "string" || typeof right === "string" || left === null || right === null) return undefined;
  if (left < right) return -1;
  return left > right ? 1 : 0;
}
