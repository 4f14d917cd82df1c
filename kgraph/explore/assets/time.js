"use strict";

/* Time: a histogram of the claims by day, week, month or year, and two handles that say from when to when. */
const Time = (() => {
  const { el } = Dom;
  const box = document.getElementById("time");
  const narrow = window.matchMedia("(max-width: 900px)");
  const UNITS = [["day", 62], ["week", 70 * 7], ["month", 84 * 30.5], ["year", Infinity]];
  const STEPS = { day: [1, 2, 3, 4, 7, 14], week: [1, 2, 3, 6], month: [1, 2, 3, 6, 12, 24], year: [1, 2, 5, 10, 20, 50, 100] }; // between two marks
  const HEIGHT = 34;
  const SVG = "http://www.w3.org/2000/svg";
  let unit = "day"; // of a bin
  let bins = []; // first days of days, weeks …; the last one is the day after the end
  let handles = [];
  let bars = null;
  let output = null;
  let drawn = ""; // for which filters
  let read = 0; // so many claims were there when the bins were made

  function start() {
    read = Data.claims.length;
    const days = Data.claims.map((claim) => claim.day).filter((day) => day !== null).sort((a, b) => a - b);
    const [low, high] = span(days);
    bins = low < high ? split(low, high) : [];
    box.hidden = bins.length === 0;
    if (!box.hidden) render();
  }

  /* From the first day to the last; where a few days lie far from all others, the outer bins gather them. */
  function span(days) {
    const [all, most] = [[0, 1], [0.05, 0.98]].map((parts) => parts.map((part) => days[Math.round(part * (days.length - 1))]));
    return all[1] - all[0] > 3 * (most[1] - most[0]) && most[0] < most[1] ? most : all;
  }

  function split(low, high) {
    [unit] = UNITS.find(([, most]) => high - low < most);
    const found = [];
    for (let day = beginning(low); day <= high; day = following(day)) found.push(day);
    return [...found, following(found[found.length - 1])];
  }

  function beginning(day) {
    const date = new Date(day * 86_400_000);
    if (unit === "day") return day;
    if (unit === "week") return day - ((date.getUTCDay() + 6) % 7);
    return Date.UTC(date.getUTCFullYear(), unit === "month" ? date.getUTCMonth() : 0, 1) / 86_400_000;
  }

  function following(day) {
    if (unit === "day" || unit === "week") return day + (unit === "day" ? 1 : 7);
    const date = new Date(day * 86_400_000);
    return (unit === "month" ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) : Date.UTC(date.getUTCFullYear() + 1, 0, 1)) / 86_400_000;
  }

  /* The number of the bin that a day is in. */
  function binOf(day) {
    let [low, high] = [0, bins.length - 2];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (bins[middle] <= day) low = middle; else high = middle - 1;
    }
    return low;
  }

  function render() {
    if (box.hidden) return;
    bars = document.createElementNS(SVG, "svg");
    bars.setAttribute("aria-hidden", "true");
    bars.setAttribute("preserveAspectRatio", "none");
    output = el("output", {});
    const range = { type: "range", min: 0, max: bins.length - 1, step: 1 };
    handles = ["from", "to"].map((end) => el("input", { ...range, class: end, "aria-label": Words.say(end), oninput: () => slide(end) }));
    drawn = "";
    Dom.replace(box, el("div", { class: "time-head" }, el("span", { class: "time-title" }, Words.say("time")), output), el("div", { class: "track" }, bars, scale(), handles));
    refresh();
  }

  /* The days, months or years under the bars: so many as there is room for, evenly. */
  function scale() {
    const most = narrow.matches ? 3 : 8;
    const all = bins.slice(0, -1).map((day, place) => ({ day: unit === "week" ? day + 6 : day, part: place / (bins.length - 1), place: placeIn(day, place) }));
    const begun = all.filter(({ place }, number) => unit !== "week" || (number && place !== all[number - 1].place)); // of weeks those in which a month begins
    const step = STEPS[unit].find((one) => begun.length / one <= most) || Math.ceil(begun.length / most);
    const marks = begun.filter(({ part, place }) => place % step === 0 && part < 1 - 0.9 / most);
    return el("div", { class: "scale", "aria-hidden": "true" }, marks.map(({ day, part }) => {
      const mark = el("span", {}, Words.tick(day, unit));
      mark.style.setProperty("--part", String(part));
      return mark;
    }));
  }

  /* What is counted for the marks: months from January, under weeks too, and years from 0, so that they are round. */
  function placeIn(day, place) {
    const date = new Date((unit === "week" ? day + 6 : day) * 86_400_000);
    return unit === "month" || unit === "week" ? date.getUTCMonth() + 12 * date.getUTCFullYear() : unit === "year" ? date.getUTCFullYear() : place;
  }

  /* A handle stands between two bins; the two never meet, so that some time is always left. */
  function slide(end) {
    const [from, to] = handles.map((handle) => Number(handle.value));
    if (end === "from" && from >= to) handles[0].value = String(to - 1);
    if (end === "to" && to <= from) handles[1].value = String(from + 1);
    const [first, last] = handles.map((handle) => Number(handle.value));
    Model.setFilter((filter) => {
      filter.from = first === 0 ? null : bins[first];
      filter.to = last === bins.length - 1 ? null : bins[last] - 1;
    }, "filter:time");
  }

  /* Bring handles and bars in line with the filters, and with what a server has sent since. */
  function refresh() {
    if (read !== Data.claims.length) {
      start();
      return;
    }
    if (box.hidden) return;
    const { from, to } = Model.filter;
    const first = from === null ? 0 : binOf(from);
    const last = to === null ? bins.length - 1 : Math.max(binOf(to) + 1, first + 1);
    handles[0].value = String(first);
    handles[1].value = String(last);
    handles[0].setAttribute("aria-valuetext", Words.dayOfNumber(from ?? bins[0]));
    handles[1].setAttribute("aria-valuetext", Words.dayOfNumber(to ?? bins[bins.length - 1] - 1));
    handles[0].style.zIndex = first > (bins.length - 1) / 2 ? "3" : "2";
    output.textContent = from === null && to === null ? Words.say("allTime") : Words.days(Words.iso(from ?? bins[0]), Words.iso(to ?? bins[bins.length - 1] - 1));
    draw(first, last);
  }

  function draw(first, last) {
    const state = JSON.stringify([first, last, Data.claims.length, Model.state().filter]);
    if (state === drawn) return;
    drawn = state;
    const relations = Model.filter.relations;
    const numbers = Data.edges.filter((edge) => !relations.has(edge.relation)).flatMap((edge) => edge.claims.map((number) => [number, edge.quad]));
    const claims = numbers.filter(([number]) => Model.passesButTime(Data.claims[number])).map(([number, quad]) => [Data.claims[number].day, quad]);
    const { rows, most } = stack(claims);
    bars.setAttribute("viewBox", `0 0 ${bins.length - 1} ${HEIGHT}`);
    bars.replaceChildren(...stacked(rows, most, HEIGHT, (bin) => (bin >= first && bin < last ? "in" : "out")));
  }

  /* How many claims of each quad class fall into each bin. */
  function stack(claims) {
    const rows = bins.slice(1).map(() => new Map());
    for (const [day, quad] of claims) {
      if (day === null) continue;
      const row = rows[binOf(day)];
      row.set(quad, (row.get(quad) || 0) + 1);
    }
    return { rows, most: Math.max(1, ...rows.map((row) => [...row.values()].reduce((sum, count) => sum + count, 0))) };
  }

  function stacked(rows, most, height, classOf) {
    const quads = [...new Set(Data.relations.map(([, quad]) => quad))];
    return rows.flatMap((row, bin) => {
      let top = height;
      return quads.filter((quad) => row.has(quad)).map((quad) => {
        const tall = Math.max((row.get(quad) / most) * height, 0.75);
        top -= tall;
        return rect({ x: bin + 0.06, y: top, width: 0.88, height: tall, "data-quad": quad, class: classOf(bin) });
      });
    });
  }

  function rect(attributes) {
    const element = document.createElementNS(SVG, "rect");
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  /* When the claims of some edges were made, as a small chart with its words; null where time says nothing. */
  function chart(edges) {
    const claims = edges.flatMap((edge) => Model.claimsOf(edge).map((number) => [Data.claims[number].day, edge.quad]));
    const days = claims.map(([day]) => day).filter((day) => day !== null);
    if (!bins.length || days.length < 2) return null;
    const { rows, most } = stack(claims);
    if (rows.filter((row) => row.size).length < 2) return null;
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${bins.length - 1} 40`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("role", "img");
    const [first, last] = [Math.min, Math.max].map((end) => Words.iso(days.reduce((a, b) => end(a, b))));
    svg.setAttribute("aria-label", Words.say("chart", { n: Words.count("claims", days.length), when: Words.days(first, last) }));
    svg.append(...stacked(rows, most, 40, () => "in"));
    const ends = [bins[0], bins[bins.length - 1] - 1].map((day) => el("span", {}, Words.dayOfNumber(day)));
    return el("figure", { class: "chart" }, svg, el("figcaption", {}, ends));
  }

  /* In a narrow window it stands among the filters, else under the picture. */
  function home() {
    const head = document.querySelector("#filters .filters-head");
    if (!narrow.matches) document.getElementById("foot").prepend(box);
    else if (head) head.after(box);
  }

  return { start, render, refresh, chart, home };
})();
