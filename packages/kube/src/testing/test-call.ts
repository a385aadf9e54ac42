import { type Call, type LogFields, silentLog } from "@kubeferry/model";

/** A call that is not stopped and keeps no log. */
export const testCall: Call = { signal: new AbortController().signal, log: silentLog };

/** A call that keeps the warnings it is told. */
export function callWithWarnings(): { readonly call: Call; readonly warnings: string[] } {
  const warnings: string[] = [];
  const warn = (message: string, _fields?: LogFields) => {
    warnings.push(message);
  };
  return { call: { ...testCall, log: { ...silentLog, warn } }, warnings };
}
