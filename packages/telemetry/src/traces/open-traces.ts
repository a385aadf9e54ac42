import { Secret } from "@kubeferry/model";
import { redact } from "../redactor.ts";
import { parseHeaders } from "./headers.ts";
import { plainTraces } from "./plain-traces.ts";
import type { Traces } from "./traces.ts";
import { type Environment, SECRET_VARIABLES, type TracingSettings, tracingTarget } from "./tracing-target.ts";

/**
 * Opens the traces of a process. Ids are made in any case; OpenTelemetry is loaded only where spans are to be sent.
 * @param env OpenTelemetry's variables; its exporter reads those of connections (certificates, compression, resource)
 *   from the process itself
 */
export async function openTraces(
  settings: TracingSettings,
  env: Environment,
  service: { readonly version: string },
): Promise<Traces> {
  const target = tracingTarget(settings, env);
  if (target === undefined) return plainTraces;
  for (const text of [settings.headers?.reveal(), ...SECRET_VARIABLES.map((name) => env[name])]) redactHeaders(text);
  const { openOtlpTraces } = await import("./otlp/open-otlp-traces.ts");
  return openOtlpTraces(target, env, service);
}

/** A header's value is a secret as it is written, as it is sent, and without the word in front of it. */
function redactHeaders(text: string | undefined): void {
  if (text === undefined) return;
  for (const value of Object.values(parseHeaders(text))) {
    redact(new Secret(value));
    redact(new Secret(value.replace(/^\w+ +/, "")));
  }
}
