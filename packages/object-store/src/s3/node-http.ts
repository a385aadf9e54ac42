import type nodeHttp from "node:http";
import type nodeHttps from "node:https";

// An import statement of node:http reads every export of it, and one of them loads a client for the web's sockets: 35 ms of
// each start. Asked for like this, only what is used is loaded.
export const http: typeof nodeHttp = process.getBuiltinModule("node:http");
export const https: typeof nodeHttps = process.getBuiltinModule("node:https");
