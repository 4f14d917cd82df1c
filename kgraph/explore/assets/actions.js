"use strict";

/* What one can do with the picture, from a button, a key or the picture itself. A server may be asked first. */
const Actions = (() => {
  const status = document.getElementById("status");

  function tell(text) {
    status.textContent = text;
  }

  async function expand(id) {
    if (Source.served) await load(() => Source.around(Data.nodes[id].key));
    const before = Model.shown;
    Model.act("near", id);
    tell(Words.say("came", { n: Model.shown - before }));
  }

  async function load(ask) {
    const came = await ask();
    Model.grow();
    if (!came) tell(Words.say("offline"));
    return came;
  }

  function fold(id) {
    Model.act("fold", id);
  }

  function drop(id) {
    Model.act("drop", id);
  }

  /* Hide all but what is selected: an actor with those around it, the ends of an edge, a way. */
  function only() {
    const selection = Model.selection;
    if (!selection) return;
    const { edges } = Model.visible();
    const ends = {
      node: ({ id }) => [id, ...edges.filter((edge) => edge.from === id || edge.to === id).map((edge) => Model.other(edge, id))],
      edge: ({ id }) => [Data.edges[id].from, Data.edges[id].to],
      path: ({ nodes }) => nodes,
    };
    Model.act("only", ...new Set(ends[selection.kind](selection)));
    Canvas.fit();
  }

  async function path(from, to) {
    if (Source.served) await load(() => Source.path(Data.nodes[from].key, Data.nodes[to].key));
    const nodes = Paths.find(from, to);
    if (nodes && nodes.length > 1) Model.select({ kind: "path", nodes }, "search");
    else {
      Model.select({ kind: "node", id: from }, "search");
      Notice.say(Words.say("noPath", { from: Words.label(Data.nodes[from]), to: Words.label(Data.nodes[to]) }));
    }
  }

  async function save(kind) {
    try {
      await Export.saves[kind]();
      tell(Words.say("saved"));
    } catch {
      Notice.say(Words.say("notSaved"));
    }
  }

  async function copyLink() {
    Link.write();
    try {
      await navigator.clipboard.writeText(location.href);
      Notice.say(Words.say("copied"));
    } catch {
      Notice.say(Words.say("inAddress"));
    }
  }

  return { expand, fold, drop, only, path, save, copyLink, load, tell };
})();
