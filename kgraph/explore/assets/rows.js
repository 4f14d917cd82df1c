"use strict";

/* Actors and relations as buttons, alone and in lists that grow. */
const Rows = (() => {
  const { el, foreign } = Dom;
  const PAGE = 20;
  const LONG = 100;

  function name(node, attributes) {
    return foreign(Dom.short(Words.label(node), 300), attributes);
  }

  function sign(node) {
    const flag = Flags.of(node);
    if (!flag) return Dom.icon(Shapes.sign(node.type), { class: "sign" });
    return el("img", { class: node.type === "State" ? "sign flag round" : "sign flag", src: flag, alt: "", "aria-hidden": "true" });
  }

  function actor(node) {
    return el("button", { type: "button", class: "chip", onclick: () => Model.select({ kind: "node", id: node.id }, "panel") }, sign(node), name(node));
  }

  function actors(nodes, page = LONG) {
    return growing(nodes, (node) => el("li", {}, actor(node)), "chips", page);
  }

  /* Edges as buttons; seen from an actor its own name is left out where it would come first. */
  function edges(found, from, page = PAGE) {
    return growing(found, (edge) => el("li", {}, edgeButton(edge, from)), "edges", page);
  }

  /* A list that begins with a page of its items; a button brings the next ones and hands them the focus. */
  function growing(items, make, kind, page) {
    const list = el("ul", { class: kind });
    const more = el("button", { type: "button", class: "link more", onclick: growOn });
    function growOn() {
      const before = list.children.length;
      grow();
      list.children[before].querySelector("button").focus();
    }
    function grow() {
      const drawn = list.children.length;
      list.append(...items.slice(drawn, drawn + (drawn ? LONG : page)).map(make));
      const left = items.length - list.children.length;
      more.hidden = left === 0;
      more.textContent = Words.say("more", { n: Math.min(left, LONG) });
    }
    grow();
    return items.length > page ? [list, more] : list;
  }

  function edgeButton(edge, from) {
    const { count, denied, certain } = Model.statusOf(edge);
    const notes = [denied === "all" ? "isDenied" : denied === "some" ? "disputed" : null].filter(Boolean).map((key) => Words.say(key));
    if (!certain && denied === "none") notes.push(Dom.short(Words.of("modalities", Data.claims[Model.claimsOf(edge)[0]].modality), 40));
    return el(
      "button",
      { type: "button", class: "edge", "data-quad": edge.quad, onclick: () => Model.select({ kind: "edge", id: edge.id }, "panel") },
      el("span", { class: certain && denied !== "all" ? "stroke" : "stroke faint" }),
      el("span", { class: "words" }, edgeWords(edge, from)),
      notes.length ? el("span", { class: "note" }, notes.join(", ")) : null,
      el("span", { class: "number" }, String(count), el("span", { class: "unseen" }, ` ${Words.count("claims", count)}`)),
    );
  }

  function edgeWords(edge, from) {
    const relation = el("span", { class: "relation" }, Dom.short(Words.of("relation", edge.relation), 120));
    const [subject, object] = [Data.nodes[edge.from], Data.nodes[edge.to]];
    if (from === edge.from && (edge.arrows || from !== edge.to)) return [relation, " ", name(object)];
    if (from === edge.to) return edge.arrows ? [name(subject), " ", relation, " ", name(object, { class: "self" })] : [relation, " ", name(subject)];
    return [name(subject), " ", relation, " ", name(object)];
  }

  return { name, sign, actor, actors, edges };
})();
