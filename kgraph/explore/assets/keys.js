"use strict";

/* The keyboard. Letters work everywhere but where one types, unless they are switched off; arrows in the picture. */
const Keys = (() => {
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const actions = {
    "/": () => Search.focus(),
    "?": () => Help.open(),
    f: () => Canvas.fit(),
    "+": () => Canvas.zoom(1.3),
    "-": () => Canvas.zoom(1 / 1.3),
    u: () => History.undo(),
    r: () => History.redo(),
    e: () => onActor(Actions.expand),
    c: () => onActor(Actions.fold),
    x: () => onActor(Actions.drop),
    p: () => onActor(Search.pathFrom),
    h: () => Actions.only(),
  };

  let letters = true;

  function start() {
    document.addEventListener("keydown", pressed);
    Canvas.element.addEventListener("keydown", inPicture);
  }

  function onActor(action) {
    if (Model.selection && Model.selection.kind === "node") action(Model.selection.id);
  }

  function pressed(event) {
    if (Help.isOpen) return undefined;
    const typing = event.target instanceof HTMLInputElement && event.target.type === "text";
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !typing) return control(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
    if (event.key === "Escape") return escape();
    if (typing || !letters || !Object.hasOwn(actions, event.key)) return undefined;
    event.preventDefault();
    return actions[event.key]();
  }

  function control(event) {
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) History.redo(); else History.undo();
  }

  function escape() {
    if (Menu.toggle(false) || Filters.toggle(false)) return;
    if (Model.selection) Model.select(null, "escape");
  }

  /* Arrows go from actor to actor, or move the picture while nobody is selected, and always with Shift. */
  function inPicture(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && !Model.selection && Canvas.visible.nodes.length) {
      Model.select({ kind: "node", id: Canvas.visible.nodes[0].id }, "keys");
      return;
    }
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const selection = Model.selection;
    if (event.shiftKey || !selection || selection.kind !== "node") Canvas.pan(arrow);
    else {
      const next = Canvas.neighbourTowards(selection.id, arrow);
      if (next !== null) Model.select({ kind: "node", id: next }, "keys");
    }
  }

  return { start, get letters() { return letters; }, set letters(on) { letters = on; } };
})();
