"use strict";

/* Evidence: the sentence of a claim with its words marked, how it is said, by whom, when, and where it stands. */
const Evidence = (() => {
  const { el, foreign } = Dom;
  const PAGE = 40; // so many at once
  const ROLES = ["subject", "trigger", "object"];

  function marksLegend() {
    return el("p", { class: "marks" }, ROLES.map((role) => el("mark", { class: role }, Words.say(role))));
  }

  /* The claims of an edge, newest first, some at a time. */
  function list(edge, found) {
    const cards = el("ol", { class: "evidence", "data-quad": edge.quad });
    const more = el("button", { type: "button", class: "button wide", onclick: grow });
    let drawn = 0;
    function grow() {
      const next = found.slice(drawn, drawn + PAGE);
      cards.append(...next.map((number) => card(Data.claims[number])));
      drawn += next.length;
      more.textContent = Words.say("moreClaims", { n: found.length - drawn });
      more.hidden = drawn >= found.length;
    }
    grow();
    return [cards, more];
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
        el(
          "p",
          { class: "source hint" },
          article.publisher ? [foreign(Dom.short(article.publisher, 120)), article.published ? " · " : ""] : null,
          article.published ? Words.day(article.published) : null,
        ),
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
        meter(claim.confidence),
      ),
    ];
  }

  function meter(part) {
    const element = el("span", { class: "meter" });
    element.style.setProperty("--part", String(part));
    return element;
  }

  function speaker(claim) {
    const actor = claim.speaker !== undefined ? Rows.actor(Data.nodes[claim.speaker]) : claim.speakerLabel ? foreign(Dom.short(claim.speakerLabel, 120)) : null;
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

  return { list, marksLegend };
})();
