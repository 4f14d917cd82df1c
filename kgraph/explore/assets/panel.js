"use strict";

/* The panel: an overview, all evidence of an edge, or all relations of an actor. */
const Panel = (() => {
  const { el, foreign } = Dom;
  const PAGE = 40; // so many pieces of evidence at once
  const ROWS = 20; // so many relations
  const panel = document.getElementById("panel");
  const ROLES = ["subject", "trigger", "object"];

  function render() {
    const selection = Model.selection;
    document.body.dataset.view = selection ? selection.kind : "overview";
    const content = !selection ? overview() : selection.kind === "edge" ? edgeView(Data.edges[selection.id]) : nodeView(Data.nodes[selection.id]);
    Dom.replace(panel, content);
    panel.scrollTop = 0;
  }

  function name(node, attributes) {
    return foreign(Dom.short(Words.label(node), 300), attributes);
  }

  function sign(node) {
    return Dom.icon(Shapes.sign(node.type), { class: "sign" });
  }

  /* --- overview --- */

  function overview() {
    const visible = edgesByCount(Data.edges);
    if (!Data.edges.length) return el("div", { class: "head" }, el("h2", {}, Words.say("overview")), el("p", {}, Words.say("empty")));
    return [
      el("div", { class: "head" }, el("h2", {}, Words.say("overview")), figures(visible), el("p", { class: "hint" }, Words.say("overviewHint"))),
      el("section", {}, el("h3", {}, Words.say("mostNamed")), el("ul", { class: "chips" }, Data.nodes.slice(0, 10).map((node) => el("li", {}, actorButton(node))))),
      el("section", {}, el("h3", {}, Words.say("strongest")), edgeList(visible.filter((edge) => edge.relation !== "officialOf").slice(0, ROWS), null)),
      el("p", { class: "credit" }, Words.say("credit")),
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
      days.length ? el("p", { class: "hint" }, Words.days(days[0], days[days.length - 1])) : null,
    ];
  }

  function edgesByCount(edges) {
    return edges.filter((edge) => Model.claimsOf(edge).length).sort((a, b) => Model.claimsOf(b).length - Model.claimsOf(a).length || a.id - b.id);
  }

  function actorButton(node) {
    return el("button", { type: "button", class: "chip", onclick: () => Model.select({ kind: "node", id: node.id }, "panel") }, sign(node), name(node));
  }

  /* Edges as buttons; seen from an actor its own name is left out and the direction becomes an arrow. */
  function edgeList(edges, from) {
    const rows = (found) => found.map((edge) => el("li", {}, edgeButton(edge, from)));
    const list = el("ul", { class: "edges" }, rows(edges.slice(0, ROWS)));
    if (edges.length <= ROWS) return list;
    const more = el("button", { type: "button", class: "link", onclick: () => { list.append(...rows(edges.slice(ROWS))); more.remove(); } }, Words.say("more", { n: edges.length - ROWS }));
    return [list, more];
  }

  function edgeButton(edge, from) {
    const { count, denied, certain } = Model.statusOf(edge);
    const notes = [denied === "all" ? "isDenied" : denied === "some" ? "disputed" : null].filter(Boolean).map((key) => Words.say(key));
    if (!certain && denied === "none") notes.push(Words.of("modalities", Data.claims[Model.claimsOf(edge)[0]].modality));
    return el(
      "button",
      { type: "button", class: "edge", "data-quad": edge.quad, onclick: () => Model.select({ kind: "edge", id: edge.id }, "panel") },
      el("span", { class: certain && denied !== "all" ? "stroke" : "stroke faint" }),
      el("span", { class: "words" }, edgeWords(edge, from)),
      notes.length ? el("span", { class: "note" }, notes.join(", ")) : null,
      el("span", { class: "number", "aria-label": Words.count("claims", count) }, String(count)),
    );
  }

  function edgeWords(edge, from) {
    const relation = el("span", { class: "relation" }, Words.of("relation", edge.relation));
    const [subject, object] = [Data.nodes[edge.from], Data.nodes[edge.to]];
    if (from === edge.from && (edge.arrows || from !== edge.to)) return [relation, " ", name(object)];
    if (from === edge.to) return edge.arrows ? [name(subject), " ", relation, " …"] : [relation, " ", name(subject)];
    return [name(subject), " ", relation, " ", name(object)];
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
        el("h2", { class: "triple" }, endButton(edge.from), el("span", { class: "relation" }, Words.of("relation", edge.relation), el("span", { "aria-hidden": "true", class: "arrow" }, edge.arrows ? " →" : " ↔")), endButton(edge.to)),
        el(
          "p",
          { class: "badges" },
          el("span", { class: "badge quad" }, Words.of("quads", edge.quad)),
          el("span", { class: "badge" }, Words.count("claims", found.length)),
          denied === "none" ? null : el("span", { class: "badge denied" }, Words.say(denied === "all" ? "isDenied" : "disputed")),
        ),
        found.length ? marksLegend() : null,
      ),
      found.length ? evidence(edge, found) : el("p", { class: "hint" }, Words.say("filteredEdge")),
    ];
  }

  function endButton(id) {
    const node = Data.nodes[id];
    return el("button", { type: "button", class: "end", onclick: () => Model.select({ kind: "node", id }, "panel") }, sign(node), name(node));
  }

  function backButton() {
    return el("button", { type: "button", class: "back", onclick: () => Model.select(null, "panel") }, "← ", Words.say("back"));
  }

  function marksLegend() {
    return el("p", { class: "marks" }, ROLES.map((role) => el("mark", { class: role }, Words.say(role))));
  }

  function evidence(edge, found) {
    const list = el("ol", { class: "evidence", "data-quad": edge.quad });
    const more = el("button", { type: "button", class: "button wide", onclick: grow });
    let drawn = 0;
    function grow() {
      const next = found.slice(drawn, drawn + PAGE);
      list.append(...next.map((number) => card(Data.claims[number])));
      drawn += next.length;
      more.textContent = Words.say("moreClaims", { n: found.length - drawn });
      more.hidden = drawn >= found.length;
    }
    grow();
    return [list, more];
  }

  function card(claim) {
    const text = Data.sentences[claim.sentence];
    const article = Data.articles[claim.article];
    return el(
      "li",
      { class: "card" },
      text ? el("blockquote", { dir: "auto" }, marked(text, claim.marks)) : el("p", { class: "hint" }, Words.say("noSentence")),
      el("p", { class: "badges" }, standing(claim)),
      speaker(claim),
      when(claim),
      el(
        "footer",
        {},
        el("p", { class: "source" }, Dom.link(Dom.short(article.title || Words.say("untitled"), 300), article.url, Words.say("out"))),
        el("p", { class: "source hint" }, article.publisher ? [foreign(Dom.short(article.publisher, 120)), article.published ? " · " : ""] : null, article.published ? Words.day(article.published) : null),
      ),
    );
  }

  /* The sentence with subject, trigger and object marked; marks may lie inside one another ("US" in "US-Angriffe"). */
  function marked(text, marks) {
    const spans = ROLES.map((role, place) => ({ role, start: marks[2 * place], end: marks[2 * place + 1] })).filter((span) => span.start >= 0);
    const cuts = [...new Set([0, text.length, ...spans.flatMap((span) => [span.start, span.end])])].sort((a, b) => a - b);
    return cuts.slice(1).map((end, place) => {
      const start = cuts[place];
      const roles = spans.filter((span) => span.start <= start && end <= span.end).map((span) => span.role);
      const part = text.slice(start, end);
      return roles.length ? el("mark", { class: roles.join(" "), title: roles.map((role) => Words.say(role)).join(", ") }, part) : part;
    });
  }

  function standing(claim) {
    return [
      claim.polarity === "negated" ? el("span", { class: "badge denied" }, Words.of("polarities", claim.polarity)) : null,
      el("span", { class: claim.modality === "actual" ? "badge" : "badge unsure" }, Words.of("modalities", claim.modality)),
      el(
        "span",
        { class: "badge confidence" },
        `${Words.say("confidence")} ${Words.number(claim.confidence, 2)} `,
        el("span", { class: "meter", style: `--part: ${claim.confidence}` }),
      ),
    ];
  }

  function speaker(claim) {
    const actor = claim.speaker !== undefined ? actorButton(Data.nodes[claim.speaker]) : claim.speakerLabel ? foreign(Dom.short(claim.speakerLabel, 120)) : null;
    if (!actor && !claim.says) return null;
    return fact(Words.say("saysSo"), [actor, actor && claim.says ? " " : null, claim.says ? el("q", {}, foreign(Dom.short(claim.says, 200))) : null]);
  }

  function when(claim) {
    if (!claim.from) return null;
    const origin = claim.origin ? ` (${Words.of("origins", claim.origin)})` : "";
    return fact(Words.say("event"), [Words.days(claim.from, claim.to), origin]);
  }

  function fact(key, value) {
    return el("p", { class: "fact" }, el("span", { class: "key" }, key), " ", value);
  }

  /* --- an actor --- */

  function nodeView(node) {
    const edges = edgesByCount(Model.edgesOf[node.id]);
    const hidden = Model.hiddenNeighbours(node.id);
    const claims = edges.reduce((sum, edge) => sum + Model.claimsOf(edge).length, 0);
    const line = [Words.of("types", node.type || ""), homeOf(node), Words.count("edges", edges.length), Words.count("claims", claims)];
    return [
      el(
        "div",
        { class: "head" },
        backButton(),
        el("h2", {}, sign(node), name(node)),
        el("p", { class: "figures" }, line.filter(Boolean).map((text) => el("span", {}, text))),
        el(
          "p",
          { class: "actions" },
          hidden.length ? el("button", { type: "button", class: "button", onclick: () => Model.letInNeighbours(node.id) }, `${Words.say("letIn")} (${Math.min(hidden.length, 15)})`) : null,
          node.qid ? el("span", { class: "outside" }, Dom.link(`${Words.say("wikidata")} ${node.qid}`, `https://www.wikidata.org/wiki/${node.qid}`)) : null,
        ),
      ),
      byQuad(edges, node.id),
    ];
  }

  function homeOf(node) {
    if (!node.country || node.type === "State") return null;
    const home = Data.nodes.find((one) => one.type === "State" && one.country === node.country);
    return home ? Words.label(home) : node.country;
  }

  function byQuad(edges, from) {
    const quads = [...new Set(Data.relations.map(([, quad]) => quad))];
    return quads.map((quad) => {
      const found = edges.filter((edge) => edge.quad === quad);
      return found.length ? el("section", {}, el("h3", { "data-quad": quad }, el("span", { class: "swatch" }), Words.of("quads", quad)), edgeList(found, from)) : null;
    });
  }

  function spoken(selection) {
    if (!selection) return Words.say("overview");
    if (selection.kind === "node") return Words.label(Data.nodes[selection.id]);
    const edge = Data.edges[selection.id];
    return [Words.label(Data.nodes[edge.from]), Words.of("relation", edge.relation), Words.label(Data.nodes[edge.to])].join(" ");
  }

  return { render, spoken, element: panel };
})();
