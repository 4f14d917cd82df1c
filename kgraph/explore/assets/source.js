"use strict";

/* The data of the page. All of it stands in the page, or a server adds to it piece by piece: `api` is then its address. */
const Data = JSON.parse(document.getElementById("data").textContent);

const Source = (() => {
  const quads = new Map(Data.relations);
  const known = { nodes: new Map(), edges: new Map(), claims: new Map(), articles: new Map() };
  const asked = new Set();
  let answers = 0;

  Data.nodes.forEach((node, id) => known.nodes.set(node.key, id));
  Data.articles.forEach(describe);
  Data.claims.forEach(date);
  Data.edges.forEach(classify);
  if (Data.api) {
    Data.articles.forEach((article, id) => known.articles.set(article.key, id));
    Data.claims.forEach((claim, id) => known.claims.set(claim.id, id));
  }

  function classify(edge, id) {
    edge.id = id;
    edge.quad = quads.get(edge.relation) || "state";
    known.edges.set(nameOf(edge.from, edge.relation, edge.to), id);
  }

  /* Where an article is from: its publisher, or else the host of its address. */
  function describe(article) {
    const host = /^https?:\/\/(?:www\.)?([^/:?#\s]+)/i.exec(article.url || "");
    article.source = article.publisher || (host ? host[1].toLowerCase() : "");
  }

  /* The day of a claim, counted from 1970: its own, else its article's; null if nobody gives one. */
  function date(claim) {
    claim.day = dayOf(claim.from) ?? dayOf(Data.articles[claim.article].published);
  }

  function dayOf(text) {
    const days = /^\d{4}-\d{2}-\d{2}/.test(text || "") ? Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / 86_400_000 : NaN;
    return Number.isFinite(days) ? days : null;
  }

  function nameOf(from, relation, to) {
    return `${from}\u001f${to}\u001f${relation}`;
  }

  function node(key) {
    return known.nodes.get(key) ?? null;
  }

  function edge(from, relation, to) {
    return known.edges.get(nameOf(from, relation, to)) ?? null;
  }

  /* Take what a server sent, in the page's own format, its numbers counting from 0. What is known already keeps its number. */
  function merge(sent) {
    Object.assign(Data.flags, sent.flags);
    const nodes = sent.nodes.map((one) => adopt(known.nodes, one.key, Data.nodes, () => ({ ...one })));
    sent.nodes.forEach(({ page, names }, place) => Object.assign(Data.nodes[nodes[place]], page && { page }, names && { names }));
    const articles = sent.articles.map((one) => adopt(known.articles, one.key, Data.articles, () => ({ ...one }), describe));
    const claims = sent.claims.map((one) =>
      adopt(known.claims, one.id, Data.claims, () => {
        const sentence = Data.sentences.push(sent.sentences[one.sentence]) - 1;
        const speaker = one.speaker === undefined ? {} : { speaker: nodes[one.speaker] };
        return { ...one, sentence, article: articles[one.article], ...speaker };
      }, date));
    for (const one of sent.edges) {
      const [from, to] = [nodes[one.from], nodes[one.to]];
      const numbers = one.claims.map((number) => claims[number]);
      const id = edge(from, one.relation, to);
      if (id === null) classify(Data.edges[Data.edges.push({ ...one, from, to, claims: numbers }) - 1], Data.edges.length - 1);
      else complete(Data.edges[id], numbers, one.count);
    }
  }

  function complete(edge, numbers, count) {
    edge.claims = [...new Set([...numbers, ...edge.claims])];
    edge.count = Math.max(count || 0, edge.count || 0);
  }

  function adopt(table, key, list, make, prepare) {
    if (table.has(key)) return table.get(key);
    const id = list.push(make()) - 1;
    if (list === Data.nodes) list[id].id = id;
    if (prepare) prepare(list[id]);
    table.set(key, id);
    return id;
  }

  async function ask(parameters) {
    const address = `${Data.api}?${new URLSearchParams(parameters)}`;
    if (asked.has(address)) return true;
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) return false;
      merge(await answer.json());
      answers += 1;
      asked.add(address);
      return true;
    } catch {
      return false;
    }
  }

  /* These answer at once where everything is in the page. They say whether the data came. */
  const here = Promise.resolve(true);
  return {
    node,
    edge,
    around: (key) => (Data.api ? ask({ actor: key }) : here),
    path: (from, to) => (Data.api ? ask({ from, to }) : here),
    find: (name) => (Data.api ? ask({ q: name }) : here),
    claims: ({ from, relation, to }) => (Data.api ? ask({ subject: Data.nodes[from].key, relation, object: Data.nodes[to].key }) : here),
    isWhole: (edge) => !edge.count || edge.count <= edge.claims.length,
    get answers() { return answers; },
    get served() { return Boolean(Data.api); },
  };
})();
