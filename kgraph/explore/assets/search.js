"use strict";

/* The search box: an editable combobox that completes the names of actors in all languages. It also asks for the other
   end of a way. */
const Search = (() => {
  const MOST = 9;
  const WAIT = 250; // ms, before a server is asked
  const input = document.getElementById("search");
  const list = document.getElementById("hits");
  const index = [];
  let hits = [];
  let active = -1;
  let from = null; // the actor at whose other end somebody is looked for
  let timer = null;

  function fold(text) {
    return text.slice(0, 200).normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ß/g, "ss");
  }

  function start() {
    input.addEventListener("input", () => { search(); render(); askServer(); });
    input.addEventListener("focus", () => { search(); render(); });
    input.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== input) { close(); pathFrom(null); } }, 150));
    input.addEventListener("keydown", pressed);
  }

  /* The names of all actors; those that came since are added. */
  function indexed() {
    for (const node of Data.nodes.slice(index.length)) {
      const names = [node.label, node.labelEn, node.country, node.qid, ...(node.names || [])].filter(Boolean);
      index.push({ node, names: names.map((text) => ({ text, folded: fold(text) })) });
    }
    return index;
  }

  function askServer() {
    clearTimeout(timer);
    const name = input.value.trim();
    if (!Source.served || name.length < 2) return;
    timer = setTimeout(async () => {
      await Actions.load(() => Source.find(name));
      if (input.value.trim() === name && document.activeElement === input) { search(); render(); }
    }, WAIT);
  }

  /* 0 the whole name, 1 its beginning, 2 the beginning of a word in it, 3 anywhere, if it is not too short for that. */
  function rank(folded, wanted) {
    if (folded === wanted) return 0;
    if (folded.startsWith(wanted)) return 1;
    if (folded.includes(` ${wanted}`) || folded.includes(`-${wanted}`)) return 2;
    return wanted.length > 3 && folded.includes(wanted) ? 3 : 9;
  }

  function search() {
    const wanted = fold(input.value.trim());
    active = -1;
    hits = [];
    if (!wanted) return;
    for (const { node, names } of indexed()) {
      const ranked = names.map((name) => ({ name, rank: rank(name.folded, wanted) }));
      const best = ranked.reduce((a, b) => (b.rank < a.rank ? b : a));
      if (best.rank < 9 && node.id !== from) hits.push({ node, name: best.name.text, rank: best.rank });
    }
    hits.sort((a, b) => a.rank - b.rank || a.node.id - b.node.id);
    hits = hits.slice(0, MOST);
    active = hits.length ? 0 : -1;
  }

  function render() {
    const asked = input.value.trim() !== "";
    list.hidden = !asked;
    input.setAttribute("aria-expanded", String(asked));
    Dom.replace(list, hits.length ? hits.map(option) : asked ? Dom.el("li", { class: "none", role: "option", "aria-disabled": "true" }, Words.say("noHits")) : []);
    if (active >= 0 && asked) input.setAttribute("aria-activedescendant", `hit-${active}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function option({ node, name }, place) {
    const label = Words.label(node);
    return Dom.el(
      "li",
      { id: `hit-${place}`, role: "option", "aria-selected": String(place === active), onmousedown: (event) => event.preventDefault(), onclick: () => choose(place) },
      Rows.sign(node),
      Dom.el("span", { class: "name" }, Dom.foreign(Dom.short(label, 80)), name !== label ? Dom.el("span", { class: "also" }, Dom.foreign(Dom.short(name, 60))) : null),
      Dom.el("span", { class: "hint" }, Model.isShown(node) ? Words.count("claims", node.claims) : Words.say("hidden")),
    );
  }

  function choose(place) {
    const hit = hits[place];
    if (!hit) return;
    const start = from;
    clearTimeout(timer);
    input.value = "";
    close();
    pathFrom(null);
    if (start === null) Model.select({ kind: "node", id: hit.node.id }, "search");
    else Actions.path(start, hit.node.id);
  }

  /* Ask for the other end of a way from this actor; null for an ordinary search. */
  function pathFrom(id) {
    from = id;
    input.classList.toggle("asking", id !== null);
    input.placeholder = id === null ? Words.say("search") : Words.say("pathTo", { from: Dom.short(Words.label(Data.nodes[id]), 40) });
    input.setAttribute("aria-label", id === null ? Words.say("searchHint") : input.placeholder);
    if (id !== null) focus();
  }

  function focus() {
    input.focus();
    input.select();
  }

  function pressed(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!hits.length) return;
      active = (active + (event.key === "ArrowDown" ? 1 : hits.length - 1)) % hits.length;
      render();
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(active);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (input.value) { input.value = ""; search(); render(); } else { pathFrom(null); input.blur(); }
    }
  }

  function close() {
    hits = [];
    active = -1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  return { start, focus, pathFrom };
})();
