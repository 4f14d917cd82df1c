"use strict";

/* The filters: relations under their quad classes, modality, polarity, source, confidence, number of claims. */
const Filters = (() => {
  const { el } = Dom;
  const form = document.getElementById("filters");
  const button = document.getElementById("filter-button");
  const count = document.getElementById("filter-count");
  const MANY = 8; // so many sources stand open

  function start() {
    button.addEventListener("click", () => toggle(form.hidden));
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  function toggle(open) {
    if (form.hidden === !open) return false;
    const inside = form.contains(document.activeElement);
    form.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) { Menu.toggle(false); render(); }
    if (open) form.querySelector("button, input").focus();
    else if (inside) button.focus();
    return true;
  }

  /* The form is written only while it is open. */
  function render() {
    if (form.hidden) return;
    const opened = new Set([...form.querySelectorAll("details[open]")].map((element) => element.dataset.quad));
    const top = form.scrollTop;
    Dom.replace(
      form,
      el(
        "div",
        { class: "filters-head" },
        el("h2", {}, Words.say("filtersTitle")),
        el("button", { type: "button", class: "link", onclick: () => { Model.resetFilter(); render(); } }, Words.say("reset")),
        el("button", { type: "button", class: "close", "aria-label": Words.say("close"), onclick: () => toggle(false) }, "×"),
      ),
      el("fieldset", {}, el("legend", {}, Words.say("relations")), quadGroups(opened)),
      setOf("modality", "modalities"),
      setOf("polarity", "polarities"),
      sources(opened.has("sources")),
      undated(),
      slider("minConfidence", "confidence", { min: Data.minConfidence, max: 1, step: Data.minConfidence ? 0.01 : 0.05 }, (value) => Words.number(value, 2)),
      slider("minClaims", "claims", { min: 1, max: Math.max(2, Math.min(20, ...[Math.max(1, ...Data.edges.map((edge) => edge.claims.length))])), step: 1 }, String),
    );
    Time.home();
    form.scrollTop = top;
    mark();
  }

  /* Where the articles are from, those with most claims first. */
  function sources(open) {
    const used = new Map();
    for (const claim of Data.claims) {
      const { source } = Data.articles[claim.article];
      used.set(source, (used.get(source) || 0) + 1);
    }
    if (used.size < 2) return null;
    const ranked = [...used].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const switchThem = () => change((filter) => switchAll(filter.sources, [...used.keys()], !all.checked));
    const all = el("input", { type: "checkbox", "aria-label": Words.say("allSources"), onchange: switchThem });
    const left = Model.filter.sources.size;
    all.checked = left < used.size;
    all.indeterminate = left > 0 && left < used.size;
    const boxes = ranked.map(([source, count]) =>
      box(source || Words.say("noSource"), count, !Model.filter.sources.has(source), (on) => change((filter) => switchAll(filter.sources, [source], !on))));
    return el("fieldset", {}, el("legend", {}, Words.say("source")), el(
      "div",
      { class: "group" },
      all,
      el("details", { open: open || used.size <= MANY, "data-quad": "sources" }, el("summary", {}, Words.say("allSources"), number(used.size)), el("div", { class: "sources" }, boxes)),
    ));
  }

  function undated() {
    const without = Data.claims.filter((claim) => claim.day === null).length;
    if (!without || without === Data.claims.length) return null;
    const include = (on) => change((filter) => { filter.undated = on; });
    return el("fieldset", {}, el("legend", {}, Words.say("time")), box(Words.say("undated"), without, Model.filter.undated, include));
  }

  function quadGroups(opened) {
    const used = new Map();
    for (const edge of Data.edges) used.set(edge.relation, (used.get(edge.relation) || 0) + edge.claims.length);
    const known = new Map(Data.relations);
    const relations = [...known.keys(), ...[...used.keys()].filter((relation) => !known.has(relation))].filter((relation) => used.has(relation));
    const quads = [...new Set([...known.values()])];
    return quads.map((quad) => {
      const inside = relations.filter((relation) => (known.get(relation) || "state") === quad);
      return inside.length ? quadGroup(quad, inside, used, opened.has(quad)) : null;
    });
  }

  function quadGroup(quad, relations, used, open) {
    const left = relations.filter((relation) => Model.filter.relations.has(relation)).length;
    const switchThem = () => change((filter) => switchAll(filter.relations, relations, !all.checked));
    const all = el("input", { type: "checkbox", "aria-label": Words.of("quads", quad), onchange: switchThem });
    all.checked = left < relations.length;
    all.indeterminate = left > 0 && left < relations.length;
    return el(
      "div",
      { class: "group", "data-quad": quad },
      all,
      el(
        "details",
        { open, "data-quad": quad },
        el("summary", {}, el("span", { class: "swatch" }), Words.of("quads", quad), number(relations.reduce((sum, relation) => sum + used.get(relation), 0))),
        relations.map((relation) =>
          box(Words.of("relation", relation), used.get(relation), !Model.filter.relations.has(relation), (on) => change((filter) => switchAll(filter.relations, [relation], !on)))),
      ),
    );
  }

  function setOf(title, key) {
    const name = key === "modalities" ? "modality" : "polarity";
    const values = ["actual", "planned", "alleged", "hypothetical", "affirmed", "negated"].filter((value) => Data.claims.some((claim) => claim[name] === value));
    const boxes = values.map((value) => {
      const used = Data.claims.filter((claim) => claim[name] === value).length;
      return box(Words.of(key, value), used, !Model.filter[key].has(value), (on) => change((filter) => switchAll(filter[key], [value], !on)));
    });
    return el("fieldset", {}, el("legend", {}, Words.say(title)), boxes);
  }

  function box(label, used, checked, onchange) {
    const input = el("input", { type: "checkbox", onchange: () => onchange(input.checked) });
    input.checked = checked;
    return el("label", { class: "check" }, input, Dom.foreign(Dom.short(label, 80)), number(used));
  }

  function number(value) {
    return el("span", { class: "number" }, String(value));
  }

  function slider(title, key, range, shown) {
    const output = el("output", {}, shown(Model.filter[key]));
    const input = el("input", { type: "range", ...range, "aria-label": Words.say(title), oninput: () => {
      output.textContent = shown(Number(input.value));
      Model.setFilter((filter) => { filter[key] = Number(input.value); }, `filter:${key}`);
      mark();
    } });
    input.value = String(Model.filter[key]);
    return el("fieldset", { class: "range" }, el("legend", {}, Words.say(title), " ", output), input);
  }

  function switchAll(set, values, leftOut) {
    for (const value of values) if (leftOut) set.add(value); else set.delete(value);
  }

  /* Change the filter and draw the form anew, the focus where it was. */
  function change(how) {
    const controls = [...form.querySelectorAll("input")];
    const place = controls.indexOf(document.activeElement);
    Model.setFilter(how);
    render();
    if (place >= 0) form.querySelectorAll("input")[place].focus();
  }

  function mark() {
    const set = Model.filtersSet();
    count.hidden = set === 0;
    count.textContent = String(set);
  }

  return { start, render, toggle, mark };
})();
