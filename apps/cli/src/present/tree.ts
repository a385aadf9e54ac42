/** Draws paths as a tree: "├── base", "│   └── web.yaml". @param paths relative, "/" between */
export function drawTree(root: string, paths: readonly string[]): string {
  return [root, ...branches(nest(paths), "")].join("\n");
}

interface Node {
  readonly children: Map<string, Node>;
}

function nest(paths: readonly string[]): Node {
  const top: Node = { children: new Map() };
  for (const path of paths) {
    let at = top;
    for (const part of path.split("/")) {
      const next = at.children.get(part) ?? { children: new Map() };
      at.children.set(part, next);
      at = next;
    }
  }
  return top;
}

function branches(node: Node, indent: string): string[] {
  const names = [...node.children.keys()];
  return names.flatMap((name, index) => {
    const last = index === names.length - 1;
    const child = node.children.get(name) ?? { children: new Map() };
    return [`${indent}${last ? "└── " : "├── "}${name}`, ...branches(child, `${indent}${last ? "    " : "│   "}`)];
  });
}
