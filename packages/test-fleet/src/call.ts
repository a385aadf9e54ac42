import { type Call, silentLog } from "@kubeferry/model";

/** A call that nothing stops and nobody listens to. */
export const testCall: Call = { signal: new AbortController().signal, log: silentLog };
