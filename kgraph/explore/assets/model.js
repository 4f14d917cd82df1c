"use strict";

/* What is shown. The picture is the first one and the steps taken since; filters say which claims count; something
   may be selected. All of this is one plain value, `state`, that can be kept and put back. */
const Model = (() => {
  const { nodes, edges, claims } = Data;
  const NEAR = 15; // so many neighbours come in at once
  const shownNodes = new Set();
  const shownEdges = new Set();
  const edgesOf = [];
  const filter = {};
  const listeners = [];
  let first = "shown"; // which marks of the page make the first picture: "small" is the one of a phone
  let steps = [];
  let passed = [];
  let selection = null;

  index();
  Object.assign(filter, unfiltered());
  sift();

  /* Each actor's edges, strongest first; done again when a server has sent more. */
  function index() {
    edgesOf.length = 0;
    for (let id = 0; id < nodes.length; id += 1) edgesOf.push([]);
    for (const edge of edges) {
      edgesOf[edge.from].push(edge);
      if (edge.to !== edge.from) edgesOf[edge.to].push(edge);
    }
  }

  /* --- filters; the sets hold what is left out --- */

  function unfiltered() {
    return {
      relations: new Set(), modalities: new Set(), polarities: new Set(), sources: new Set(),
      confidence: Data.minConfidence, claims: 1, from: null, to: null, undated: true,
    };
  }

  function filtersSet() {
    const sets = [filter.relations, filter.modalities, filter.polarities, filter.sources].filter((set) => set.size).length;
    const time = filter.from !== null || filter.to !== null || !filter.undated;
    return sets + (filter.confidence > Data.minConfidence ? 1 : 0) + (filter.claims > 1 ? 1 : 0) + (time ? 1 : 0);
  }

  function passes(claim) {
    return passesButTime(claim) && inTime(claim.day);
  }

  function passesButTime(claim) {
    return (
      claim.confidence >= filter.confidence && !filter.modalities.has(claim.modality) && !filter.polarities.has(claim.polarity) &&
      !(filter.sources.size && filter.sources.has(Data.articles[claim.article].source))
    );
  }

  function inTime(day) {
    if (day === null) return filter.undated;
    return (filter.from === null || day >= filter.from) && (filter.to === null || day <= filter.to);
  }

  function sift() {
    const good = claims.map(passes);
    passed = edges.map((edge) => (filter.relations.has(edge.relation) ? [] : edge.claims.filter((number) => good[number])));
  }

  function claimsOf(edge) {
    const found = passed[edge.id];
    return found.length >= filter.claims ? found : [];
  }

  /* "all" of an edge's claims are denied, or "some": a tenth of them at least; it is `certain` if one is affirmed and actual. */
  function statusOf(edge) {
    const found = claimsOf(edge).map((number) => claims[number]);
    const negated = found.filter((claim) => claim.polarity === "negated").length;
    const denied = negated * 10 < found.length || negated === 0 ? "none" : negated === found.length ? "all" : "some";
    const asserted = found.filter((claim) => claim.polarity !== "negated");
    const certain = (denied === "all" ? found : asserted).some((claim) => claim.modality === "actual");
    return { count: unsifted(edge) ? edge.count : found.length, denied, certain };
  }

  /* Whether a server knows more claims of an edge than the page, and no filter left any of these out. */
  function unsifted(edge) {
    return edge.count > edge.claims.length && claimsOf(edge).length === edge.claims.length;
  }

  /* --- the picture --- */

  function visible() {
    const lines = [...shownEdges].map((id) => edges[id]).filter((edge) => claimsOf(edge).length > 0).sort((a, b) => a.id - b.id);
    const ends = new Set(lines.flatMap((edge) => [edge.from, edge.to]));
    if (selection && selection.kind === "node") ends.add(selection.id);
    return { edges: lines, nodes: [...ends].sort((a, b) => a - b).map((id) => nodes[id]) };
  }

  const moves = {
    in: (id) => letIn(id),
    near: (id) => { for (const end of hiddenNeighbours(id).slice(0, NEAR)) letIn(end, 3); joinUp(id); },
    fold: (id) => { for (const end of leaves(id)) takeOut(end); },
    drop: (id) => takeOut(id),
    only: (...ids) => keepOnly(new Set(ids)),
    path: (...ids) => ids.slice(1).forEach((id, place) => { for (const edge of linking(ids[place], id).slice(0, 2)) letInEdge(edge.id); }),
    more: (number) => { for (const node of nodes.filter((one) => !shownNodes.has(one.id)).slice(0, number)) letIn(node.id); },
    edge: (id) => letInEdge(id),
  };

  /* Take a step, and remember it; what changes nothing is no step. */
  function step(name, ...values) {
    const before = [shownNodes.size, shownEdges.size].join();
    play(name, values);
    if (before !== [shownNodes.size, shownEdges.size].join()) steps.push([name, ...values]);
  }

  function play(name, values) {
    moves[name](...values);
    Places.settle(shownNodes, edgesOf);
  }

  /* The first picture, and the steps since. */
  function replay() {
    shownNodes.clear();
    shownEdges.clear();
    Places.forget();
    for (const node of nodes) if (node[first]) shownNodes.add(node.id);
    for (const edge of edges) if (edge[first]) shownEdges.add(edge.id);
    Places.settle(shownNodes, edgesOf);
    for (const [name, ...values] of steps) play(name, values);
  }

  /* Let an actor in, with its strongest edges to those in the picture; alone it would stand there unconnected. */
  function letIn(id, most = 12) {
    shownNodes.add(id);
    const inside = strongest(edgesOf[id].filter((edge) => shownNodes.has(edge.from) && shownNodes.has(edge.to)), 2);
    for (const edge of inside.length ? inside.slice(0, most) : edgesOf[id].slice(0, 3)) letInEdge(edge.id);
  }

  function joinUp(id) {
    for (const edge of strongest(edgesOf[id].filter((one) => shownNodes.has(other(one, id))), 1)) letInEdge(edge.id);
  }

  function letInEdge(id) {
    shownNodes.add(edges[id].from).add(edges[id].to);
    shownEdges.add(id);
  }

  function takeOut(id) {
    shownNodes.delete(id);
    for (const edge of edgesOf[id]) shownEdges.delete(edge.id);
  }

  function keepOnly(ids) {
    for (const id of [...shownNodes]) if (!ids.has(id)) takeOut(id);
    for (const id of ids) shownNodes.add(id);
    for (const one of ids) for (const edge of strongest(edgesOf[one].filter((edge) => ids.has(edge.from) && ids.has(edge.to)), 3)) shownEdges.add(edge.id);
  }

  /* --- around an actor --- */

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

  function hiddenNeighbours(id) {
    return [...new Set(edgesOf[id].map((edge) => other(edge, id)).filter((end) => !shownNodes.has(end)))];
  }

  /* Those in the picture who hang on this actor alone. */
  function leaves(id) {
    const around = new Set(edgesOf[id].filter((edge) => shownEdges.has(edge.id) && edge.from !== edge.to).map((edge) => other(edge, id)));
    return [...around].filter((end) => edgesOf[end].every((edge) => !shownEdges.has(edge.id) || edge.from === id || edge.to === id));
  }

  /* The edges between two actors that the filters let through, most claims first. */
  function linking(one, two) {
    const found = edgesOf[one].filter((edge) => other(edge, one) === two);
    return found.sort((a, b) => claimsOf(b).length - claimsOf(a).length || a.id - b.id);
  }

  function other(edge, id) {
    return edge.from === id ? edge.to : edge.from;
  }

  /* --- what others do to it --- */

  /* Select {kind: "node" | "edge", id} or {kind: "path", nodes}, or null for nothing; what is not in the picture comes in. */
  function select(what, source) {
    selection = what;
    if (what && what.kind === "node" && !shownNodes.has(what.id)) step("in", what.id);
    if (what && what.kind === "edge" && !shownEdges.has(what.id)) step("edge", what.id);
    if (what && what.kind === "path") step("path", ...what.nodes);
    changed(source || "select");
  }

  function act(name, ...values) {
    step(name, ...values);
    const gone = selection && (selection.kind === "node" ? !shownNodes.has(selection.id) : selection.kind === "edge" && !shownEdges.has(selection.id));
    if (gone) selection = null;
    changed("step");
  }

  function changed(source) {
    for (const listener of listeners) listener(source);
  }

  function setFilter(change, source) {
    change(filter);
    sift();
    changed(source || "filter");
  }

  /* --- the state, without anything that JSON does not know --- */

  function state() {
    const sets = Object.fromEntries(["relations", "modalities", "polarities", "sources"].map((name) => [name, [...filter[name]]]));
    return { first, steps: steps.map((one) => [...one]), filter: { ...filter, ...sets }, selection, moved: Places.moved };
  }

  function restore(wanted, source) {
    Object.assign(filter, unfiltered(), wanted.filter);
    for (const name of ["relations", "modalities", "polarities", "sources"]) filter[name] = new Set(wanted.filter[name] || []);
    sift();
    first = wanted.first;
    steps = wanted.steps.map((one) => [...one]);
    selection = wanted.selection;
    Places.moved = wanted.moved;
    replay();
    changed(source || "restore");
  }

  return {
    filter, edgesOf, byPair, filtersSet, passesButTime, inTime, claimsOf, statusOf, visible, hiddenNeighbours, leaves, linking, other, moves,
    select, act, setFilter, state, restore, replay,
    isShown: (node) => shownNodes.has(node.id),
    start(marks) { first = marks; replay(); },
    startOver() { steps = []; Places.moved = null; selection = null; replay(); changed("step"); },
    resetFilter() { Object.assign(filter, unfiltered()); sift(); changed("filter"); },
    /* A server sent more of what is selected; an actor that stood alone is joined to the picture. */
    loaded(what) {
      if (what.kind === "node" && !edgesOf[what.id].some((edge) => shownEdges.has(edge.id))) play("in", [what.id]);
      changed("loaded");
    },
    grow() { index(); sift(); },
    tell: changed,
    onChange(listener) { listeners.push(listener); },
    get selection() { return selection; },
    get shown() { return shownNodes.size; },
    get cut() { return steps.some(([name]) => name === "only" || name === "drop" || name === "fold"); },
  };
})();
