import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { emitJson } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "@kubeferry/model";
import { RecoveryError } from "../recovery-error.ts";
import { PlanSchema } from "./plan-schema.ts";
import type { RestorePlan } from "./restore-plan.ts";

const FORMAT = 1;
/** More than a plan about a hundred thousand objects has. */
const MAX_PLAN_CHARACTERS = 256 * 1024 * 1024;

/** A plan as text: equal plans give equal bytes. */
export function renderPlan(plan: RestorePlan): string {
  return emitJson(plan as unknown as JsonObject);
}

/**
 * Writes a plan where an apply finds it: whole or not at all, readable by its owner alone.
 * @throws RecoveryError "config" where the file cannot be written
 */
export async function writePlanFile(path: string, plan: RestorePlan): Promise<void> {
  const beside = `${path}.${randomUUID()}`;
  try {
    const file = await open(beside, "wx", 0o600);
    try {
      await file.writeFile(renderPlan(plan));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw problem(`write ${path}`, `the file cannot be written: ${codeOf(cause)}`, "give another --out", cause);
  }
}

/** Reads a plan again. @throws RecoveryError "config" for a file that is none, or that a later version has written */
export async function readPlanFile(path: string): Promise<RestorePlan> {
  const operation = `read ${path}`;
  const text = await textOf(path, operation);
  if (text.length > MAX_PLAN_CHARACTERS) throw notAPlan(operation, "it is too large for one");
  const value = parsed(text, operation);
  const format = isJsonObject(value) ? value.format : undefined;
  if (typeof format === "number" && format > FORMAT) {
    const next = "apply it with the version that made it, or plan again with this one";
    throw problem(operation, `it has format ${format}, and this version knows ${FORMAT}`, next);
  }
  const plan = PlanSchema.safeParse(value);
  if (plan.success) return plan.data;
  const [issue] = plan.error.issues;
  const place = issue?.path.join(".") ?? "";
  throw notAPlan(operation, `${place === "" ? "the whole" : place}: ${issue?.message ?? "not as expected"}`);
}

async function textOf(path: string, operation: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw problem(operation, `the file cannot be read: ${codeOf(cause)}`, "name a file that restore plan wrote", cause);
  }
}

function parsed(text: string, operation: string): JsonValue {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw notAPlan(operation, "it is no JSON, or was cut off");
  }
}

function notAPlan(operation: string, what: string): RecoveryError {
  return problem(operation, `it is no restore plan: ${what}`, "name a file that `kubeferry restore plan --out` wrote");
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
}

function problem(operation: string, text: string, next: string, cause?: unknown): RecoveryError {
  return new RecoveryError({ kind: "config", who: "restore", operation, problem: text, next, cause });
}
