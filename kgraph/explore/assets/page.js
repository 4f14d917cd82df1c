"use strict";

/* The parts put together: language, keys, legend, notices. */
(() => {
  const { el } = Dom;
  const byId = (id) => document.getElementById(id);
  const MORE = 40;
  const narrow = window.matchMedia("(max-width: 900px)");

  function legend() {
    const quads = [...new Set(Data.relations.map(([, quad]) => quad))];
    const types = Object.keys(Data.words.de.types).filter((type) => Data.nodes.some((node) => (node.type || "") === type));
    const dashed = { "stroke-dasharray": "6 4" };
    Dom.replace(
      byId("legend-body"),
      quads.map((quad) => el("li", { "data-quad": quad }, Dom.line("M1 8H33"), Words.of("quads", quad))),
      el("li", { class: "first" }, Dom.line("M1 8H33", dashed), Words.say("planned")),
      el("li", {}, Dom.line("M1 8H10M24 8H33M13 4L21 12M21 4L13 12"), Words.say("denied")),
      el("li", {}, Dom.line("M1 8H10M24 8H33M13 4L21 12"), Words.say("disputed")),
      types.map((type, place) => el("li", { class: place ? null : "first" }, Dom.icon(Shapes.sign(type), { class: "sign" }), Words.of("types", type))),
    );
  }

  function notices() {
    const all = Data.nodes.length;
    const notice = byId("notice");
    notice.hidden = Model.shown >= all;
    notice.querySelector("span").textContent = Words.say("cut", { shown: Model.shown, all });
    const button = notice.querySelector("button");
    button.textContent = Words.say("more", { n: Math.min(MORE, all - Model.shown) });
    button.onclick = () => { Model.more(MORE); Canvas.fit(); };
    byId("nothing").hidden = Canvas.visible.nodes.length > 0;
    byId("nothing").textContent = Words.say(Data.edges.length ? "filteredOut" : "empty");
  }

  function speak(language) {
    Words.use(language);
    byId("title").textContent = Words.title();
    legend();
    Filters.render();
    update("language");
  }

  function update(source) {
    Canvas.refresh();
    Panel.render();
    notices();
    if (["panel", "search", "escape"].includes(source) || (source === "canvas" && narrow.matches)) Canvas.reveal();
    if (source === "search" || source === "panel") Panel.element.focus({ preventScroll: true });
    byId("status").textContent = Words.say("selected", { what: Panel.spoken(Model.selection) });
  }

  function pressed(event) {
    const typing = event.target instanceof HTMLInputElement && event.target.type === "text";
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return escape();
    if (typing) return undefined;
    const actions = { "/": Search.focus, f: () => Canvas.fit(), "+": () => Canvas.zoom(1.3), "-": () => Canvas.zoom(1 / 1.3) };
    if (!Object.hasOwn(actions, event.key)) return undefined;
    event.preventDefault();
    return actions[event.key]();
  }

  function escape() {
    if (Filters.toggle(false)) return;
    if (Model.selection) Model.select(null, "escape");
  }

  function start() {
    Words.load(Data.words, Data.lang);
    Filters.start();
    Search.start();
    Canvas.start();
    Model.onChange(update);
    byId("legend").open = !narrow.matches;
    for (const button of document.querySelectorAll("[data-lang]")) button.addEventListener("click", () => speak(button.dataset.lang));
    byId("zoom-in").addEventListener("click", () => Canvas.zoom(1.3));
    byId("zoom-out").addEventListener("click", () => Canvas.zoom(1 / 1.3));
    byId("zoom-fit").addEventListener("click", () => Canvas.fit());
    document.addEventListener("keydown", pressed);
    speak(Data.lang);
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
