// Two recordings side by side: which call of the one is which call of the other, and where they part.

const inTrap = node => node !== null && (node.kind === "trap" || inTrap(node.parent));

// The calls in order, as lines: depth and name tell them apart. When an interrupt comes says nothing of
// what the program asked for, so that handlers are left out.
function lines(calls) {
  return calls.nodes.filter(node => node.kind !== "jump" && !inTrap(node))
      .map(node => ({node, key: `${node.depth} ${calls.title(node)}`}));
}

// [{ left, right }]: nodes of both calls trees in order; one of the two is null where only the other has it.
// The longest common subsequence, computed from the end.
export function align(leftCalls, rightCalls) {
  const left = lines(leftCalls), right = lines(rightCalls);
  const length = Array.from({length: left.length + 1}, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--)
      length[i][j] = left[i].key === right[j].key ? length[i + 1][j + 1] + 1
                                                  : Math.max(length[i + 1][j], length[i][j + 1]);
  const rows = [];
  let i = 0, j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i].key === right[j].key)
      rows.push({left: left[i++].node, right: right[j++].node});
    else if (j >= right.length || i < left.length && length[i + 1][j] >= length[i][j + 1])
      rows.push({left: left[i++].node, right: null});
    else rows.push({left: null, right: right[j++].node});
  }
  return rows;
}

// The first row that only one of them has, inside a system call; null: they do the same.
export function parting(rows, leftCalls, rightCalls) {
  const inKernel = (node, calls) => calls.model.ring[node.t0] === 0 && calls.syscall(node.t0);
  return rows.find(row => !row.left && inKernel(row.right, rightCalls) ||
                       !row.right && inKernel(row.left, leftCalls)) ??
      null;
}

// The time in the other recording that belongs to time t of this one: in the same call, equally far in.
export function counterpart(t, rows, from, to, calls) {
  let best = null;
  for (const row of rows)
    if (row[from] && row[to] && row[from].t0 <= t) best = row;
  if (!best) return 0;
  const here = calls.node(t);
  const same = rows.find(row => row[from] === here && row[to]);
  const row = same ?? best;
  return Math.min(row[to].t0 + (t - row[from].t0), row[to].t1 - 1);
}
