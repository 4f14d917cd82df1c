"use strict";

/* What lies over the lines and the actors, in the pixels of the screen: names, captions, crosses, and where they are. */
const Overlay = (() => {
  const { frame, overlaps } = Labels;
  const LABEL = 26;
  const FEW = 26; // up to so many lines in the picture, all of them are captioned
  const SIZE = 4.5; // of half a cross

  /* `scene` is what Canvas says of lines and actors: see there. Comes back: the captions and names with their frames. */
  function draw(ctx, scene) {
    const page = { ctx, scene, taken: [], badges: [], tags: [] };
    const lines = scene.lines.filter((found) => inWindow(scene, found.middle));
    const bright = lines.filter((found) => found.strong);
    const others = lines.filter((found) => !found.strong && !scene.focus);
    const chosen = bright.filter((found) => found.chosen);
    const discs = scene.nodes.filter((one) => !one.dim).map(({ node, x, y, r }) => ({ id: node.id, ...frame(x, y, 2 * r - 6, 2 * r - 6) }));
    for (const found of lines) if (found.denied !== "none") cross(page, found, discs);
    names(page, discs);
    page.taken.push(...discs);
    for (const found of [...chosen, ...bright]) caption(page, found, true, chosen.includes(found));
    for (const found of others) caption(page, found, scene.lines.length <= FEW || scene.scale > 1.15, false);
    return { badges: page.badges, tags: page.tags };
  }

  function inWindow({ width, height }, { x, y }) {
    return x > -60 && y > -30 && x < width + 60 && y < height + 30;
  }

  function cross({ ctx, scene, taken, badges }, found, discs) {
    const { left, top, width } = spot(found, [2 * SIZE, 2 * SIZE], discs, true);
    ctx.globalAlpha = scene.focus && !found.strong ? 0.15 : 1;
    Labels.cross(ctx, { left, top, width }, found.denied === "all", scene.theme.ground, scene.theme.quads.get(found.edge.quad));
    ctx.globalAlpha = 1;
    const rect = { left: left - 3, top: top - 3, width: width + 6, height: width + 6 };
    taken.push(rect);
    badges.push({ id: found.edge.id, ...rect });
  }

  /* The relation and the count on a line, or the count alone where there is no room or too much to say;
     on a line that was chosen in any case, beside it if need be. */
  function caption({ ctx, scene, taken, badges }, found, full, must) {
    if (badges.some((one) => one.id === found.edge.id && one.text)) return;
    const number = found.count > 1 ? String(found.count) : "";
    const relation = Words.of("relation", found.edge.relation);
    const whole = Dom.short(number ? `${relation} · ${number}` : relation, 60);
    for (const text of full ? [whole, number] : [number]) {
      if (!text) continue;
      const width = Labels.pillWidth(ctx, text) + (text === number ? 11 : 16);
      const rect = found.room > width * 0.6 || must ? spot(found, [width, 18], taken, must, must) : null;
      if (!rect) continue;
      Labels.pill(ctx, rect, text, scene.theme, scene.theme.quads.get(found.edge.quad));
      taken.push(rect);
      badges.push({ id: found.edge.id, text, ...rect });
      return;
    }
  }

  /* A free place on a line, near its middle, or else beside it; if it must be one, the middle at worst. */
  function spot(found, [width, height], taken, must, beside) {
    const on = [0.5, 0.42, 0.58, 0.34, 0.66].map((part) => found.at(part));
    const off = beside ? aside(found, [width, height]) : [];
    const rects = [...on, ...off].map((at) => frame(at.x, at.y, width, height));
    return rects.find((rect) => !taken.some((one) => overlaps(one, rect))) || (must ? rects[0] : null);
  }

  /* Places to the left and the right of a line, near its middle, each a little further off. */
  function aside(found, [width, height]) {
    const [one, two] = [found.at(0.45), found.at(0.55)];
    const length = Math.hypot(two.x - one.x, two.y - one.y) || 1;
    const [x, y] = [(one.y - two.y) / length, (two.x - one.x) / length];
    const near = (Math.abs(x) * width + Math.abs(y) * height) / 2 + 8;
    return [near, -near, near + 22, -near - 22, near + 44].map((far) => ({ x: found.middle.x + x * far, y: found.middle.y + y * far }));
  }

  /* Names under the actors, or above or beside them where below is no room; the more important first. */
  function names({ ctx, scene, taken, tags }, discs) {
    for (const { node, x, y, r, rank } of scene.nodes.filter((one) => !one.dim).sort((a, b) => a.rank - b.rank || a.node.id - b.node.id)) {
      if (!inWindow(scene, { x, y })) continue;
      const text = Dom.short(Words.label(node), LABEL);
      const weight = rank === 0 ? 700 : 600;
      const width = Labels.nameWidth(ctx, text, weight) + 4;
      const aside = r + 4 + width / 2;
      const rects = [[x, y + r + 11], [x, y - r - 11], [x + aside, y], [x - aside, y]].map(([at, level]) => inside(frame(at, level, width, 16), scene.width));
      const free = (rect) => !taken.some((one) => overlaps(one, rect)) && !discs.some((one) => one.id !== node.id && overlaps(one, rect));
      const rect = rects.find(free) || (rank === 0 ? rects[0] : null);
      if (!rect) continue;
      Labels.name(ctx, rect, text, weight, scene.theme);
      taken.push(rect);
      tags.push({ id: node.id, ...rect });
    }
  }

  /* Moved sideways until it does not stick out of the window. */
  function inside(rect, width) {
    return { ...rect, left: Math.max(3, Math.min(rect.left, width - rect.width - 3)) };
  }

  return { draw };
})();
