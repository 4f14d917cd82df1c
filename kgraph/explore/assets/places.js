"use strict";

/* Where actors stand. The first picture was laid out when the page was made, for wide windows, for tall ones and for
   small ones; who is let in finds room beside its strongest neighbour; who was moved by hand stays there. */
const Places = (() => {
  const KEYS = [["x", "y"], ["u", "v"], ["s", "t"]];
  const STEP = 92;
  const ROOM = { x: 104, y: 66 };
  const GOLDEN = Math.PI * (3 - Math.sqrt(5));
  const spots = new Map();
  const moved = new Map();
  let layout = 0;

  function of(id) {
    return moved.get(id) || spots.get(id) || planned(id) || { x: 0, y: 0 };
  }

  function planned(id) {
    const [x, y] = KEYS[layout];
    const node = Data.nodes[id];
    return node[x] === undefined ? null : { x: node[x], y: node[y] };
  }

  function forget() {
    spots.clear();
  }

  /* Places for those who have none; `shown` is everybody in the picture, in the order in which they came. */
  function settle(shown, edgesOf) {
    const taken = [];
    const waiting = [];
    for (const id of shown) {
      if (spots.has(id) || planned(id)) taken.push(of(id));
      else waiting.push(id);
    }
    if (!waiting.length) return;
    const middle = { x: mean(taken.map((at) => at.x)), y: mean(taken.map((at) => at.y)) };
    for (const id of waiting) {
      const edge = edgesOf[id].find((one) => one.from !== one.to && shown.has(one.from) && shown.has(one.to) && hasPlace(one.from === id ? one.to : one.from));
      const anchor = edge ? of(edge.from === id ? edge.to : edge.from) : { x: middle.x, y: Math.max(0, ...taken.map((at) => at.y)) + 2 * STEP };
      const spot = free(anchor, middle, taken);
      spots.set(id, spot);
      taken.push(spot);
    }
  }

  function hasPlace(id) {
    return spots.has(id) || planned(id) !== null;
  }

  function mean(values) {
    return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
  }

  /* The nearest free spot on a spiral that begins on the side away from the middle. */
  function free(anchor, middle, taken) {
    const away = Math.atan2(anchor.y - middle.y, anchor.x - middle.x);
    for (let step = 1; ; step += 1) {
      const [radius, angle] = [STEP * Math.sqrt(0.8 + step / 3), away + step * GOLDEN];
      const spot = { x: Math.round(anchor.x + radius * Math.cos(angle)), y: Math.round(anchor.y + radius * Math.sin(angle)) };
      if (!taken.some((at) => Math.abs(at.x - spot.x) < ROOM.x && Math.abs(at.y - spot.y) < ROOM.y)) return spot;
    }
  }

  return {
    of, settle, forget,
    move(id, { x, y }) { moved.set(id, { x: Math.round(x), y: Math.round(y) }); },
    /* What was moved, with the layout it was moved in: elsewhere it says nothing. */
    get moved() { return moved.size ? { layout, at: [...moved].map(([id, { x, y }]) => [id, x, y]) } : null; },
    set moved(state) {
      moved.clear();
      if (state && state.layout === layout) for (const [id, x, y] of state.at) moved.set(id, { x, y });
    },
    get layout() { return layout; },
    set layout(number) {
      if (number === layout) return;
      layout = number;
      moved.clear();
      spots.clear();
    },
  };
})();
