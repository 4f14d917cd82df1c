"use strict";

/* The picture to keep: what the window shows, with a title, what the colours mean, and where it is from. */
const Picture = (() => {
  const MARGIN = 20;
  const HEAD = 46;
  const ROW = 20;
  const CURVE = 24; // points of a curve

  function svg() {
    const scene = Canvas.scene();
    const keys = legend();
    const width = Math.max(Math.ceil(scene.width), 320);
    const rows = layOut(keys, width);
    const foot = rows.length * ROW + 44;
    const height = Math.ceil(HEAD + scene.height + foot);
    const pen = new Pen(width, height);
    area(pen, 0, 0, width, height, scene.theme.ground);
    pen.origin(0, HEAD);
    for (const found of scene.lines) drawLine(pen, found, scene);
    for (const one of scene.nodes) Shapes.draw(pen, one.node, one.x, one.y, one.r, { ...one, scale: scene.scale });
    Overlay.draw(pen, scene);
    pen.origin(0, 0);
    area(pen, 0, 0, width, HEAD, scene.theme.surface);
    area(pen, 0, height - foot, width, foot, scene.theme.surface);
    write(pen, Dom.short(Words.title(), Math.floor(width / 9)), MARGIN, 30, "650 18px", scene.theme.ink);
    rows.forEach((row, place) => row.forEach((key) => drawKey(pen, key, height - foot + 20 + place * ROW, scene)));
    write(pen, Dom.short(credit(), Math.floor(width / 6)), MARGIN, height - 14, "400 11.5px", scene.theme.muted);
    return pen;
  }

  function area(pen, x, y, width, height, colour) {
    pen.put("rect", { x, y, width, height, fill: colour });
  }

  function write(pen, text, x, y, font, colour) {
    Object.assign(pen, { font: `${font} ${Labels.FONT}`, textAlign: "start", textBaseline: "alphabetic", fillStyle: colour });
    pen.fillText(text, x, y);
  }

  function credit() {
    const claims = new Set(Canvas.visible.edges.flatMap((edge) => Model.claimsOf(edge)));
    const articles = new Set([...claims].map((number) => Data.claims[number].article));
    const days = [...articles].map((number) => Data.articles[number].published).filter(Boolean).sort();
    const when = days.length ? [Words.days(Dom.short(days[0], 40), Dom.short(days[days.length - 1], 40))] : [];
    return [Words.count("claims", claims.size), Words.count("articles", articles.size), ...when, ...(Data.asOf ? [Words.say("asOf", { day: Words.day(Data.asOf) })] : []), "kgraph"].join(" · ");
  }

  /* --- lines --- */

  function drawLine(pen, found, scene) {
    const { width, color, dashes, arrows } = scene.style(found.edge);
    const curve = pointsOf(found, scene);
    if (curve.length < 2) return;
    const scaled = (length) => length * scene.scale;
    Object.assign(pen, { strokeStyle: color.color, fillStyle: color.color, globalAlpha: color.opacity });
    Object.assign(pen, { lineWidth: Math.max(scaled(width), 0.6), lineCap: "butt", lineJoin: "round" });
    pen.setLineDash(dashes ? dashes.map(scaled) : []);
    const tip = arrows.to.enabled ? arrow(curve, Math.max(scaled(arrows.to.scaleFactor * 15), 5)) : null;
    pen.beginPath();
    (tip ? tip.line : curve).forEach(({ x, y }, place) => (place ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
    pen.setLineDash([]);
    if (tip) {
      pen.beginPath();
      tip.corners.forEach(({ x, y }) => pen.lineTo(x, y));
      pen.closePath();
      pen.fill();
    }
    pen.globalAlpha = 1;
  }

  /* From rim to rim; two points where the line is straight. vis-network's own line ends behind its arrow. */
  function pointsOf(found, { nodes }) {
    const [from, to] = [found.edge.from, found.edge.to].map((id) => nodes.find((one) => one.node.id === id));
    const all = Array.from({ length: CURVE + 1 }, (_, place) => found.at(place / CURVE));
    if (from === to) return all;
    const outside = all.filter((at) => [from, to].every((rim) => Math.hypot(at.x - rim.x, at.y - rim.y) > rim.r + 1));
    if (!outside.length) return [];
    const [one, two] = [onRim(from, outside[0]), onRim(to, outside[outside.length - 1])];
    const middle = outside[outside.length >> 1];
    const bend = Math.abs((two.x - one.x) * (one.y - middle.y) - (one.x - middle.x) * (two.y - one.y)) / (Math.hypot(two.x - one.x, two.y - one.y) || 1);
    return bend < 0.4 ? [one, two] : [one, ...outside, two];
  }

  function onRim({ x, y, r }, towards) {
    const far = Math.hypot(towards.x - x, towards.y - y) || 1;
    return { x: x + ((towards.x - x) / far) * (r + 1), y: y + ((towards.y - y) / far) * (r + 1) };
  }

  function arrow(curve, length) {
    const tip = curve[curve.length - 1];
    const line = curve.slice(0, -1);
    while (line.length > 1 && Math.hypot(tip.x - line[line.length - 1].x, tip.y - line[line.length - 1].y) < length * 0.7) line.pop();
    const from = line[line.length - 1];
    const angle = Math.atan2(tip.y - from.y, tip.x - from.x);
    const corner = (turn) => ({ x: tip.x - length * Math.cos(angle + turn), y: tip.y - length * Math.sin(angle + turn) });
    const [one, two] = [corner(0.38), corner(-0.38)];
    return { corners: [tip, one, two], line: [...line, { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 }] };
  }

  /* --- the legend --- */

  function legend() {
    const quads = [...new Set(Canvas.visible.edges.map((edge) => edge.quad))];
    const all = [...new Set(Data.relations.map(([, quad]) => quad))].filter((quad) => quads.includes(quad));
    return [
      ...all.map((quad) => ({ text: Words.of("quads", quad), quad, dash: [] })),
      { text: Words.say("planned"), quad: null, dash: [6, 4] },
      { text: Words.say("denied"), quad: null, dash: [2, 5], crossed: true },
    ];
  }

  function layOut(keys, width) {
    const ruler = new Pen(1, 1);
    ruler.font = `400 12px ${Labels.FONT}`;
    const rows = [[]];
    let x = MARGIN;
    for (const key of keys) {
      const room = 36 + ruler.measureText(key.text).width;
      if (x > MARGIN && x + room > width - MARGIN) { rows.push([]); x = MARGIN; }
      rows[rows.length - 1].push({ ...key, x });
      x += room + 16;
    }
    return rows;
  }

  function drawKey(pen, { text, quad, dash, crossed, x }, y, { theme }) {
    const colour = quad ? theme.quads.get(quad) : theme.muted;
    Object.assign(pen, { strokeStyle: colour, lineWidth: 2.6, lineCap: "butt" });
    pen.setLineDash(dash);
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + 28, y);
    pen.stroke();
    pen.setLineDash([]);
    if (crossed) Labels.cross(pen, { left: x + 9.5, top: y - 4.5, width: 9 }, true, theme.surface, colour);
    write(pen, text, x + 35, y + 4, "400 12px", theme.ink);
  }

  /* The picture as pixels, so many for each of the screen. */
  function png(zoom = 2) {
    const pen = svg();
    const [width, height] = ["width", "height"].map((side) => Number(pen.root.getAttribute(side)));
    const image = new Image();
    return new Promise((resolve, reject) => {
      image.onload = () => {
        const canvas = document.createElement("canvas");
        Object.assign(canvas, { width: width * zoom, height: height * zoom });
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
      };
      image.onerror = () => reject(new Error("no picture"));
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(String(pen))}`;
    });
  }

  return { svg: () => String(svg()), png };
})();
