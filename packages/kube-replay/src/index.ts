export { type ReplayServer, serveSnapshot } from "./replay-server.ts";
export { createTable, type Table, type TableOptions } from "./table/create-table.ts";
