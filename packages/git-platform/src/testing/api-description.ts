import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import type { RecordedRequest } from "./recorded-request.ts";

/** A host's published OpenAPI description, as far as requests are concerned. */
export interface ApiDescription {
  /** What is wrong with a request; undefined when the description allows it. */
  problemOf(request: RecordedRequest): string | undefined;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly required?: boolean; readonly content?: Readonly<Record<string, unknown>> };
}
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/**
 * The published description of a host, in the folder that KUBEFERRY_OPENAPI_DIR names. They are not part of this
 * project. Undefined when it is not there.
 */
export function descriptionFile(name: string): string | undefined {
  const folder = process.env.KUBEFERRY_OPENAPI_DIR;
  const file = folder === undefined ? undefined : join(folder, `${name}.json`);
  return file !== undefined && existsSync(file) ? file : undefined;
}

/** Reads a description. */
export function readDescription(file: string): ApiDescription {
  const description = JSON.parse(readFileSync(file, "utf8")) as { readonly paths: Paths };
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(description, "api");
  const validators = new Map<string, ValidateFunction>();
  return {
    problemOf(request) {
      const url = new URL(request.path, "http://host");
      const method = request.method.toLowerCase();
      const path = templateOf(description.paths, method, url.pathname);
      if (path === undefined) return "no such operation";
      const operation = description.paths[path]?.[request.method.toLowerCase()] ?? {};
      const wrongQuery = queryProblem(operation, url);
      if (wrongQuery !== undefined) return wrongQuery;
      return bodyProblem(ajv, validators, { path, method, operation }, request.body);
    },
  };
}

// Of several the one that leaves least open; a name in the last place may hold slashes, as those of branches do.
function templateOf(paths: Paths, method: string, pathname: string): string | undefined {
  const templates = Object.keys(paths)
    .filter((template) => method in (paths[template] ?? {}))
    .sort((one, other) => one.split("{").length - other.split("{").length);
  return (
    templates.find((template) => patternOf(template, "[^/]+").test(pathname)) ??
    templates
      .filter((template) => HOLDS_SLASHES.test(template))
      .find((template) => patternOf(template, ".+").test(pathname))
  );
}

const HOLDS_SLASHES = /\{(head|branch|branchName|ref|refName|name)\}$/;

function patternOf(template: string, last: string): RegExp {
  const escaped = template.replace(/[.*+?^$|()[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\{[^}]+\}$/, last).replace(/\{[^}]+\}/g, "[^/]+")}$`);
}

function queryProblem(operation: Operation, url: URL): string | undefined {
  const parameters = (operation.parameters ?? []).filter((one) => one.in === "query");
  const known = new Set(parameters.map(({ name }) => name));
  const unknown = [...url.searchParams.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) return `unknown query parameter ${unknown}`;
  const missing = parameters.find(({ name, required }) => required === true && !url.searchParams.has(name));
  return missing === undefined ? undefined : `missing query parameter ${missing.name}`;
}

function bodyProblem(
  ajv: Ajv,
  validators: Map<string, ValidateFunction>,
  at: { readonly path: string; readonly method: string; readonly operation: Operation },
  body: unknown,
): string | undefined {
  const { requestBody } = at.operation;
  if (requestBody === undefined) return body === undefined ? undefined : "a body that is not asked for";
  if (body === undefined && requestBody.required === false) return undefined;
  const key = `${at.method} ${at.path}`;
  const pointer = at.path.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("{", "%7B").replaceAll("}", "%7D");
  const schema = `api#/paths/${pointer}/${at.method}/requestBody/content/application~1json/schema`;
  const validate = validators.get(key) ?? ajv.compile({ $ref: schema });
  validators.set(key, validate);
  return validate(body) ? undefined : ajv.errorsText(validate.errors);
}
