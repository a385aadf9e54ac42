import { StorageError } from "../storage-error.ts";
import { S3 } from "./errors.ts";

/** Where a server listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly useSsl: boolean;
  /** "http://127.0.0.1:9000" */
  readonly url: string;
}

/** @throws StorageError "invalid" saying what is wrong with store.endpoint; credentials in it are never repeated */
export function parseEndpoint(text: string, useSsl: boolean | undefined): Endpoint {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const url = URL.parse(hasScheme ? text : `${useSsl === false ? "http" : "https"}://${text}`);
  if (url === null || url.hostname === "" || !/^https?:$/.test(url.protocol)) {
    throw wrong("it is neither a URL nor host:port", 'write it like "http://127.0.0.1:9000"');
  }
  if (url.username !== "" || url.password !== "") {
    throw wrong("it holds a user name or a password", "use store.accessKey and store.secretKey");
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw wrong("it goes on after host and port", "move the path to store.bucket and store.prefix");
  }
  const secure = url.protocol === "https:";
  if (hasScheme && useSsl !== undefined && useSsl !== secure) {
    throw wrong(`its scheme contradicts store.useSsl: ${useSsl}`, "drop one of them");
  }
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  return { host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port, useSsl: secure, url: url.origin };
}

function wrong(problem: string, next: string): StorageError {
  return new StorageError({ kind: "invalid", who: S3, operation: "read store.endpoint", problem, next });
}
