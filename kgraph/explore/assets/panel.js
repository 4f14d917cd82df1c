"use strict";

/* The panel: an overview, all evidence of an edge, all relations of an actor, or the way from one actor to another. */
const Panel = (() => {
  const { el } = Dom;
  const { name, sign } = Rows;
  const MOST = 20; // so many of the strongest edges in the overview
  const NAMED = 10; // so many actors there
  const panel = document.getElementById("panel");
  const views = { node: ({ id }) => nodeView(Data.nodes[id]), edge: ({ id }) => edgeView(Data.edges[id]), path: ({ nodes }) => pathView(nodes) };
  let listed = false; // whether the list of all that is in the picture is open
  let drawn = "";
  let top = 0; // how far it is scrolled; asking for it would make the browser lay out the page once more

  panel.addEventListener("scroll", () => { top = panel.scrollTop; }, { passive: true });

  function render() {
    const selection = Model.selection;
    document.body.dataset.view = selection ? selection.kind : "overview";
    const same = drawn === JSON.stringify(selection);
    Dom.replace(panel, selection ? views[selection.kind](selection) : overview());
    if (!same || top) panel.scrollTop = same ? top : 0;
    drawn = JSON.stringify(selection);
  }

  /* --- overview --- */

  function overview() {
    const visible = edgesByCount(Data.edges);
    if (!Data.edges.length) return el("div", { class: "head" }, el("h2", {}, Words.say("overview")), el("p", {}, Words.say("empty")));
    return [
      el("div", { class: "head" }, el("h2", {}, Words.say("overview")), figures(visible), el("p", { class: "hint" }, Words.say("overviewHint"))),
      visible.length ? el("section", {}, el("h3", {}, Words.say("mostNamed")), Rows.actors(mostNamed(visible))) : null,
      visible.length ? el("section", {}, el("h3", {}, Words.say("strongest")), Rows.edges(visible.filter((edge) => edge.relation !== "officialOf").slice(0, MOST), null)) : null,
      el("section", {}, listOfPicture()),
      el("p", { class: "credit" }, Words.say("credit")),
    ];
  }

  /* The actors in most claims; as soon as something is filtered, in most of those that are left. */
  function mostNamed(edges) {
    if (Model.filtersSet() === 0) return Data.nodes.slice(0, NAMED);
    const counts = new Map();
    for (const edge of edges) {
      const found = Model.claimsOf(edge).length;
      for (const id of new Set([edge.from, edge.to])) counts.set(id, (counts.get(id) || 0) + found);
    }
    return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, NAMED).map(([id]) => Data.nodes[id]);
  }

  /* Everything that the picture shows, for those who do not see it or do not point; written when it is opened. */
  function listOfPicture() {
    const body = el("div", {});
    const details = el("details", { class: "list", open: listed, ontoggle: () => { listed = details.open; fill(); } }, el("summary", {}, Words.say("list")), body);
    const fill = () => Dom.replace(body, listed ? inPicture() : []);
    fill();
    return details;
  }

  function inPicture() {
    const { nodes, edges } = Model.visible();
    return [
      el("h3", {}, Words.count("actors", nodes.length)), Rows.actors(nodes),
      el("h3", {}, Words.count("edges", edges.length)), Rows.edges(edgesByCount(edges), null, 100),
    ];
  }

  function figures(visible) {
    const claims = visible.flatMap((edge) => Model.claimsOf(edge));
    const articles = new Set(claims.map((number) => Data.claims[number].article));
    const actors = new Set(visible.flatMap((edge) => [edge.from, edge.to]));
    const days = [...articles].map((number) => Data.articles[number].published).filter(Boolean).sort();
    const counts = [["actors", actors.size], ["edges", visible.length], ["claims", claims.length], ["articles", articles.size]];
    return [
      el("p", { class: "figures" }, counts.map(([key, number]) => el("span", {}, Words.count(key, number)))),
      Data.asOf ? el("p", {}, Words.say("asOf", { day: Words.day(Data.asOf) })) : null,
      days.length ? el("p", { class: "hint" }, Words.days(Dom.short(days[0], 40), Dom.short(days[days.length - 1], 40))) : null,
    ];
  }

  function edgesByCount(edges) {
    return edges.filter((edge) => Model.claimsOf(edge).length).sort((a, b) => Model.claimsOf(b).length - Model.claimsOf(a).length || a.id - b.id);
  }

  function action(key, onclick, number) {
    return el("button", { type: "button", class: "button small", onclick }, number === undefined ? Words.say(key) : `${Words.say(key)} (${number})`);
  }

  function backButton() {
    return el("button", { type: "button", class: "back", onclick: () => Model.select(null, "panel") }, "← ", Words.say("back"));
  }

  /* --- an edge --- */

  function edgeView(edge) {
    const found = Model.claimsOf(edge);
    const { denied } = Model.statusOf(edge);
    return [
      el(
        "div",
        { class: "head", "data-quad": edge.quad },
        backButton(),
        el("h2", { class: "triple" }, endButton(edge.from), relationOf(edge), endButton(edge.to)),
        el(
          "p",
          { class: "badges" },
          el("span", { class: "badge quad" }, Words.of("quads", edge.quad)),
          el("span", { class: "badge" }, Words.count("claims", found.length)),
          denied === "none" ? null : el("span", { class: "badge denied" }, Words.say(denied === "all" ? "isDenied" : "disputed")),
        ),
        el("p", { class: "actions" }, action("only", Actions.only)),
        Time.chart([edge]),
        found.length ? Evidence.marksLegend() : null,
      ),
      found.length ? Evidence.list(edge, found) : el("p", { class: "head hint" }, Words.say("filteredEdge")),
    ];
  }

  function relationOf(edge) {
    return el("span", { class: "relation" }, Dom.short(Words.of("relation", edge.relation), 300), el("span", { "aria-hidden": "true", class: "arrow" }, edge.arrows ? " →" : " ↔"));
  }

  function endButton(id) {
    const node = Data.nodes[id];
    return el("button", { type: "button", class: "end", onclick: () => Model.select({ kind: "node", id }, "panel") }, sign(node), name(node));
  }

  /* --- an actor --- */

  function nodeView(node) {
    const edges = edgesByCount(Model.edgesOf[node.id]);
    const claims = edges.reduce((sum, edge) => sum + Model.claimsOf(edge).length, 0);
    const line = [Words.of("types", node.type || ""), homeOf(node), Words.count("edges", edges.length), Words.count("claims", claims)];
    return [
      el(
        "div",
        { class: "head" },
        backButton(),
        el("h2", {}, sign(node), name(node)),
        el("p", { class: "figures" }, line.filter(Boolean).map((text) => el("span", {}, Dom.short(text, 120)))),
        nodeActions(node),
        Time.chart(edges),
      ),
      neighbours(edges, node.id),
      byQuad(edges, node.id),
    ];
  }

  function nodeActions(node) {
    const hidden = Model.hiddenNeighbours(node.id).length;
    const leaves = Model.leaves(node.id).length;
    return el(
      "p",
      { class: "actions" },
      hidden ? action("letIn", () => Actions.expand(node.id), Math.min(hidden, 15)) : null,
      leaves ? action("fold", () => Actions.fold(node.id), leaves) : null,
      action("only", Actions.only),
      action("path", () => Search.pathFrom(node.id)),
      action("drop", () => Actions.drop(node.id)),
      node.page ? el("span", { class: "outside" }, Dom.own(Words.say("page"), node.page)) : null,
      node.qid ? el("span", { class: "outside" }, Dom.link(`${Words.say("wikidata")} ${node.qid}`, `https://www.wikidata.org/wiki/${node.qid}`)) : null,
    );
  }

  function homeOf(node) {
    if (!node.country || node.type === "State") return null;
    const home = Data.nodes.find((one) => one.type === "State" && one.country === node.country);
    return home ? Words.label(home) : node.country;
  }

  function neighbours(edges, id) {
    const ends = [...new Set(edges.map((edge) => Model.other(edge, id)))].filter((end) => end !== id);
    return ends.length ? el("section", {}, el("h3", {}, Words.count("neighbours", ends.length)), Rows.actors(ends.map((end) => Data.nodes[end]), 12)) : null;
  }

  function byQuad(edges, from) {
    const quads = [...new Set(Data.relations.map(([, quad]) => quad))];
    return quads.map((quad) => {
      const found = edges.filter((edge) => edge.quad === quad);
      if (!found.length) return null;
      return el("section", {}, el("h3", { "data-quad": quad }, el("span", { class: "swatch" }), Words.of("quads", quad)), Rows.edges(found, from));
    });
  }

  /* --- a way --- */

  function pathView(nodes) {
    const legs = nodes.slice(1).map((id, place) => Model.linking(nodes[place], id).filter((edge) => Model.claimsOf(edge).length));
    return [
      el(
        "div",
        { class: "head" },
        backButton(),
        el("h2", {}, Words.say("pathTitle")),
        el("ol", { class: "way" }, nodes.map((id) => el("li", {}, Rows.actor(Data.nodes[id])))),
        el("p", { class: "hint" }, Words.count("legs", legs.length)),
        el("p", { class: "actions" }, action("only", Actions.only)),
      ),
      legs.map((edges, place) => {
        const ends = [nodes[place], nodes[place + 1]].map((id) => Dom.short(Words.label(Data.nodes[id]), 60));
        return el("section", {}, el("h3", {}, ends.join(" – ")), Rows.edges(edges, null, 5));
      }),
    ];
  }

  function spoken(selection) {
    if (!selection) return Words.say("overview");
    if (selection.kind === "node") return Words.label(Data.nodes[selection.id]);
    if (selection.kind === "path") return `${Words.say("pathTitle")}: ${selection.nodes.map((id) => Words.label(Data.nodes[id])).join(", ")}`;
    const edge = Data.edges[selection.id];
    return [Words.label(Data.nodes[edge.from]), Words.of("relation", edge.relation), Words.label(Data.nodes[edge.to])].join(" ");
  }

  return { render, spoken, element: panel };
})();
