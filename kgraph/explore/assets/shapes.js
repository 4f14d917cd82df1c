"use strict";

/* How an actor looks: the outline by its type, inside it a flag, a code, an acronym or a sign. */
const Shapes = (() => {
  const SIGNS = {
    State: "M5 3h2v18H5zM8 4h11v9H8z",
    Organisation: "M12 3l9 5v2H3V8zM5 11.500h2.500v6H5zM10.750 11.500h2.500v6h-2.500zM16.500 11.500H19v6h-2.500zM3 19h18v2H3z",
    ArmedGroup: "M12 2.500l7.500 2.700v5.600c0 4.700-3.100 8.200-7.500 10.200-4.400-2-7.500-5.500-7.500-10.200V5.200z",
    PoliticalParty: "M5 3h2v18H5zM8 4h11.500l-2.800 4.250 2.800 4.250H8z",
    Person: "M12 11.500a4.200 4.200 0 1 0 0-8.400 4.200 4.200 0 0 0 0 8.400zM4 20.500c0-4.400 3.500-7 8-7s8 2.600 8 7z",
    People: "M12 10a3.400 3.400 0 1 0 0-6.800A3.400 3.400 0 0 0 12 10zM6 19c0-4.200 2.300-7.200 6-7.200s6 3 6 7.200zM4.600 11.200a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM.6 18c0-3.100 1.500-5.300 4-5.300.6 0 1.200.1 1.700.4C5.200 14.500 4.600 16.200 4.500 18zM19.400 11.200a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM23.400 18c0-3.100-1.500-5.300-4-5.300-.6 0-1.200.1-1.700.4 1.100 1.400 1.700 3.100 1.800 4.900z",
    Conflict: "M13.500 2L5 13.500h5.500L9 22l9.500-12.500h-6z",
    "": "M12 17a5 5 0 1 0 0-10 5 5 0 0 0 0 10z",
  };
  const SOLID = new Set(["State", "Organisation", "ArmedGroup"]);
  const SQUARE = 0.92; // half a square's side, of its radius
  const paths = new Map(); // what a canvas makes of them

  function sign(type) {
    return Object.hasOwn(SIGNS, type) ? SIGNS[type] : SIGNS[""];
  }

  function outline(ctx, type, x, y, r) {
    ctx.beginPath();
    if (type === "Organisation" || type === "PoliticalParty") ctx.roundRect(x - SQUARE * r, y - SQUARE * r, 2 * SQUARE * r, 2 * SQUARE * r, 0.32 * r);
    else if (type === "ArmedGroup") polygon(ctx, x, y, 1.08 * r, 6);
    else if (type === "Conflict") polygon(ctx, x, y, 1.16 * r, 4);
    else ctx.arc(x, y, r, 0, 2 * Math.PI);
  }

  function polygon(ctx, x, y, r, corners) {
    for (let corner = 0; corner < corners; corner += 1) {
      const angle = (2 * Math.PI * corner) / corners - Math.PI / 2;
      ctx.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
    }
    ctx.closePath();
  }

  function draw(ctx, node, x, y, r, { theme, dim, strong, scale = 1 }) {
    const flag = flagOf(ctx, node, r);
    const solid = SOLID.has(node.type) && !flag;
    ctx.globalAlpha = dim ? 0.18 : 1;
    if (strong) {
      outline(ctx, node.type, x, y, r + 6 * scale);
      ctx.fillStyle = theme.halo;
      ctx.fill();
    }
    outline(ctx, node.type, x, y, r);
    ctx.lineJoin = "round";
    ctx.fillStyle = solid ? theme.node : theme.surface;
    ctx.fill();
    if (flag) fly(ctx, flag, x, y, half(node, r));
    ctx.lineWidth = (solid || flag ? 2 : 2.5) * scale;
    ctx.strokeStyle = solid ? theme.ground : theme.node;
    ctx.stroke();
    if (!flag) inscribe(ctx, node, x, y, r, solid ? theme.onNode : theme.node);
    ctx.globalAlpha = 1;
  }

  /* What can be drawn of an actor's flag: for a pen its address, for a canvas its pixels; null until these are there. */
  function flagOf(ctx, node, r) {
    const address = Flags.of(node);
    if (!address || ctx.image) return address;
    return Flags.cut(address, 2 * half(node, r) * ctx.getTransform().a);
  }

  function fly(ctx, flag, x, y, middle) {
    const place = [x - middle, y - middle, 2 * middle, 2 * middle];
    if (ctx.image) ctx.image(flag, ...place);
    else ctx.drawImage(flag, ...place);
  }

  function half(node, r) {
    return node.type === "Organisation" ? SQUARE * r : r;
  }

  function inscribe(ctx, node, x, y, r, colour) {
    ctx.fillStyle = colour;
    if (node.sign) {
      const room = node.sign.length > 3 ? 2.35 / node.sign.length : 0.72;
      ctx.font = `600 ${r * room}px ${Labels.FONT}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(node.sign, x, y + r * 0.04);
      return;
    }
    fillPath(ctx, sign(node.type), { x, y, zoom: (r * 1.1) / 24 });
  }

  /* Fill a path that is drawn in a square of 24, its middle at x and y. */
  function fillPath(ctx, path, { x, y, zoom }) {
    if (ctx.fillPath) {
      ctx.fillPath(path, { x: x - 12 * zoom, y: y - 12 * zoom, zoom });
      return;
    }
    if (!paths.has(path)) paths.set(path, new Path2D(path));
    ctx.save();
    ctx.translate(x - 12 * zoom, y - 12 * zoom);
    ctx.scale(zoom, zoom);
    ctx.fill(paths.get(path));
    ctx.restore();
  }

  return { sign, draw };
})();
