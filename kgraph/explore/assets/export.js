"use strict";

/* What is visible, to take along: as a picture, as a table of claims, as a graph for other programs. */
const Export = (() => {
  const COLUMNS = [
    "id", "subject", "subject_label", "relation", "object", "object_label", "polarity", "modality", "confidence", "date", "date_end",
    "attributed_to", "sentence", "trigger", "title", "publisher", "published", "url",
  ];
  const ATTRIBUTES = {
    node: [["label", "string"], ["label_en", "string"], ["type", "string"], ["country", "string"], ["claims", "long"]],
    edge: [["relation", "string"], ["quad", "string"], ["count", "long"], ["denied", "long"], ["symmetric", "boolean"], ["first", "string"], ["last", "string"]],
  };

  /* --- a table --- */

  function csv() {
    const rows = Canvas.visible.edges.flatMap((edge) => Model.claimsOf(edge).map((number) => row(edge, Data.claims[number])));
    return `\ufeff${[COLUMNS, ...rows].map((cells) => cells.map(cell).join(",")).join("\r\n")}\r\n`;
  }

  function row(edge, claim) {
    const [subject, object] = [Data.nodes[edge.from], Data.nodes[edge.to]];
    const article = Data.articles[claim.article];
    const sentence = Data.sentences[claim.sentence];
    const trigger = claim.marks[2] >= 0 ? sentence.slice(claim.marks[2], claim.marks[3]) : "";
    const said = claim.speaker !== undefined ? Words.label(Data.nodes[claim.speaker]) : claim.speakerLabel || claim.says;
    return [
      claim.id, subject.key, Words.label(subject), edge.relation, object.key, Words.label(object), claim.polarity, claim.modality, claim.confidence,
      claim.from, claim.to, said, sentence, trigger, article.title, article.publisher, article.published, article.url,
    ];
  }

  /* Quoted where need be; what a spreadsheet would take for a formula gets an apostrophe in front. */
  function cell(value) {
    const text = value === undefined || value === null ? "" : String(value);
    const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  /* --- a graph --- */

  function graphml() {
    const key = (kind, [name, type]) => `  <key id="${kind}-${name}" for="${kind}" attr.name="${name}" attr.type="${type}"/>`;
    const keys = Object.entries(ATTRIBUTES).flatMap(([kind, names]) => names.map((one) => key(kind, one)));
    const nodes = Canvas.visible.nodes.map((node) => element("node", `id="${xml(node.key)}"`, "node", nodeData(node)));
    const ends = ({ from, to }) => `source="${xml(Data.nodes[from].key)}" target="${xml(Data.nodes[to].key)}"`;
    const edges = Canvas.visible.edges.map((edge) => element("edge", `id="e${edge.id}" ${ends(edge)}`, "edge", edgeData(edge)));
    return [
      '<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">', ...keys,
      '  <graph edgedefault="directed">', ...nodes, ...edges, "  </graph>", "</graphml>", "",
    ].join("\n");
  }

  function nodeData(node) {
    return { label: node.label, label_en: node.labelEn || node.label, type: node.type || "", country: node.country || "", claims: node.claims };
  }

  function edgeData(edge) {
    const found = Model.claimsOf(edge).map((number) => Data.claims[number]);
    const days = found.map((claim) => claim.day).filter((day) => day !== null).sort((a, b) => a - b);
    const [first, last] = days.length ? [Words.iso(days[0]), Words.iso(days[days.length - 1])] : ["", ""];
    const denied = found.filter((claim) => claim.polarity === "negated").length;
    return { relation: edge.relation, quad: edge.quad, count: found.length, denied, symmetric: !edge.arrows, first, last };
  }

  function element(name, attributes, kind, values) {
    const data = Object.entries(values).map(([key, value]) => `<data key="${kind}-${key}">${xml(String(value))}</data>`);
    return `    <${name} ${attributes}>${data.join("")}</${name}>`;
  }

  /* Escaped, without what XML does not allow. */
  function xml(text) {
    const allowed = Dom.clean(text);
    return allowed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  }

  /* --- a file --- */

  function save(content, type, ending) {
    const blob = content instanceof Blob ? content : new Blob([content], { type });
    const address = URL.createObjectURL(blob);
    const anchor = Dom.el("a", { href: address, download: `kgraph.${ending}` });
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  return {
    csv, graphml,
    saves: {
      png: async () => save(await Picture.png(), "image/png", "png"),
      svg: () => save(Picture.svg(), "image/svg+xml", "svg"),
      csv: () => save(csv(), "text/csv", "csv"),
      graphml: () => save(graphml(), "application/graphml+xml", "graphml"),
    },
  };
})();
