import { compareUtf8, isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { objects, text, texts } from "./fields.ts";

const OPERATORS: Readonly<Record<string, string>> = { In: " in ", NotIn: " notin " };

/** A map of labels: "app=web,tier=front"; "<none>" when it is empty. */
export function labelsText(labels: JsonValue | undefined): string {
  return pairs(labels).toSorted(compareUtf8).join(",") || "<none>";
}

/** A label selector: "app=web,tier in (back,front),!old"; "<none>" when it is empty. */
export function selectorText(selector: JsonValue | undefined): string {
  return bareSelectorText(selector) || "<none>";
}

/** A label selector as `selectorText` writes it; "" when it is empty. */
export function bareSelectorText(selector: JsonValue | undefined): string {
  if (!isJsonObject(selector)) return "";
  const equal = Object.entries(matchLabels(selector)).map(([key, value]) => ({ key, shown: `${key}=${value}` }));
  const expressions = objects(selector, "matchExpressions").map((expression) => ({
    key: text(expression, "key"),
    shown: expressionText(expression),
  }));
  const sorted = [...equal, ...expressions].toSorted((a, b) => compareUtf8(a.key, b.key));
  return sorted.map(({ shown }) => shown).join(",");
}

function expressionText(expression: JsonObject): string {
  const key = text(expression, "key");
  const operator = text(expression, "operator");
  const sign = OPERATORS[operator];
  if (sign === undefined) return operator === "DoesNotExist" ? `!${key}` : key;
  return `${key}${sign}(${texts(expression, "values").toSorted(compareUtf8).join(",")})`;
}

function matchLabels(selector: JsonObject): JsonObject {
  const labels = selector.matchLabels;
  return isJsonObject(labels) ? labels : {};
}

function pairs(labels: JsonValue | undefined): string[] {
  return isJsonObject(labels) ? Object.entries(labels).map(([key, value]) => `${key}=${value}`) : [];
}
