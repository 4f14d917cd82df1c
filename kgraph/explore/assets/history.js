"use strict";

/* Undo and redo: what was taken into the picture or out of it, filters, and places. A selection alone is no step. */
const History = (() => {
  const MOST = 200;
  const SAME = 900; // ms: what one control changes so soon after its last change is one step
  const done = [];
  const undone = [];
  let now = null;
  let last = { source: "", at: 0 };

  function start() {
    now = Model.state();
    Model.onChange(record);
  }

  function record(source) {
    const state = Model.state();
    const again = source.startsWith("filter:") && source === last.source && Date.now() - last.at < SAME;
    if (source !== "restore" && source !== "undo" && matter(state) !== matter(now)) {
      if (!again) done.push(now);
      if (done.length > MOST) done.shift();
      undone.length = 0;
    }
    now = state;
    last = { source, at: Date.now() };
  }

  function matter({ steps, filter, moved }) {
    return JSON.stringify([steps, filter, moved]);
  }

  function go(from, to) {
    if (!from.length) return;
    to.push(now);
    Model.restore(from.pop(), "undo");
  }

  return {
    start,
    undo: () => go(done, undone),
    redo: () => go(undone, done),
    get canUndo() { return done.length > 0; },
    get canRedo() { return undone.length > 0; },
  };
})();
