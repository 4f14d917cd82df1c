"use strict";

/* The picture. vis-network draws lines and actors and moves them; names are laid over it at one size at every zoom, the
   more important first, none over another. */
const Canvas = (() => {
  const { holds } = Labels;
  const MARGIN = { top: 24, right: 40, bottom: 40, left: 40 };
  const CONTROLS = 34; // the height of what lies over the lower edge of a narrow picture
  const LEAST = 8.5; // pixels
  const REACH = 9; // how near a line a click must be, in pixels
  const SMALL = 520; // pixels: a picture less wide shows fewer actors
  const CLEAR = 0.4; // the scale from which what is selected need not be brought nearer
  const NEAR = 0.9; // the scale at which it is then seen, at most
  const [THIN, THICK] = [1.6, 7]; // the width of a line of one claim, and of the strongest line at most

  const box = document.getElementById("canvas");
  const narrow = window.matchMedia("(max-width: 900px)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const vnodes = new vis.DataSet();
  const vedges = new vis.DataSet();
  let network = null;
  let theme = null;
  let hovered = null;
  let focus = null;
  let visible = { nodes: [], edges: [] };
  let over = { badges: [], tags: [] };
  let bends = new Map();
  let before = null; // where one looked before the picture moved to what was selected
  let own = false; // whether somebody zoomed or moved the picture by hand
  const drawn = new Map(); // what vis-network was last told of each actor and each line
  let stress = 1; // how much thicker lines are drawn so that they stay visible from afar

  function start() {
    readTheme();
    Theme.onChange(() => { readTheme(); refresh(); });
    Places.layout = layoutOf();
    Model.start(Places.layout === 2 ? "small" : "shown");
    network = new vis.Network(box, { nodes: vnodes, edges: vedges }, {
      autoResize: true,
      physics: false,
      layout: { improvedLayout: false },
      interaction: { hover: false, selectConnectedEdges: false, keyboard: false, tooltipDelay: 1e9 },
      nodes: { shape: "custom", ctxRenderer: drawNode, physics: false },
      edges: { selectionWidth: 0, hoverWidth: 0, arrowStrikethrough: false, selfReference: { size: 22, angle: Math.PI / 4 } },
    });
    network.on("afterDrawing", overlay);
    network.on("afterDrawing", thicken);
    network.on("click", (event) => Model.select(pick(event.pointer.DOM), "canvas"));
    network.on("doubleClick", ({ pointer }) => { const found = pick(pointer.DOM); if (found && found.kind === "node") Actions.expand(found.id); });
    network.on("resize", resized);
    network.on("dragEnd", dropped);
    network.on("zoom", moved);
    Flags.onRead(() => network.body.emitter.emit("_requestRedraw"));
    box.addEventListener("mousemove", (event) => hover(pick(local(event))));
    box.addEventListener("mouseleave", () => hover(null));
    refresh();
    fit(false);
  }

  function readTheme() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    theme = Object.fromEntries(["ground", "surface", "ink", "muted", "node", "halo", "line"].map((name) => [name, colour(name)]));
    theme.onNode = colour("on-node");
    theme.quads = new Map(Data.relations.map(([, quad]) => [quad, colour(`quad-${quad.replace(" ", "-")}`)]));
  }

  function layoutOf() {
    if (box.clientWidth < SMALL) return 2;
    return box.clientHeight * 1.1 > box.clientWidth ? 1 : 0;
  }

  function resized() {
    if (layoutOf() === Places.layout) return;
    Places.layout = layoutOf();
    Model.replay();
    refresh();
    fit(false);
  }

  function moved() {
    before = null;
    own = true;
    Link.later();
  }

  /* An actor was put elsewhere, or the picture was. */
  function dropped({ nodes }) {
    if (!nodes.length) return moved();
    for (const id of nodes) {
      Places.move(id, network.getPosition(id));
      drawn.delete(`node ${id}`);
    }
    return Model.tell("moved");
  }

  /* --- what stands in the picture --- */

  /* Bring the picture in line with the model. */
  function refresh() {
    visible = Model.visible();
    focus = focusOf(Model.selection, visible.edges);
    bends = fan(visible.edges);
    network.renderer.allowRedraw = false; // vis-network would draw at every change, and with half of them
    exchange("node", vnodes, visible.nodes, (node) => ({ id: node.id, size: sizeOf(node), ...Places.of(node.id) }));
    exchange("edge", vedges, visible.edges, line);
    network.renderer.allowRedraw = true;
    network.body.emitter.emit("_redraw"); // unlike redraw() it does not measure the page
  }

  /* Tell vis-network what is new, what is other than before, and what is gone. */
  function exchange(kind, set, wanted, item) {
    const ids = new Set(wanted.map((one) => one.id));
    const gone = set.getIds().filter((id) => !ids.has(id));
    for (const id of gone) drawn.delete(`${kind} ${id}`);
    const items = wanted.map(item).filter((one) => {
      const [name, told] = [`${kind} ${one.id}`, JSON.stringify(one)];
      if (drawn.get(name) === told) return false;
      drawn.set(name, told);
      return true;
    });
    if (gone.length) set.remove(gone);
    if (items.length) set.update(items);
  }

  function sizeOf(node) {
    return node.size || Math.round(Math.min(12 + 3.5 * Math.log2(1 + (node.claims || 1)), 38));
  }

  function line(edge) {
    const { count, denied, certain } = Model.statusOf(edge);
    const dim = focus !== null && !focus.edges.has(edge.id);
    const colour = theme.quads.get(edge.quad);
    const width = (THIN + growth() * Math.log2(count)) * stress;
    return {
      id: edge.id,
      from: edge.from,
      to: edge.to,
      smooth: smooth(bends.get(edge.id)),
      width: focus !== null && !dim ? width + 0.8 * stress : width,
      color: { color: colour, highlight: colour, hover: colour, opacity: dim ? 0.12 : 0.9, inherit: false },
      dashes: denied === "all" ? [2 * stress, 7 * stress] : certain ? false : [9 * stress, 7 * stress],
      arrows: edge.arrows ? { to: { enabled: true, scaleFactor: 0.62 * stress } } : { to: { enabled: false } },
    };
  }

  /* How much wider a line is for twice as many claims. */
  function growth() {
    const strongest = Data.edges.length ? Data.edges[0].count || Data.edges[0].claims.length : 1; // they stand in order
    return Math.min(1.1, (THICK - THIN) / Math.log2(Math.max(2, strongest)));
  }

  function thicken() {
    const wanted = Math.min(Math.max(1.25 ** Math.round(Math.log(0.65 / network.getScale()) / Math.log(1.25)), 1), 4);
    if (Math.abs(wanted - stress) < 0.01) return;
    stress = wanted;
    requestAnimationFrame(refresh);
  }

  /* How far each edge is bent, seen in its own direction: parallel edges fan out, a single one is straight. */
  function fan(edges) {
    const found = new Map();
    for (const parallel of Model.byPair(edges)) {
      const step = Math.min(0.2, 1.2 / parallel.length);
      parallel.forEach((edge, slot) => found.set(edge.id, (slot - (parallel.length - 1) / 2) * step * (edge.from <= edge.to ? 1 : -1)));
    }
    return found;
  }

  function smooth(bend) {
    return bend ? { enabled: true, type: bend > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(bend) } : { enabled: false };
  }

  /* What stays bright: a selected edge with its ends, a selected actor with all around it, a way from one to another. */
  function focusOf(selection, edges) {
    if (!selection) return null;
    const lines = selection.kind === "edge" ? [Data.edges[selection.id]] : edges.filter((edge) => isIn(selection, edge));
    const nodes = new Set(lines.flatMap((edge) => [edge.from, edge.to]));
    if (selection.kind === "node") nodes.add(selection.id);
    return { edges: new Set(lines.map((edge) => edge.id)), nodes };
  }

  function isIn(selection, { from, to }) {
    if (selection.kind === "node") return from === selection.id || to === selection.id;
    const [one, two] = [selection.nodes.indexOf(from), selection.nodes.indexOf(to)];
    return one >= 0 && two >= 0 && Math.abs(one - two) === 1;
  }

  function isHovered(kind, id) {
    return hovered !== null && hovered.kind === kind && hovered.id === id;
  }

  function isSelected(kind, id) {
    const selection = Model.selection;
    return selection !== null && selection.kind === kind && selection.id === id;
  }

  /* From afar an actor is drawn larger than its share, to be seen and hit. */
  function radius(node) {
    return Math.max(sizeOf(node), LEAST / network.getScale());
  }

  function look(id) {
    const strong = isSelected("node", id) || isHovered("node", id);
    return { theme, dim: focus !== null && !focus.nodes.has(id) && !isHovered("node", id), strong };
  }

  function drawNode({ ctx, id, x, y }) {
    const node = Data.nodes[id];
    const r = radius(node);
    return { drawNode: () => Shapes.draw(ctx, node, x, y, r, look(id)), nodeDimensions: { width: 2 * r + 4, height: 2 * r + 4 } };
  }

  /* --- the picture in the pixels of the screen --- */

  function pointOf(id, part) {
    return network.canvasToDOM(network.body.edges[id].edgeType.getPoint(part));
  }

  function nodePoint(id) {
    return network.canvasToDOM(network.getPosition(id));
  }

  function measure(edge) {
    const { count, denied } = Model.statusOf(edge);
    const [from, to] = [nodePoint(edge.from), nodePoint(edge.to)];
    const rims = (radius(Data.nodes[edge.from]) + radius(Data.nodes[edge.to])) * network.getScale();
    const chosen = isHovered("edge", edge.id) || isSelected("edge", edge.id);
    const strong = chosen || (focus !== null && focus.edges.has(edge.id));
    const at = (part) => pointOf(edge.id, part);
    return { edge, count, denied, strong, chosen, at, middle: at(0.5), room: Math.hypot(to.x - from.x, to.y - from.y) - rims };
  }

  /* Lines and actors as they stand on the screen, for what is drawn over them and for pictures to keep. */
  function scene() {
    const scale = network.getScale();
    const rank = (id) => (isHovered("node", id) || isSelected("node", id) ? 0 : focus !== null && focus.nodes.has(id) ? 1 : 2);
    const nodes = visible.nodes.map((node) => ({ node, ...nodePoint(node.id), r: radius(node) * scale, rank: rank(node.id), ...look(node.id) }));
    return { lines: visible.edges.map(measure), nodes, scale, theme, focus: focus !== null, width: box.clientWidth, height: box.clientHeight, style: (edge) => line(edge) };
  }

  function overlay(ctx) {
    const ratio = ctx.canvas.width / ctx.canvas.clientWidth;
    ctx.save();
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    over = Overlay.draw(ctx, scene());
    ctx.restore();
  }

  /* --- pointing --- */

  function local(event) {
    const frameOfBox = box.getBoundingClientRect();
    return { x: event.clientX - frameOfBox.left, y: event.clientY - frameOfBox.top };
  }

  /* What lies under a point of the picture: captions first, then actors and their names, then the nearest line. */
  function pick(point) {
    const badge = over.badges.find((rect) => holds(rect, point));
    if (badge) return { kind: "edge", id: badge.id };
    const node = network.getNodeAt(point);
    if (node !== undefined) return { kind: "node", id: node };
    const tag = over.tags.find((rect) => holds(rect, point));
    if (tag) return { kind: "node", id: tag.id };
    const id = nearestLine(network.DOMtoCanvas(point));
    return id === null ? null : { kind: "edge", id };
  }

  function nearestLine({ x, y }) {
    let best = null;
    let least = REACH / network.getScale();
    for (const edge of visible.edges) {
      const { from, to, edgeType } = network.body.edges[edge.id];
      const distance = edgeType.getDistanceToEdge(from.x, from.y, to.x, to.y, x, y);
      if (distance < least) [best, least] = [edge.id, distance];
    }
    return best;
  }

  function hover(found) {
    const same = hovered === found || (found !== null && isHovered(found.kind, found.id));
    box.style.cursor = found ? "pointer" : "";
    if (same) return;
    hovered = found;
    network.body.emitter.emit("_requestRedraw");
  }

  /* --- moving about --- */

  /* The actor that stands next in a direction; with nobody selected the first one. */
  function neighbourTowards(id, [dx, dy]) {
    const at = network.getPosition(id);
    const ranked = visible.nodes.filter((node) => node.id !== id).map((node) => {
      const { x, y } = network.getPosition(node.id);
      const [along, aside] = [(x - at.x) * dx + (y - at.y) * dy, Math.abs((x - at.x) * dy) + Math.abs((y - at.y) * dx)];
      return { id: node.id, cost: along > 0 && along > aside / 2.5 ? along + 2 * aside : Infinity };
    });
    const best = ranked.reduce((a, b) => (b.cost < a.cost ? b : a), { id: null, cost: Infinity });
    return best.id;
  }

  function pan([dx, dy]) {
    const { x, y } = network.getViewPosition();
    const length = 60 / network.getScale();
    network.moveTo({ position: { x: x + dx * length, y: y + dy * length } });
    moved();
  }

  function motion(wanted) {
    return wanted && !calm.matches ? { duration: 260, easingFunction: "easeInOutQuad" } : false;
  }

  /* Everything that is visible into the window, with room for names. */
  function fit(animated = true) {
    own = false;
    network.setSize("100%", "100%");
    fitTo(visible.nodes, 1.35, animated);
  }

  function fitTo(nodes, most, animated) {
    if (!nodes.length) return;
    const points = nodes.map((node) => ({ ...network.getPosition(node.id), size: sizeOf(node) }));
    const low = { x: Math.min(...points.map((at) => at.x - at.size)), y: Math.min(...points.map((at) => at.y - at.size)) };
    const high = { x: Math.max(...points.map((at) => at.x + at.size)), y: Math.max(...points.map((at) => at.y + at.size)) };
    const aside = Places.layout === 2 ? (MARGIN.left + MARGIN.right) / 2 : MARGIN.left + MARGIN.right;
    const width = Math.max(box.clientWidth - aside, 80);
    const top = MARGIN.top + Notice.height;
    const bottom = MARGIN.bottom + (narrow.matches ? CONTROLS : 0);
    const height = Math.max(box.clientHeight - top - bottom, 80);
    const scale = Math.min(width / (high.x - low.x), height / (high.y - low.y), most);
    const shift = (bottom - top) / 2 / scale;
    network.moveTo({ position: { x: (low.x + high.x) / 2, y: (low.y + high.y) / 2 + shift }, scale, animation: motion(animated) });
  }

  function zoom(factor) {
    const scale = Math.min(Math.max(network.getScale() * factor, 0.05), 4);
    network.moveTo({ scale, animation: motion(true) });
    moved();
  }

  /* Bring what is selected into the window, unless it is there and large enough; with nothing selected, go
     back to where one was. */
  function reveal() {
    network.setSize("100%", "100%"); // the panel may just have taken some of the room
    if (focus === null) {
      if (before) network.moveTo({ ...before, animation: motion(true) });
      before = null;
      return;
    }
    const nodes = visible.nodes.filter((node) => focus.nodes.has(node.id));
    const inside = nodes.map((node) => nodePoint(node.id)).every(({ x, y }) => x > 20 && y > 20 && x < box.clientWidth - 20 && y < box.clientHeight - 40);
    if (inside && network.getScale() > CLEAR) return;
    before ||= { position: network.getViewPosition(), scale: network.getScale() };
    fitTo(nodes, NEAR, true);
  }

  /* A point of the page where a click meets the edge, or null if it lies under others. */
  function edgePoint(id) {
    const { left, top } = box.getBoundingClientRect();
    const parts = [0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7];
    const points = visible.edges.some((edge) => edge.id === id) ? parts.map((part) => pointOf(id, part)) : [];
    const found = points.find((point) => {
      const under = pick(point);
      return under !== null && under.kind === "edge" && under.id === id;
    });
    return found ? { x: left + found.x, y: top + found.y } : null;
  }

  function actorPoint(id) {
    if (!vnodes.get(id)) return null;
    const { left, top } = box.getBoundingClientRect();
    const { x, y } = nodePoint(id);
    return { x: left + x, y: top + y };
  }

  return {
    start, refresh, fit, zoom, pan, reveal, scene, neighbourTowards, edgePoint, actorPoint, element: box,
    get visible() { return visible; },
    /* Where one looks, if by one's own choice: the middle and the scale. */
    get eye() {
      const { x, y } = network.getViewPosition();
      return own ? [Math.round(x), Math.round(y), network.getScale().toFixed(3)].join(",") : null;
    },
    set eye(text) {
      const [x, y, scale] = (text || "").split(",").map(Number);
      if (!(scale > 0.01 && scale < 10) || !Number.isFinite(x) || !Number.isFinite(y)) return fit(false);
      own = true;
      network.setSize("100%", "100%");
      return network.moveTo({ position: { x, y }, scale, animation: false });
    },
  };
})();
