"use strict";

/* The view as the fragment of the page's address, and back. Actors stand there by their keys, not by their numbers, so
   that a link still says something when the page has been made anew. */
const Link = (() => {
  const BASE = "https://w3id.org/kgraph/id/";
  const SETS = { rel: "relations", mod: "modalities", pol: "polarities", src: "sources" };
  const DELAY = 200; // ms
  let written = "";
  let timer = null;

  function start(arrived) {
    window.addEventListener("hashchange", () => { if (location.hash.slice(1) !== written) read().then(arrived); });
    window.addEventListener("pagehide", () => { if (timer !== null) write(); });
  }

  /* --- to the address --- */

  function later() {
    clearTimeout(timer);
    timer = setTimeout(write, DELAY);
  }

  function write() {
    clearTimeout(timer);
    timer = null;
    const text = encode();
    if (text === written) return;
    written = text;
    history.replaceState(null, "", `#${text}`);
  }

  function encode() {
    const { first, steps, filter, selection, moved } = Model.state();
    const parts = [];
    const add = (name, value) => { if (value !== null && value !== undefined && value !== "") parts.push(`${name}=${value}`); };
    if (Words.lang !== Data.lang) add("lang", Words.lang);
    if (Theme.choice !== "auto") add("theme", Theme.choice);
    if (steps.length || moved || Canvas.eye) add("first", first); // without it each window begins with what has room in it
    add("do", steps.map((step) => `${step[0]}:${step.slice(1).map((value) => argument(step[0], value)).join(",")}`).join(";"));
    if (selection) add("sel", chosen(selection));
    for (const [short, name] of Object.entries(SETS)) add(short, filter[name].map(word).join(","));
    if (filter.confidence > Data.minConfidence) add("conf", filter.confidence);
    if (filter.claims > 1) add("min", filter.claims);
    add("from", filter.from === null ? null : Words.iso(filter.from));
    add("to", filter.to === null ? null : Words.iso(filter.to));
    if (!filter.undated) add("undated", "no");
    if (moved) add("at", `${moved.layout}:${moved.at.map(([id, x, y]) => `${actor(id)},${x},${y}`).join(";")}`);
    add("eye", Canvas.eye);
    if (!Keys.letters) add("keys", "off");
    return parts.join("&");
  }

  function argument(step, value) {
    if (step === "more") return value;
    return step === "edge" ? line(value) : actor(value);
  }

  function chosen(selection) {
    if (selection.kind === "path") return `path:${selection.nodes.map(actor).join(",")}`;
    return selection.kind === "node" ? `node:${actor(selection.id)}` : `edge:${line(selection.id)}`;
  }

  function actor(id) {
    const { key } = Data.nodes[id];
    return word(key.startsWith(BASE) ? `~${key.slice(BASE.length)}` : key);
  }

  function line(id) {
    const edge = Data.edges[id];
    return [actor(edge.from), word(edge.relation), actor(edge.to)].join("/");
  }

  function word(text) {
    return encodeURIComponent(Dom.clean(text));
  }

  /* --- from the address --- */

  /* Comes back: where the link looks, or null where there is no link. */
  async function read() {
    const text = location.hash.slice(1);
    if (!text) return null;
    written = text;
    const parts = new Map(text.split("&").map((part) => [part.split("=")[0], part.slice(part.indexOf("=") + 1)]));
    await fetchActors(parts);
    if (["de", "en"].includes(parts.get("lang"))) Words.use(parts.get("lang"));
    Theme.choose(parts.get("theme") || "auto");
    Keys.letters = parts.get("keys") !== "off";
    Model.restore({
      first: ["small", "shown"].includes(parts.get("first")) ? parts.get("first") : Model.state().first,
      steps: steps(parts.get("do")),
      filter: filters(parts),
      selection: selected(parts.get("sel")),
      moved: places(parts.get("at")),
    }, "link");
    return parts.get("eye") || "";
  }

  /* What a server has not sent yet and the link speaks of. */
  async function fetchActors(parts) {
    if (!Source.served) return;
    const text = `${parts.get("do") || ""};${parts.get("sel") || ""}`.replace(/(^|;)[a-z]+:/g, ";");
    const keys = new Set(text.split(/[;,/]/).filter((part) => part.startsWith("~") || part.includes("%3A")).map(keyOf));
    for (const key of keys) await Source.around(key);
    Model.grow();
  }

  function steps(text) {
    const found = (text || "").split(";").filter(Boolean).map((part) => {
      const [name, rest] = [part.split(":")[0], part.slice(part.indexOf(":") + 1)];
      if (!Object.hasOwn(Model.moves, name)) return null;
      const values = rest.split(",").map((value) => (name === "more" ? whole(value) : name === "edge" ? lineOf(value) : actorOf(value)));
      return values.length && values.every((value) => value !== null) ? [name, ...values] : null;
    });
    return found.filter(Boolean);
  }

  function selected(text) {
    const [kind, rest] = [(text || "").split(":")[0], (text || "").slice((text || "").indexOf(":") + 1)];
    if (kind === "path") {
      const nodes = rest.split(",").map(actorOf);
      return nodes.length > 1 && !nodes.includes(null) ? { kind, nodes } : null;
    }
    const id = kind === "node" ? actorOf(rest) : kind === "edge" ? lineOf(rest) : null;
    return id === null ? null : { kind, id };
  }

  function filters(parts) {
    const filter = Object.fromEntries(Object.entries(SETS).filter(([short]) => parts.has(short)).map(([short, name]) => [name, parts.get(short).split(",").map(plain)]));
    const confidence = Number(parts.get("conf"));
    if (confidence > Data.minConfidence && confidence <= 1) filter.confidence = confidence;
    if (whole(parts.get("min"))) filter.claims = whole(parts.get("min"));
    for (const end of ["from", "to"]) if (parts.has(end)) filter[end] = Words.dayNumber(parts.get(end));
    if (parts.get("undated") === "no") filter.undated = false;
    return filter;
  }

  function places(text) {
    const found = /^([012]):(.+)$/.exec(text || "");
    if (!found) return null;
    const at = found[2].split(";").map((part) => part.split(",")).map(([key, x, y]) => [actorOf(key), Number(x), Number(y)]);
    return { layout: Number(found[1]), at: at.filter(([id, x, y]) => id !== null && Number.isFinite(x) && Number.isFinite(y)) };
  }

  function actorOf(text) {
    return Source.node(keyOf(text));
  }

  function keyOf(text) {
    const key = plain(text);
    return key.startsWith("~") ? BASE + key.slice(1) : key;
  }

  function lineOf(text) {
    const [from, relation, to] = text.split("/");
    const ends = [actorOf(from), actorOf(to || "")];
    return ends.includes(null) ? null : Source.edge(ends[0], plain(relation), ends[1]);
  }

  function plain(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  function whole(text) {
    return /^\d{1,5}$/.test(text || "") ? Number(text) : null;
  }

  return { start, read, later, write };
})();
