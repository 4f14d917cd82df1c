"use strict";

/* The parts put together: every change of the model is shown everywhere, and stands in the address. */
(() => {
  const { el } = Dom;
  const byId = (id) => document.getElementById(id);
  const narrow = window.matchMedia("(max-width: 900px)");
  const ICONS = {
    undo: "M9 5L4 10l5 5M4 10h10a5 5 0 0 1 0 10h-3",
    redo: "M15 5l5 5-5 5M20 10H10a5 5 0 0 0 0 10h3",
    "zoom-in": "M12 5v14M5 12h14",
    "zoom-out": "M5 12h14",
    "zoom-fit": "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  };

  function legend() {
    const quads = [...new Set(Data.relations.map(([, quad]) => quad))];
    const types = Object.keys(Data.words.de.types).filter((type) => Data.nodes.some((node) => (node.type || "") === type));
    const dashed = { "stroke-dasharray": "6 4" };
    Dom.replace(
      byId("legend-body"),
      quads.map((quad) => el("li", { "data-quad": quad }, Dom.line("M1 8H33"), Words.of("quads", quad))),
      el("li", { class: "first" }, Dom.line("M1 8H33", { "stroke-width": 6 }), Words.say("larger")),
      el("li", {}, Dom.line("M1 8H33", dashed), Words.say("planned")),
      el("li", {}, Dom.line("M1 8H10M24 8H33M13 4L21 12M21 4L13 12"), Words.say("denied")),
      el("li", {}, Dom.line("M1 8H10M24 8H33M13 4L21 12"), Words.say("disputed")),
      types.map((type, place) => el("li", { class: place ? null : "first" }, Dom.icon(Shapes.sign(type), { class: "sign" }), Words.of("types", type), type === "State" ? ` (${Words.say("flagOrCode")})` : null)),
    );
  }

  function speak(language) {
    Words.use(language);
    Dom.replace(byId("title"), Data.home ? Dom.own(Words.title(), Data.home) : Words.title());
    legend();
    Filters.render();
    Time.render();
    Menu.render();
    update("language");
  }

  function update(source) {
    performance.mark("kgraph-change");
    Canvas.refresh();
    Panel.render();
    Notice.render();
    Time.refresh();
    if (["undo", "link"].includes(source)) Filters.render();
    Filters.mark();
    byId("undo").disabled = !History.canUndo;
    byId("redo").disabled = !History.canRedo;
    if (["panel", "search", "escape", "keys"].includes(source) || (source === "canvas" && narrow.matches)) Canvas.reveal();
    if (source === "search" || source === "panel") Panel.element.focus({ preventScroll: true });
    if (!source.startsWith("filter")) Actions.tell(Words.say("selected", { what: Dom.short(Panel.spoken(Model.selection), 300) }));
    if (source !== "start") Link.later();
    performance.measure("kgraph-update", "kgraph-change");
  }

  /* What a server knows of the actor or the edge that was chosen. */
  async function complete() {
    const selection = Model.selection;
    if (!Source.served || !selection || selection.kind === "path") return;
    const edge = selection.kind === "edge" ? Data.edges[selection.id] : null;
    if (edge && Source.isWhole(edge)) return;
    const before = Source.answers;
    await Actions.load(() => (edge ? Source.claims(edge) : Source.around(Data.nodes[selection.id].key)));
    if (Source.answers > before) Model.loaded(selection);
  }

  /* A link was followed; it may have changed the language, too. */
  function arrived(eye) {
    if (eye === null) return;
    speak(Words.lang);
    Canvas.eye = eye;
  }

  async function start() {
    Words.load(Data.words, Data.lang);
    for (const [id, path] of Object.entries(ICONS)) byId(id).append(Dom.icon(path, { class: "stroked" }));
    byId("legend").open = !narrow.matches;
    Filters.start();
    Menu.start();
    Search.start();
    Time.start();
    Time.home();
    narrow.addEventListener("change", () => { Time.home(); Time.render(); });
    Canvas.start();
    History.start();
    Notice.start();
    Keys.start();
    Link.start(arrived);
    Model.onChange(update);
    Model.onChange((source) => { if (source !== "loaded") complete(); });
    for (const button of document.querySelectorAll("[data-lang]")) button.addEventListener("click", () => { speak(button.dataset.lang); });
    const clicks = { undo: History.undo, redo: History.redo, "zoom-in": () => Canvas.zoom(1.3), "zoom-out": () => Canvas.zoom(1 / 1.3), "zoom-fit": () => Canvas.fit() };
    for (const [id, action] of Object.entries(clicks)) byId(id).addEventListener("click", action);
    speak(Data.lang);
    Canvas.fit(false);
    arrived(await Link.read());
    performance.mark("kgraph-ready");
  }

  /* For other scripts and for tests: where things are on the page, and what is shown. */
  window.kgraph = Object.freeze({
    data: Data,
    edgePoint: Canvas.edgePoint,
    nodePoint: Canvas.actorPoint,
    select: Model.select,
    visible: () => ({ nodes: Canvas.visible.nodes.map((node) => node.id), edges: Canvas.visible.edges.map((edge) => edge.id) }),
  });

  start();
})();
