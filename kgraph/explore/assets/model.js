"use strict";

/* The data of the page, read once; nobody changes it. */
const Data = JSON.parse(document.getElementById("data").textContent);

/* What is shown: which actors and edges are in the picture, what the filters let through, what is selected. */
const Model = (() => {
  const { nodes, edges, claims } = Data;
  const quads = new Map(Data.relations);
  const shownNodes = new Set(nodes.filter((node) => node.shown).map((node) => node.id));
  const shownEdges = new Set(edges.filter((edge) => edge.shown).map((edge) => edge.id));
  const edgesOf = nodes.map(() => []);
  const filter = {};
  const listeners = [];
  let passed = [];
  let selection = null;

  for (const edge of edges) {
    edge.quad = quads.get(edge.relation) || "state";
    edgesOf[edge.from].push(edge);
    if (edge.to !== edge.from) edgesOf[edge.to].push(edge);
  }
  resetFilter();

  function resetFilter() {
    Object.assign(filter, { relations: new Set(), modalities: new Set(), polarities: new Set(), confidence: Data.minConfidence, claims: 1 });
    sift();
  }

  /* How many filters are set; the sets hold what is left out. */
  function filtersSet() {
    const sets = [filter.relations, filter.modalities, filter.polarities].filter((set) => set.size).length;
    return sets + (filter.confidence > Data.minConfidence ? 1 : 0) + (filter.claims > 1 ? 1 : 0);
  }

  function passes(claim) {
    return claim.confidence >= filter.confidence && !filter.modalities.has(claim.modality) && !filter.polarities.has(claim.polarity);
  }

  function sift() {
    passed = edges.map((edge) => (filter.relations.has(edge.relation) ? [] : edge.claims.filter((number) => passes(claims[number]))));
  }

  function claimsOf(edge) {
    const found = passed[edge.id];
    return found.length >= filter.claims ? found : [];
  }

  /* "all", "some" or "none" of an edge's claims are denied; it is `certain` if one is affirmed and actual. */
  function statusOf(edge) {
    const found = claimsOf(edge).map((number) => claims[number]);
    const negated = found.filter((claim) => claim.polarity === "negated").length;
    const denied = negated === 0 ? "none" : negated === found.length ? "all" : "some";
    const asserted = found.filter((claim) => claim.polarity !== "negated");
    const certain = (denied === "all" ? found : asserted).some((claim) => claim.modality === "actual");
    return { count: found.length, denied, certain };
  }

  function visible() {
    const lines = edges.filter((edge) => shownEdges.has(edge.id) && claimsOf(edge).length > 0);
    const ends = new Set(lines.flatMap((edge) => [edge.from, edge.to]));
    if (selection && selection.kind === "node") ends.add(selection.id);
    return { edges: lines, nodes: nodes.filter((node) => ends.has(node.id)) };
  }

  function isShown(node) {
    return shownNodes.has(node.id);
  }

  /* Let an actor in, with its strongest edges to those in the picture; alone it would stand there unconnected. */
  function letIn(id, most = 12) {
    shownNodes.add(id);
    const inside = strongest(edgesOf[id].filter((edge) => shownNodes.has(edge.from) && shownNodes.has(edge.to)), 2);
    for (const edge of inside.length ? inside.slice(0, most) : edgesOf[id].slice(0, 3)) letInEdge(edge.id);
  }

  /* At most so many edges of each pair of actors; they come in order of strength. */
  function strongest(found, each) {
    return byPair(found).flatMap((parallel) => parallel.slice(0, each));
  }

  /* The edges in groups, one for each pair of actors, whichever way they go. */
  function byPair(found) {
    const pairs = new Map();
    for (const edge of found) {
      const pair = `${Math.min(edge.from, edge.to)} ${Math.max(edge.from, edge.to)}`;
      if (!pairs.has(pair)) pairs.set(pair, []);
      pairs.get(pair).push(edge);
    }
    return [...pairs.values()];
  }

  function letInEdge(id) {
    const edge = edges[id];
    shownNodes.add(edge.from).add(edge.to);
    shownEdges.add(id);
  }

  function hiddenNeighbours(id) {
    const found = new Set(edgesOf[id].map((edge) => other(edge, id)).filter((end) => !shownNodes.has(end)));
    return [...found];
  }

  function letInNeighbours(id, most = 15) {
    for (const end of hiddenNeighbours(id).slice(0, most)) letIn(end, 3);
    for (const edge of strongest(edgesOf[id].filter((one) => shownNodes.has(other(one, id))), 1)) letInEdge(edge.id);
    changed();
  }

  function more(number) {
    for (const node of nodes.filter((one) => !shownNodes.has(one.id)).slice(0, number)) letIn(node.id);
    changed();
  }

  function other(edge, id) {
    return edge.from === id ? edge.to : edge.from;
  }

  /* Select {kind: "node" | "edge", id}, or null for nothing; what is not in the picture comes in. */
  function select(what, source) {
    selection = what;
    if (what && what.kind === "node" && !shownNodes.has(what.id)) letIn(what.id);
    if (what && what.kind === "edge" && !shownEdges.has(what.id)) letInEdge(what.id);
    changed(source || "select");
  }

  function changed(source) {
    for (const listener of listeners) listener(source || "view");
  }

  function setFilter(change) {
    change(filter);
    sift();
    changed("filter");
  }

  return {
    filter, edgesOf, byPair, filtersSet, claimsOf, statusOf, visible, isShown, letInNeighbours, hiddenNeighbours, more, other, select,
    setFilter,
    resetFilter() { resetFilter(); changed("filter"); },
    onChange(listener) { listeners.push(listener); },
    get selection() { return selection; },
    get shown() { return shownNodes.size; },
  };
})();
