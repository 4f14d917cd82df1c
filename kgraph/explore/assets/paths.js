"use strict";

/* The shortest way from one actor to another, along edges that the filters let through; of several the one with most claims. */
const Paths = (() => {
  function find(from, to) {
    const best = new Map([[from, { strength: 0, via: null }]]);
    let layer = [from];
    while (layer.length && !best.has(to)) layer = next(layer, best);
    if (!best.has(to)) return null;
    const way = [];
    for (let at = to; at !== null; at = best.get(at).via) way.unshift(at);
    return way;
  }

  /* The actors one step further; each remembers by whom it is reached best. */
  function next(layer, best) {
    const found = new Map();
    for (const id of layer) {
      for (const [end, count] of around(id)) {
        if (best.has(end)) continue;
        const strength = best.get(id).strength + Math.log2(1 + count);
        if (!found.has(end) || found.get(end).strength < strength) found.set(end, { strength, via: id });
      }
    }
    for (const [end, how] of found) best.set(end, how);
    return [...found.keys()].sort((a, b) => a - b);
  }

  function around(id) {
    const counts = new Map();
    for (const edge of Model.edgesOf[id]) {
      const end = Model.other(edge, id);
      const count = Model.claimsOf(edge).length;
      if (count && end !== id) counts.set(end, (counts.get(end) || 0) + count);
    }
    return counts;
  }

  return { find };
})();
