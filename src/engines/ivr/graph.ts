/** Small graph questions over step ids. All are linear in steps and exits and do not recurse. */
type Followers = (id: string) => readonly string[];

/** Everything that can be reached from `starts`, these included. */
export function reachableFrom(starts: readonly string[], followers: Followers): Set<string> {
  const seen = new Set(starts);
  const open = [...starts];
  for (let id = open.pop(); id !== undefined; id = open.pop())
    for (const next of followers(id))
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
  return seen;
}

/** The same graph, seen from the other end. */
export function reversed(ids: readonly string[], followers: Followers): Followers {
  const before = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const id of ids) for (const next of followers(id)) before.get(next)?.push(id);
  return (id) => before.get(id) ?? [];
}

/** Nodes in the order in which a depth-first walk leaves them. */
export function finishOrder(ids: readonly string[], followers: Followers): string[] {
  const seen = new Set<string>();
  const order: string[] = [];
  for (const root of ids) {
    if (seen.has(root)) continue;
    seen.add(root);
    const stack = [{ id: root, rest: [...followers(root)] }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        order.push(top.id);
        stack.pop();
      } else if (!seen.has(next)) {
        seen.add(next);
        stack.push({ id: next, rest: [...followers(next)] });
      }
    }
  }
  return order;
}

/**
 * Groups of nodes that lead to each other in a circle (strongly connected components with at least one edge inside),
 * by Kosaraju's two walks. Followers outside `ids` are ignored. Each group keeps the order of `ids`.
 */
export function loops(ids: readonly string[], followers: Followers): readonly string[][] {
  const inside = new Set(ids);
  const inner: Followers = (id) => followers(id).filter((next) => inside.has(next));
  const backwards = reversed(ids, inner);
  const taken = new Set<string>();
  const groups: string[][] = [];
  for (const root of finishOrder(ids, inner).reverse()) {
    if (taken.has(root)) continue;
    const group = reachableFrom([root], (id) => backwards(id).filter((next) => !taken.has(next)));
    for (const id of group) taken.add(id);
    if (group.size > 1 || inner(root).includes(root))
      groups.push(ids.filter((id) => group.has(id)));
  }
  return groups;
}
