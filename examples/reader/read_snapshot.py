"""Lists every object of the newest snapshot of a cluster, and checks what it reads on the way.

Written from docs/bucket-format.md alone, for a store that is a folder. Ends with 1 at the first thing that is not as it should be.
"""
import argparse, base64, hashlib, heapq, json, pathlib, re, sys
import zstandard

LIMIT = 256 * 1024 * 1024


def check(holds, what):
    if not holds:
        sys.exit(f"refused: {what}")


def verify(line, rest, public_key):
    from cryptography.hazmat.primitives import serialization
    check(rest, "the manifest is not signed")
    key = serialization.load_pem_public_key(public_key)
    signature = base64.b64decode(json.loads(rest)["signature"]["ed25519"], validate=True)
    key.verify(signature, b"kubeferry manifest\n" + line)  # raises InvalidSignature


def read_manifest(path, public_key):
    line, newline, rest = path.read_bytes().partition(b"\n")
    if public_key:
        verify(line + newline, rest, public_key)
    manifest = json.loads(line)
    check(manifest["format"] == 1, f"format {manifest['format']} is newer than this reader")
    check(manifest["sequence"] == int(path.stem), f"{path.name} says that it is {manifest['sequence']}")
    check(manifest["series"] == path.parent.name, f"{path.name} belongs to series {manifest['series']}")
    return manifest


def read_identity(path):
    import pyrage
    return pyrage.x25519.Identity.from_str(path.read_text().strip())


def unseal(stored, identity):
    import pyrage
    return pyrage.decrypt(stored, [identity])


def read_blob(snapshots, kind, ref, limit, identity=None):
    check(re.fullmatch(r"[0-9a-f]{64}", ref["sha256"]), "a digest that is none")
    stored = (snapshots / kind / f"{ref['sha256']}.ndjson.zst{'.age' if identity else ''}").read_bytes()
    check(len(stored) == ref["sizeBytes"], f"{ref['sha256']} has another size")
    check(hashlib.sha256(stored).hexdigest() == ref["sha256"], f"{ref['sha256']} has another digest")
    frame = unseal(stored, identity) if identity else stored
    check(0 <= zstandard.frame_content_size(frame) <= limit, f"{ref['sha256']} opens to too much")
    return zstandard.ZstdDecompressor().decompress(frame, max_output_size=limit, allow_extra_data=False)


def objects_in(snapshots, segment, identity):
    """Yields (key, object); the object is None where it is encrypted and there is no identity."""
    states = [json.loads(line) for line in read_blob(snapshots, "state", segment["state"], LIMIT).splitlines()]
    check(len(states) == segment["objects"], f"{segment['sha256']} has another count")
    if "sealed" in segment and identity is None:
        return [(state["k"], None) for state in states]
    raw = read_blob(snapshots, "segments", segment, segment["rawBytes"], identity if "sealed" in segment else None)
    check(len(raw) == segment["rawBytes"], f"{segment['sha256']} opens to another size")
    objects = [json.loads(line) for line in raw.split(b"\n")[:-1]]
    keys = ["/".join(filter(None, [o["metadata"].get("namespace"), o["metadata"]["name"]])) for o in objects]
    check(keys == [state["k"] for state in states], f"{segment['sha256']} holds other objects")
    return list(zip(keys, objects))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=pathlib.Path, help="the cluster's folder: <store>/<domain>/<cluster>")
    parser.add_argument("--series", default="default")
    parser.add_argument("--public-key", type=pathlib.Path, help="PEM; the manifest must be signed by it")
    parser.add_argument("--identity", type=pathlib.Path, help="age identity, for what is encrypted")
    args = parser.parse_args()
    snapshots = args.root / "_snapshots"
    manifests = sorted(p for p in (snapshots / args.series).iterdir() if re.fullmatch(r"\d{10}\.json", p.name))
    check(manifests, "there is no snapshot")
    manifest = read_manifest(manifests[-1], args.public_key and args.public_key.read_bytes())
    identity = args.identity and read_identity(args.identity)
    for entry in manifest["types"]:
        name = ".".join(filter(None, [entry["resource"], entry["group"]]))
        runs = [objects_in(snapshots, segment, identity) for segment in entry["segments"]]
        for key, found in heapq.merge(*runs, key=lambda pair: pair[0].encode()):
            print(name, key, "encrypted" if found is None else found["metadata"].get("resourceVersion", ""))


main()
