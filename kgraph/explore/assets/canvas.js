"use strict";

/* The picture. vis-network draws lines and nodes; labels are laid over it at one size at every zoom, the
   more important first, none over another. */
const Canvas = (() => {
  const { frame, overlaps, holds } = Labels;
  const MARGIN = { top: 24, right: 40, bottom: 40, left: 40 };
  const CONTROLS = 34; // the height of what lies over the lower edge of a narrow picture
  const NOTICE = 36; // the height of the notice over the picture
  const LABEL = 26;
  const LEAST = 8.5; // pixels
  const REACH = 9; // how near a line a click must be, in pixels
  const FEW = 26; // up to so many lines in the picture, all of them are captioned

  const box = document.getElementById("canvas");
  const narrow = window.matchMedia("(max-width: 900px)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const vnodes = new vis.DataSet();
  const vedges = new vis.DataSet();
  let network = null;
  let theme = null;
  let tall = false;
  let hovered = null;
  let focus = null;
  let visible = { nodes: [], edges: [] };
  let badges = [];
  let tags = [];
  let bends = new Map();
  let before = null; // where one looked before the picture moved to what was selected
  let stress = 1; // how much thicker lines are drawn so that they stay visible from afar

  function start() {
    readTheme();
    tall = isTall();
    network = new vis.Network(box, { nodes: vnodes, edges: vedges }, {
      autoResize: true,
      physics: false,
      layout: { improvedLayout: false },
      interaction: { hover: false, selectConnectedEdges: false, keyboard: false, tooltipDelay: 1e9 },
      nodes: { shape: "custom", ctxRenderer: drawNode, physics: false },
      edges: { selectionWidth: 0, hoverWidth: 0, arrowStrikethrough: false, selfReference: { size: 22, angle: Math.PI / 4 } },
    });
    network.on("afterDrawing", overlay);
    network.on("click", (event) => clicked(event.pointer.DOM));
    network.on("resize", resized);
    for (const own of ["dragEnd", "zoom"]) network.on(own, () => { before = null; });
    network.on("afterDrawing", thicken);
    box.addEventListener("mousemove", (event) => hover(pick(local(event))));
    box.addEventListener("mouseleave", () => hover(null));
    box.addEventListener("keydown", pressed);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readTheme(); refresh(); });
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

  function thicken() {
    const wanted = Math.min(Math.max(1.25 ** Math.round(Math.log(0.65 / network.getScale()) / Math.log(1.25)), 1), 4);
    if (Math.abs(wanted - stress) < 0.01) return;
    stress = wanted;
    requestAnimationFrame(() => vedges.update(visible.edges.map(line)));
  }

  function isTall() {
    return box.clientHeight * 1.1 > box.clientWidth;
  }

  function place(node) {
    return tall ? { x: node.u, y: node.v } : { x: node.x, y: node.y };
  }

  function resized() {
    if (isTall() === tall) return;
    tall = !tall;
    vnodes.update(vnodes.getIds().map((id) => ({ id, ...place(Data.nodes[id]) })));
    fit(false);
  }

  /* Bring the picture in line with the model. */
  function refresh() {
    const wanted = Model.visible();
    visible = { nodes: [], edges: [] }; // vis-network draws in between, when it knows half of them
    focus = focusOf(Model.selection, wanted.edges);
    exchange(vnodes, wanted.nodes, (node) => ({ id: node.id, size: node.size, ...(vnodes.get(node.id) ? {} : place(node)) }));
    bends = fan(wanted.edges);
    exchange(vedges, wanted.edges, line);
    visible = wanted;
    network.redraw();
  }

  function exchange(set, wanted, item) {
    const ids = new Set(wanted.map((one) => one.id));
    set.remove(set.getIds().filter((id) => !ids.has(id)));
    set.update(wanted.map(item));
  }

  function line(edge) {
    const { count, denied, certain } = Model.statusOf(edge);
    const dim = focus !== null && !focus.edges.has(edge.id);
    const colour = theme.quads.get(edge.quad);
    const width = (1.6 + 1.2 * Math.log2(count)) * stress;
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

  /* What stays bright: a selected edge with its ends, a selected actor with all around it. */
  function focusOf(selection, edges) {
    if (!selection) return null;
    const lines = selection.kind === "edge" ? [Data.edges[selection.id]] : edges.filter((edge) => edge.from === selection.id || edge.to === selection.id);
    const nodes = new Set(lines.flatMap((edge) => [edge.from, edge.to]));
    if (selection.kind === "node") nodes.add(selection.id);
    return { edges: new Set(lines.map((edge) => edge.id)), nodes };
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
    return Math.max(node.size, LEAST / network.getScale());
  }

  function drawNode({ ctx, id, x, y }) {
    const node = Data.nodes[id];
    const dim = focus !== null && !focus.nodes.has(id) && !isHovered("node", id);
    const strong = isSelected("node", id) || isHovered("node", id);
    return {
      drawNode: () => Shapes.draw(ctx, node, x, y, radius(node), { theme, dim, strong }),
      nodeDimensions: { width: 2 * radius(node) + 4, height: 2 * radius(node) + 4 },
    };
  }

  /* Labels, captions and crosses, in the pixels of the screen. */
  function overlay(ctx) {
    const canvas = ctx.canvas;
    const ratio = canvas.width / canvas.clientWidth;
    ctx.save();
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const taken = [];
    badges = [];
    tags = [];
    const scale = network.getScale();
    const discs = visible.nodes.filter((node) => focus === null || focus.nodes.has(node.id)).map((node) => ({ id: node.id, ...disc(nodePoint(node.id), radius(node) * scale - 3) }));
    const lines = visible.edges.map(measure).filter((found) => inWindow(found.middle));
    const bright = lines.filter((found) => found.strong);
    const others = lines.filter((found) => !found.strong && focus === null);
    const chosen = bright.filter(({ edge }) => isHovered("edge", edge.id) || isSelected("edge", edge.id));
    for (const found of lines) if (found.denied !== "none") cross(ctx, found, taken, discs);
    nodeLabels(ctx, taken, discs);
    taken.push(...discs);
    for (const found of [...chosen, ...bright]) caption(ctx, found, taken, true, chosen.includes(found));
    for (const found of others) caption(ctx, found, taken, visible.edges.length <= FEW || scale > 1.15, false);
    ctx.restore();
  }

  function disc({ x, y }, r) {
    return frame(x, y, 2 * r, 2 * r);
  }

  function inWindow({ x, y }) {
    return x > -60 && y > -30 && x < box.clientWidth + 60 && y < box.clientHeight + 30;
  }

  function pointOf(id, part) {
    return network.canvasToDOM(network.body.edges[id].edgeType.getPoint(part));
  }

  function nodePoint(id) {
    return network.canvasToDOM(network.getPosition(id));
  }

  function measure(edge) {
    const { count, denied } = Model.statusOf(edge);
    const from = nodePoint(edge.from);
    const to = nodePoint(edge.to);
    const rims = (radius(Data.nodes[edge.from]) + radius(Data.nodes[edge.to])) * network.getScale();
    const strong = isHovered("edge", edge.id) || (focus !== null && focus.edges.has(edge.id));
    return { edge, count, denied, strong, middle: pointOf(edge.id, 0.5), room: Math.hypot(to.x - from.x, to.y - from.y) - rims };
  }

  function cross(ctx, found, taken, discs) {
    const { edge, strong, denied } = found;
    const size = 4.5;
    const { left, top, width } = spot(found, [2 * size, 2 * size], discs, true);
    ctx.globalAlpha = focus !== null && !strong ? 0.15 : 1;
    Labels.cross(ctx, { left, top, width }, denied === "all", theme.ground, theme.quads.get(edge.quad));
    ctx.globalAlpha = 1;
    const rect = { left: left - 3, top: top - 3, width: width + 6, height: width + 6 };
    taken.push(rect);
    badges.push({ id: edge.id, ...rect });
  }

  /* The relation and the count on a line, or the count alone where there is no room or too much to say;
     on a line that was chosen in any case, beside it if need be. */
  function caption(ctx, found, taken, full, must) {
    if (badges.some((one) => one.id === found.edge.id && one.text)) return;
    const number = found.count > 1 ? String(found.count) : "";
    const relation = Words.of("relation", found.edge.relation);
    const whole = number ? `${relation} · ${number}` : relation;
    for (const text of full ? [whole, number] : [number]) {
      if (!text) continue;
      const width = Labels.pillWidth(ctx, text) + (text === number ? 11 : 16);
      const rect = found.room > width * 0.6 || must ? spot(found, [width, 18], taken, must, must) : null;
      if (!rect) continue;
      Labels.pill(ctx, rect, text, theme, theme.quads.get(found.edge.quad));
      taken.push(rect);
      badges.push({ id: found.edge.id, text, ...rect });
      return;
    }
  }

  /* A free place on a line, near its middle, or else beside it; if it must be one, the middle at worst. */
  function spot(found, [width, height], taken, must, beside) {
    const on = [0.5, 0.42, 0.58, 0.34, 0.66].map((part) => pointOf(found.edge.id, part));
    const off = beside ? [-24, 24, -46, 46, -68].map((y) => ({ x: found.middle.x, y: found.middle.y + y })) : [];
    const rects = [...on, ...off].map((at) => frame(at.x, at.y, width, height));
    return rects.find((rect) => !taken.some((one) => overlaps(one, rect))) || (must ? rects[0] : null);
  }

  /* Names under the actors, or above them where below is no room; the more important first. */
  function nodeLabels(ctx, taken, discs) {
    const scale = network.getScale();
    const rank = (node) => (isHovered("node", node.id) || isSelected("node", node.id) ? 0 : focus !== null && focus.nodes.has(node.id) ? 1 : 2);
    const wanted = visible.nodes.filter((node) => focus === null || rank(node) < 2).sort((a, b) => rank(a) - rank(b) || a.id - b.id);
    for (const node of wanted) {
      const at = nodePoint(node.id);
      if (!inWindow(at)) continue;
      const text = Dom.short(Words.label(node), LABEL);
      const weight = rank(node) === 0 ? 700 : 600;
      const width = Labels.nameWidth(ctx, text, weight) + 4;
      const away = radius(node) * scale + 11;
      const rects = [at.y + away, at.y - away].map((y) => inside(frame(at.x, y, width, 16)));
      const free = (rect) => !taken.some((one) => overlaps(one, rect)) && !discs.some((one) => one.id !== node.id && overlaps(one, rect));
      const rect = rects.find(free) || (rank(node) === 0 ? rects[0] : null);
      if (!rect) continue;
      Labels.name(ctx, rect, text, weight, theme);
      taken.push(rect);
      tags.push({ id: node.id, ...rect });
    }
  }

  /* Moved sideways until it does not stick out of the window. */
  function inside(rect) {
    return { ...rect, left: Math.max(3, Math.min(rect.left, box.clientWidth - rect.width - 3)) };
  }

  function local(event) {
    const frameOfBox = box.getBoundingClientRect();
    return { x: event.clientX - frameOfBox.left, y: event.clientY - frameOfBox.top };
  }

  /* What lies under a point of the picture: captions first, then actors and their labels, then the nearest line. */
  function pick(point) {
    const badge = badges.find((rect) => holds(rect, point));
    if (badge) return { kind: "edge", id: badge.id };
    const node = network.getNodeAt(point);
    if (node !== undefined) return { kind: "node", id: node };
    const tag = tags.find((rect) => holds(rect, point));
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
    network.redraw();
  }

  function clicked(point) {
    Model.select(pick(point), "canvas");
  }

  function pressed(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { x, y } = network.getViewPosition();
    const length = 60 / network.getScale();
    network.moveTo({ position: { x: x + step[0] * length, y: y + step[1] * length } });
  }

  function motion(wanted) {
    return wanted && !calm.matches ? { duration: 260, easingFunction: "easeInOutQuad" } : false;
  }

  /* Everything that is visible into the window, with room for labels. */
  function fit(animated = true) {
    fitTo(visible.nodes, 1.35, animated);
  }

  function fitTo(nodes, most, animated) {
    if (!nodes.length) return;
    const points = nodes.map((node) => ({ ...network.getPosition(node.id), size: node.size }));
    const low = { x: Math.min(...points.map((at) => at.x - at.size)), y: Math.min(...points.map((at) => at.y - at.size)) };
    const high = { x: Math.max(...points.map((at) => at.x + at.size)), y: Math.max(...points.map((at) => at.y + at.size)) };
    const width = Math.max(box.clientWidth - MARGIN.left - MARGIN.right, 80);
    const top = MARGIN.top + (Model.shown < Data.nodes.length ? NOTICE : 0);
    const bottom = MARGIN.bottom + (narrow.matches ? CONTROLS : 0);
    const height = Math.max(box.clientHeight - top - bottom, 80);
    const scale = Math.min(width / (high.x - low.x), height / (high.y - low.y), most);
    const shift = (bottom - top) / 2 / scale;
    network.moveTo({ position: { x: (low.x + high.x) / 2, y: (low.y + high.y) / 2 + shift }, scale, animation: motion(animated) });
  }

  function zoom(factor) {
    const scale = Math.min(Math.max(network.getScale() * factor, 0.05), 4);
    network.moveTo({ scale, animation: motion(true) });
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
    if (inside && network.getScale() > 0.5) return;
    before ||= { position: network.getViewPosition(), scale: network.getScale() };
    fitTo(nodes, 1, true);
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

  return { start, refresh, fit, zoom, reveal, edgePoint, actorPoint, get visible() { return visible; } };
})();
