/** One line of the code that must not go unnoticed, and the test that notices. */
export interface Mutation {
  /** What the line is there for. */
  readonly name: string;
  readonly file: string;
  /** The text as it stands, exactly once in the file. */
  readonly find: string;
  /** What it is mutated to; "" removes it. */
  readonly replace: string;
  readonly test: {
    readonly file: string;
    /** As the runner names it. */
    readonly name: string;
    /** What of the name stands in a file, where a table fills in the rest, or where it stands in a contract. */
    readonly written?: { readonly text: string; readonly file?: string };
  };
}

const PRUNE = "packages/snapshot/src/prune/prune.test.ts";
const PRUNE_RACE = "packages/snapshot/src/prune/prune-race.test.ts";
const SAFETY = "apps/gitops/src/safety.server.test.ts";

/** The promises, each by the line that keeps it. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: "the manifest is created only where none is: if-none-match",
    file: "packages/snapshot/src/writer/commit.ts",
    find: '{ condition: { ifAbsent: true }, contentType: "application/json" }',
    replace: '{ contentType: "application/json" }',
    test: { file: "packages/snapshot/src/writer/race.test.ts", name: "exactly one" },
  },
  {
    name: "every blob that is named is looked for before the commit",
    file: "packages/snapshot/src/writer/commit.ts",
    find: "if (gone === undefined) return { drafts: kept, failures };",
    replace: "if (gone === undefined || gone !== undefined) return { drafts: kept, failures };",
    test: { file: "packages/snapshot/src/writer/writer.test.ts", name: "names a blob which is gone" },
  },
  {
    name: "bytes are compared with the digest in their name before they are opened",
    file: "packages/snapshot/src/blob/read-blob.ts",
    find: 'if (sha256Hex(stored) !== ref.sha256) throw damaged(key, "its bytes have another digest than its name");',
    replace: "",
    test: { file: "packages/snapshot/src/damage.test.ts", name: "is refused as damaged" },
  },
  {
    name: "another cluster's UID under this name stops the run",
    file: "apps/backup/src/run.ts",
    find: "  checkCluster(parent, cluster);\n",
    replace: "",
    test: { file: "apps/cli/src/e2e/bad-input.test.ts", name: "meets another cluster under its name" },
  },
  {
    name: "an object's bytes are copied, not serialised again",
    file: "packages/kube/src/list/object-line.ts",
    find: "line: hasKind && hasApiVersion ? item : Buffer.concat([prefix, item.subarray(1)]),",
    replace:
      'line: Buffer.from(JSON.stringify(JSON.parse((hasKind && hasApiVersion ? item : Buffer.concat([prefix, item.subarray(1)])).toString("utf8")))),',
    test: { file: "packages/kube/src/list/list-real-objects.test.ts", name: "custom resources byte for byte" },
  },
  {
    name: "the mirror is brought up after the commit",
    file: "apps/backup/src/run.ts",
    find: "const mirror = await bringMirrorUp(context, series, call);",
    replace: "const mirror: Awaited<ReturnType<typeof bringMirrorUp>> = { put: 0, deleted: 0, failures: [] };",
    test: { file: "apps/cli/src/e2e/demo.test.ts", name: "leaves a store that verifies" },
  },
  {
    name: "values of Secrets are withheld before the segment",
    file: "apps/backup/src/capture-line.ts",
    find: "return { ...object, line: withholdSecret(object.line) };",
    replace: "return { ...object, line: withholdSecret(object.line) && object.line };",
    test: { file: "apps/cli/src/e2e/planted-secret.test.ts", name: "in no byte of the bucket" },
  },
  {
    name: "a Pod is left out only when its controller's type was read",
    file: "apps/backup/src/filter/owner-rule.ts",
    find: "if (owner === undefined || filter === undefined) return false;",
    replace: "if (owner === undefined || filter === undefined) return ownerType !== undefined;",
    test: { file: "apps/backup/src/filter/owner-rule.test.ts", name: "could not be read" },
  },
  {
    name: "a Pod is left out only when no filter can have left out its controller",
    file: "apps/backup/src/filter/owner-rule.ts",
    find: "return filter.surelyTakes(objectKey(splitObjectKey(object.key, true).namespace, owner.name));",
    replace: "return filter !== undefined;",
    test: { file: "apps/backup/src/filter/owner-rule.test.ts", name: "a filter may have left out its ReplicaSet" },
  },
  {
    name: "a type that could not be read proves no object absent",
    file: "apps/gitops/src/plan/absence.ts",
    find: 'if (captured.status !== "read") return () => false;',
    replace: 'if (captured.status !== "read") return () => true;',
    test: { file: SAFETY, name: "keeps" },
  },
  {
    name: "what a filter leaves out is not proven to be gone",
    file: "apps/gitops/src/plan/absence.ts",
    find: "return (ref) => scope.outOfScope({ ...ref, resource: typeName(ref) }) === undefined;",
    replace: "return (ref) => scope.outOfScope({ ...ref, resource: typeName(ref) }) !== null;",
    test: {
      file: SAFETY,
      name: "keeps every object of a type that was read of other namespaces only",
      written: { text: "keeps every object of a type that %s" },
    },
  },
  {
    name: "what is excluded stays out, whatever includes it",
    file: "apps/backup/src/filter/type-filter.ts",
    find: 'if (excluded !== undefined) return left("excluded_by_blacklist", excluded);',
    replace: "",
    test: { file: "apps/backup/src/filter/type-filter.test.ts", name: "the truth table of modes" },
  },
  {
    name: "an object that left the scope is not reported as removed",
    file: "packages/snapshot/src/diff/diff-snapshots.ts",
    find: 'if (type !== undefined) return type.captured.status === "read" && isInScope(type.captured.scope, known);',
    replace: 'if (type !== undefined) return type.captured.status === "read";',
    test: {
      file: "apps/backup/src/filters.server.test.ts",
      name: "does not report as removed what a new filter leaves out",
    },
  },
  {
    name: "a run that reached a limit says so instead of dropping what it did not read",
    file: "apps/backup/src/collect-all.ts",
    find: "if (quota.reached !== undefined) state.failures.push(quotaFailure(quota.reached, state));",
    replace: "",
    test: {
      file: "apps/backup/src/filters.server.test.ts",
      name: "ends as partial when maxObjects is reached",
      written: { text: "ends as partial when %s is reached" },
    },
  },
  {
    name: "earlier bytes stand only while nothing but status moved",
    file: "apps/backup/src/status-only.ts",
    find: "const { status: _status, metadata: _metadata, ...rest } = object;",
    replace: "const { status: _status, metadata: _metadata, spec: _spec, ...rest } = object;",
    test: { file: "apps/backup/src/status-only.server.test.ts", name: "and not a moment longer" },
  },
  {
    name: "a cluster that is down does not stop the others",
    file: "apps/cli/src/stages/backup-clusters.ts",
    find: "if (call.signal.aborted) throw error;",
    replace: "if (error !== undefined) throw error;",
    test: { file: "apps/cli/src/e2e/clusters.test.ts", name: "go on while one of them is down" },
  },
  {
    name: "each cluster is reached with its own kubeconfig",
    file: "apps/cli/src/stages/backup-clusters.ts",
    find: "const own = { ...session, config, call };",
    replace:
      "const own = { ...session, config: { ...config, kubernetes: clusters[0]?.kubernetes ?? config.kubernetes }, call };",
    test: { file: "apps/cli/src/e2e/clusters.test.ts", name: "never get each other's credentials" },
  },
  {
    name: "more removals than allowed stop the run",
    file: "apps/gitops/src/plan/removal-limit.ts",
    find: "if (removed.length <= allowed) return;",
    replace: "if (removed.length <= allowed || removed.length > 0) return;",
    test: { file: SAFETY, name: "stops before it removes more than is allowed" },
  },
  {
    name: "a folder that people edited is left alone",
    file: "apps/gitops/src/plan/plan-folder.ts",
    find: "if (foreign.size > 0) return untouched(folder, { frozen: { folder, files: [...foreign].sort() } });",
    replace: "",
    test: { file: SAFETY, name: "freezes a folder that people edited" },
  },
  {
    name: "a push goes through only if the branch is where it was read",
    file: "packages/git/src/clone.ts",
    find: '"--no-verify", lease, "origin"',
    replace: '"--no-verify", lease.slice(0, 0) || "--force", "origin"',
    test: { file: "packages/git/src/work-tree.test.ts", name: "that lost a race is a conflict" },
  },
  {
    name: "counters go on from the parent's manifest",
    file: "apps/backup/src/run.ts",
    find: "countFailuresSince(parent?.manifest.counters ?? NO_RUNS, found.lease.failedRuns)",
    replace: "countFailuresSince(NO_RUNS, found.lease.failedRuns)",
    test: { file: "apps/cli/src/e2e/metrics.test.ts", name: "is in each manifest" },
  },
  {
    name: "failed runs that the lease counted are in the counters",
    file: "apps/backup/src/run.ts",
    find: "countFailuresSince(parent?.manifest.counters ?? NO_RUNS, found.lease.failedRuns)",
    replace: "countFailuresSince(parent?.manifest.counters ?? NO_RUNS, 0)",
    test: { file: "apps/cli/src/e2e/metrics.test.ts", name: "is in each manifest" },
  },
  {
    name: "a failed run that only the gateway knows is not forgotten",
    file: "packages/telemetry/src/metrics/count-run.ts",
    find: "failedRuns: Math.max(stored.failedRuns, pushed.failedRuns),",
    replace: "failedRuns: stored.failedRuns,",
    test: { file: "packages/telemetry/src/metrics/count-run.test.ts", name: "never fall behind" },
  },
  {
    name: "what last-applied holds is not cleaned away",
    file: "packages/clean/src/evidence.ts",
    find: "isOwned: (path, controllers = []) => inLastApplied(path) || appliers",
    replace: "isOwned: (path, controllers = []) => appliers",
    test: { file: "packages/clean/src/rules/must-stay.test.ts", name: "the claim that a volume is reserved for" },
  },
  {
    name: "a last-applied that cannot be read counts as holding everything",
    file: "packages/clean/src/evidence.ts",
    find: "return isJsonObject(parsed) ? parsed : UNREADABLE;\n  } catch (error) {\n    if (error instanceof SyntaxError || error instanceof RangeError) return UNREADABLE;",
    replace:
      "return isJsonObject(parsed) ? parsed : undefined;\n  } catch (error) {\n    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;",
    test: { file: "packages/clean/src/rules/rules.test.ts", name: "cannot be read" },
  },
  {
    name: "nothing goes out of lists of custom resources",
    file: "packages/clean/src/clean.ts",
    find: "if (rule.reachesLists !== true && !isBuiltIn(type) && isInList(path)) return false;",
    replace: "",
    test: { file: "packages/clean/src/clean.test.ts", name: "out of a list of a custom resource" },
  },
  {
    name: "a status that is content stays",
    file: "packages/clean/src/rules/fields/status.ts",
    find: '(isContent(object, evidence) ? [] : present(object, ["status"]))',
    replace: 'present(object, ["status"])',
    test: { file: "packages/clean/src/rules/controllers.test.ts", name: "only those wrote it who applied" },
  },
  {
    name: "Endpoints that somebody applied stay",
    file: "packages/clean/src/rules/objects/generated-endpoints.ts",
    find: 'keptWhen: "owned"',
    replace: 'keptWhen: "nothing"',
    test: { file: "packages/clean/src/rules/rules.test.ts", name: "keeps those made by hand" },
  },
  {
    name: "words that YAML reads as booleans are quoted",
    file: "packages/clean/src/yaml/scalar.ts",
    find: '  "yes",\n',
    replace: "",
    test: { file: "packages/clean/src/yaml/emit.test.ts", name: "in every case, because some parser reads no text" },
  },
  {
    name: "a cut lists at its revision, not as of now",
    file: "apps/backup/src/collect-type.ts",
    find: "return { request: { ...request, revision: cut.revision }, sorted: false };",
    replace: "return { request, sorted: false };",
    test: { file: "apps/backup/src/consistency.server.test.ts", name: "holds no torn pair" },
  },
  {
    name: "a revision of another store is not taken for one of the cut",
    file: "apps/backup/src/consistency.ts",
    find: "at !== undefined && at >= reference.at && at <= until",
    replace: "at !== undefined",
    test: { file: "apps/backup/src/consistency.test.ts", name: "whose store counts differently" },
  },
  {
    name: "a server that is gone is left alone",
    file: "packages/kube/src/http/circuit-breaker.ts",
    find: "return await stoppedBy(call.signal, policy.execute(request));",
    replace: "return await stoppedBy(call.signal, policy === undefined ? policy : request());",
    test: { file: "packages/kube/src/http/guarded-http.test.ts", name: "that is gone is left alone" },
  },
  {
    name: "a server under pressure has fewer lists read at once",
    file: "packages/kube/src/list/list-turns.ts",
    find: "limit = Math.max(1, Math.floor(limit / 2));",
    replace: "limit = Math.max(1, limit);",
    test: {
      file: "packages/kube/src/http/guarded-http.test.ts",
      name: "are halved when the server has too much to do",
    },
  },
  {
    name: "a login program that hangs is killed with what it started",
    file: "packages/kube/src/connect/run-plugin.ts",
    find: 'else process.kill(-child.pid, "SIGKILL");',
    replace: 'else process.kill(child.pid, "SIGKILL");',
    test: {
      file: "packages/kube/src/connect/exec-plugin.test.ts",
      name: "that hangs is killed with all that it started",
    },
  },
  {
    name: "a run sits out an API server that restarts",
    file: "apps/backup/src/collect-type.ts",
    find: "(await patience.sitOut(error, context.listSignal))",
    replace: "patience === undefined",
    test: { file: "apps/backup/src/hard-cases.server.test.ts", name: "dies and starts again" },
  },
  {
    name: "no object goes on whose JSON is broken",
    file: "packages/kube/src/list/list-splitter.ts",
    find: "if (!isCompactJson(item)) throw this.#malformed();",
    replace: "",
    test: {
      file: "packages/kube/src/list/list-splitter.test.ts",
      name: "refuses a misspelt word deep inside",
      written: { text: '["a misspelt word deep inside"' },
    },
  },
  {
    name: "a list as of a revision never goes on from a later one",
    file: "packages/kube/src/list/list-objects.ts",
    find: "if (request.strict === true || request.revision !== undefined) return false;",
    replace: "if (request.strict === true) return false;",
    test: { file: "packages/kube/src/list/list-revision.test.ts", name: "does not go on from a later one" },
  },
  {
    name: "a put whose answer was lost is recognised by its token",
    file: "packages/object-store/src/s3/put.ts",
    find: "=== token ? etagIn(answer.headers) : undefined",
    replace: "=== `${token}` && token === undefined ? etagIn(answer.headers) : undefined",
    test: {
      file: "packages/object-store/src/s3/minio.test.ts",
      name: "counts as done when it had been stored: ifAbsent",
      written: {
        text: "counts as done when it had been stored: ifAbsent",
        file: "packages/object-store/src/s3/faults.contract.ts",
      },
    },
  },
  {
    name: "an object says until when it is locked",
    file: "packages/object-store/src/s3/get.ts",
    find: "    ...(lockedUntil === undefined ? {} : { lockedUntil }),\n",
    replace: "",
    test: { file: "packages/object-store/src/s3/object-lock.test.ts", name: "until when it is locked" },
  },
  {
    name: "keys that were refused are read again before a request fails",
    file: "packages/object-store/src/s3/wire.ts",
    find: "if (!refusesKeys(error) || !(await source.renewed(keys, call))) throw error;",
    replace: "if (!refusesKeys(error) || source !== undefined) throw error;",
    test: {
      file: "packages/object-store/src/s3/keys/rotation.test.ts",
      name: "are followed when a kubelet replaces them",
    },
  },
  {
    name: "lent keys are asked for once, however many wait",
    file: "packages/object-store/src/s3/keys/lent-keys.ts",
    find: "state.asking ??= lend",
    replace: "state.asking = lend",
    test: { file: "packages/object-store/src/s3/keys/lent-by-clouds.test.ts", name: "are asked for once" },
  },
  {
    name: "a store that is away is left alone",
    file: "packages/object-store/src/s3/breaker.ts",
    find: "return await policy.execute(work);",
    replace: "return await (policy === undefined ? policy : work());",
    test: { file: "packages/object-store/src/s3/faults.test.ts", name: "is not asked any more after five" },
  },
  {
    name: "Google is asked for a condition by its own name",
    file: "packages/object-store/src/s3/dialects/google.ts",
    find: '"x-goog-if-generation-match": "ifAbsent" in condition ? "0"',
    replace: '"if-none-match": "ifAbsent" in condition ? "*"',
    test: {
      file: "packages/object-store/src/s3/dialects/google.test.ts",
      name: "creates with ifAbsent what is not there",
      written: {
        text: "creates with ifAbsent what is not there",
        file: "packages/object-store/src/contract/writing.contract.ts",
      },
    },
  },
  {
    name: "retention keeps the newest complete snapshot",
    file: "packages/snapshot/src/retention/retention.ts",
    find: '  keep(newestFirst.find(isComplete), "newest complete");\n',
    replace: "",
    test: { file: "packages/snapshot/src/retention/retention.test.ts", name: "newest complete" },
  },
  {
    name: "prune removes no bytes that are younger than gcGrace",
    file: "packages/snapshot/src/prune/prune.ts",
    find: "olderThan: new Date(storeTime.getTime() - gcGraceMs),",
    replace: "olderThan: storeTime,",
    test: { file: PRUNE, name: "once they are older than gcGrace" },
  },
  {
    name: "bytes that were written again since they were listed stay",
    file: "packages/snapshot/src/prune/remove-key.ts",
    find: '    if (olderThan !== undefined && modifiedAt >= olderThan) return { outcome: "young" };\n',
    replace: "",
    test: { file: PRUNE, name: "were written again after prune had listed them" },
  },
  {
    name: "prune removes manifests before what only they name",
    file: "packages/snapshot/src/prune/prune.ts",
    find: `  const left = await removeSnapshots(pruning, history, goingKeys(snapshots), call);
  await removeUnnamed(pruning, left, call);`,
    replace: `  const going = goingKeys(snapshots);
  await removeUnnamed(pruning, history.snapshots.filter(({ key }) => !going.has(key)), call);
  await removeSnapshots(pruning, history, going, call);`,
    test: { file: PRUNE, name: "killed just" },
  },
  {
    name: "prune does not believe a manifest that was copied from another cluster",
    file: "packages/snapshot/src/prune/prune.ts",
    find: "{ trust: options.trust, cluster: options.cluster }",
    replace: "{ trust: options.trust }",
    test: { file: PRUNE, name: "another cluster's manifest was copied" },
  },
  {
    name: "a clock that was ahead makes no other snapshot look old",
    file: "packages/snapshot/src/prune/prune.ts",
    find: "decideRetention(own, policy, storeTime)",
    replace: "decideRetention(own, policy)",
    test: { file: PRUNE, name: "behind a run whose clock was years ahead" },
  },
  {
    name: "a run that was overtaken after its last look takes its manifest back",
    file: "packages/snapshot/src/writer/commit.ts",
    find: "  await takeBackIfOvertaken(place, stored, call);\n",
    replace: "",
    test: { file: PRUNE_RACE, name: "is lost when others committed twice" },
  },
  {
    name: "types that are credentials as a whole are not taken in clear",
    file: "apps/backup/src/filter/type-filter.ts",
    find: 'if (omitted !== undefined) return left("secrets_omitted", omitted);',
    replace: "",
    test: { file: "apps/backup/src/filter/type-filter.test.ts", name: "a type whose objects are credentials" },
  },
  {
    name: "prune removes nothing while a manifest cannot be read",
    file: "packages/snapshot/src/prune/prune.ts",
    find: "  if (history.unreadable.length > 0) {",
    replace: "  if (history.unreadable.length > 1_000_000) {",
    test: { file: PRUNE, name: "removes nothing while a manifest" },
  },
  {
    name: "no DELETE is sent for what the store protects",
    file: "packages/snapshot/src/prune/remove-key.ts",
    find: '    if (lockedUntil !== undefined && lockedUntil > storeTime) return { outcome: "later", lockedUntil };\n',
    replace: "",
    test: { file: PRUNE, name: "never sends a DELETE for it" },
  },
  {
    name: "old bytes that nobody names are written again before they are named",
    file: "packages/snapshot/src/writer/put-blob.ts",
    find: "return place.isNamedByParent(found.key) || !place.isOld(found);",
    replace: "return true;",
    test: { file: PRUNE_RACE, name: "whenever prune runs beside it" },
  },
  {
    name: "a run waits for removals under way before it looks whether its bytes are there",
    file: "packages/snapshot/src/writer/writer.ts",
    find: "  await grace.settle(call);\n",
    replace: "",
    test: { file: PRUNE_RACE, name: "by a removal that was on its way" },
  },
  {
    name: "a run that took longer than its share of gcGrace is not committed",
    file: "packages/snapshot/src/writer/writer.ts",
    find: "  grace.checkAge();\n",
    replace: "",
    test: { file: PRUNE_RACE, name: "took so long" },
  },
  {
    name: "a lease is taken over only from the holder that was looked at",
    file: "packages/snapshot/src/lease/acquire-lease.ts",
    find: "if (current.holder !== undefined && (dead === undefined || !isSame(current.holder, dead))) return undefined;",
    replace: "",
    test: { file: "packages/snapshot/src/lease/lease.test.ts", name: "exactly one of several" },
  },
  {
    name: "an unsigned manifest is refused once somebody is trusted",
    file: "packages/snapshot/src/manifest/believe.ts",
    find: "if (trust === undefined || sequence <= trust.unsignedUntil) return",
    replace: "if (trust === undefined || sequence > 0) return",
    test: { file: "packages/snapshot/src/protection/signed.test.ts", name: "refuses an unsigned manifest" },
  },
  {
    name: "a signature is checked against the bytes it stands under",
    file: "packages/snapshot/src/protection/signature.ts",
    find: "return verify(null, signed, publicKey, ed25519) ? undefined :",
    replace: 'return verify(null, signed, publicKey, ed25519) || key !== "" ? undefined :',
    test: { file: "packages/snapshot/src/protection/signed.test.ts", name: "one character is another" },
  },
  {
    name: "a signed manifest under another number is refused",
    file: "packages/snapshot/src/manifest/read-manifest.ts",
    find: "if (manifest.sequence !== sequenceOf(series, key)) return `it says sequence ${manifest.sequence}`;",
    replace: "",
    test: {
      file: "packages/snapshot/src/protection/signed.test.ts",
      name: "under another sequence",
      written: { text: "refuses a signed manifest under %s" },
    },
  },
  {
    name: "a snapshot whose parent was replaced is refused",
    file: "packages/snapshot/src/series.ts",
    find: "if (options.trust !== undefined && !known) await checkParentLink(store, stored, call);",
    replace: "",
    test: { file: "packages/snapshot/src/protection/signed.test.ts", name: "whose parent was replaced" },
  },
  {
    name: "encrypted bytes are compared with their digest before they are opened",
    file: "packages/snapshot/src/segment/read-segment.ts",
    find: "const stored = await readStored(store, key, segment, call);",
    replace:
      "const stored = await readStored(store, key, segment, call).catch(async () => Buffer.from(await new Response(ReadableStream.from((await store.get(key, call))?.body ?? [])).arrayBuffer()));",
    test: { file: "packages/snapshot/src/protection/sealed.test.ts", name: "another age file for the same recipient" },
  },
  {
    name: "an object that is encrypted to somebody else is named, not left out",
    file: "packages/snapshot/src/snapshot.ts",
    find: "yield { type, key, readable: false, sealed };",
    replace: "",
    test: { file: "packages/snapshot/src/protection/sealed.test.ts", name: "names what it cannot open" },
  },
  {
    name: "clear Secrets of before are not carried into an encrypted snapshot",
    file: "packages/snapshot/src/writer/drafts.ts",
    find: "return draft.segments.filter(({ sealed }) => sealed !== undefined);",
    replace: "return draft.segments;",
    test: { file: "packages/snapshot/src/protection/sealed.test.ts", name: "does not carry clear Secrets" },
  },
  {
    name: "an encrypted object is not taken for one that is gone",
    file: "apps/gitops/src/plan/absence.ts",
    find: "for await (const { type, key } of snapshot.states(select, call)) present.add(",
    replace:
      "for await (const { type, key, ...object } of snapshot.objects(select, call)) if (object.readable) present.add(",
    test: { file: "apps/gitops/src/sealed.server.test.ts", name: "keeps in Git what is encrypted now" },
  },
  {
    name: "an old key that contradicts a new one is an error",
    file: "packages/shared-config/src/join-parts.ts",
    find: "problems: parts.flatMap((part) => [...part.problems, ...contradictions(part)]),",
    replace: "problems: parts.flatMap((part) => part.problems),",
    test: { file: "packages/shared-config/src/old-names/old-names.test.ts", name: "that say something else" },
  },
  {
    name: "a variable for one key of the mirror does not switch the mirror on again",
    file: "packages/shared-config/src/join-parts.ts",
    find: "tree: tree === undefined ? undefined : writeOutShorthands(tree),",
    replace: "tree,",
    test: { file: "packages/shared-config/src/old-names/old-names.test.ts", name: "a section that is written short" },
  },
  {
    name: "two entries of clusters never name one cluster",
    file: "packages/shared-config/src/schema/config.ts",
    find: 'for (const [index, message] of repeatedClusters(clusters, domain)) yield [["clusters", index, "name"], message];',
    replace: "",
    test: { file: "packages/shared-config/src/clusters.test.ts", name: "two entries for one cluster" },
  },
  {
    name: "every secret of a configuration is found, wherever it stands",
    file: "packages/shared-config/src/secrets-of.ts",
    find: "return Object.values(config).flatMap(secretsOf);",
    replace: "return Object.values(config).filter((value) => value instanceof Secret);",
    test: { file: "packages/shared-config/src/clusters.test.ts", name: "secrets of their own" },
  },
  {
    name: "init never writes over a key",
    file: "apps/cli/src/init/run-init.ts",
    find: "await refuseExisting([...(encrypts ? [identity] : []), ...(answers.signing ? [signing] : [])]);",
    replace: "",
    test: { file: "apps/cli/src/e2e/init.test.ts", name: "writes over nothing" },
  },
  {
    name: "keys that init makes are readable by their owner alone",
    file: "apps/cli/src/init/run-init.ts",
    find: 'await writeFile(path, privateText, { flag: "wx", mode: 0o600 });',
    replace: 'await writeFile(path, privateText, { flag: "wx" });',
    test: { file: "apps/cli/src/e2e/init.test.ts", name: "in an empty folder" },
  },
  {
    name: "nothing is taken out of a list of a custom resource",
    file: "packages/clean/src/clean.ts",
    find: "if (rule.reachesLists !== true && !isBuiltIn(type) && isInList(path)) return false;",
    replace: "",
    test: { file: "packages/clean/src/clean.test.ts", name: "never takes anything out of a list" },
  },
  {
    name: "what somebody applied stays",
    file: "packages/clean/src/clean.ts",
    find: "return evidence.isLive && !evidence.isOwned(path, rule.appliedBy);",
    replace: "return evidence.isLive;",
    test: { file: "packages/clean/src/rules/rules.test.ts", name: "stays when last-applied or an Apply manager" },
  },
  {
    name: "a node port that was created with the Service stays",
    file: "packages/clean/src/clean.ts",
    find: "return evidence.isLive && !evidence.isWritten(path);",
    replace: "return evidence.isLive && !evidence.isOwned(path);",
    test: { file: "packages/clean/src/rules/rules.test.ts", name: "where a manager wrote one" },
  },
  {
    name: "an object that somebody applied is not left out",
    file: "packages/clean/src/clean.ts",
    find: "(evidence.isLive && !evidence.isApplied(rule.appliedBy))",
    replace: "evidence.isLive",
    test: { file: "packages/clean/src/rules/fixtures.test.ts", name: "keeps an object that somebody applied" },
  },
  {
    name: "other rules are another fingerprint, so that the mirror is written anew",
    file: "packages/clean/src/cleaner.ts",
    find: "if (disable.length === 0 && rules.length === 0) return rulesVersion;",
    replace: "if (disable.length + rules.length >= 0) return rulesVersion;",
    test: { file: "packages/clean/src/cleaner.test.ts", name: "is another one for other settings" },
  },
  {
    name: "a generated host and its marker go or stay together",
    file: "packages/clean/src/rules/fields/generated-route-host.ts",
    find: " || evidence.isOwned(HOST) || evidence.isOwned(MARKER)",
    replace: "",
    test: { file: "packages/clean/src/rules/known-mistakes.test.ts", name: "3. a generated host goes with its marker" },
  },
];
