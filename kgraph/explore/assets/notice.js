"use strict";

/* The notice over the picture: how much of the graph it shows, and for a while what else there is to say. */
const Notice = (() => {
  const MORE = 40;
  const LONG = 6000; // ms
  const notice = document.getElementById("notice");
  const text = notice.querySelector("span");
  const more = document.getElementById("notice-more");
  const reset = document.getElementById("notice-reset");
  const nothing = document.getElementById("nothing");
  const unfilter = document.getElementById("nothing-reset");
  const small = window.matchMedia("(max-width: 620px)");
  let said = "";
  let timer = null;

  function start() {
    more.addEventListener("click", () => { Model.act("more", MORE); Canvas.fit(); });
    reset.addEventListener("click", () => { Model.startOver(); Canvas.fit(); });
    unfilter.addEventListener("click", () => { Model.resetFilter(); Filters.render(); Canvas.element.focus(); });
  }

  function render() {
    const all = Data.nodes.length;
    const left = all - Model.shown;
    notice.hidden = left === 0 && !said;
    text.textContent = said || Words.say(Model.cut ? "taken" : small.matches ? "cutShort" : "cut", { shown: Model.shown, all });
    more.hidden = Boolean(said) || left === 0 || Model.cut;
    more.textContent = Words.say("more", { n: Math.min(MORE, left) });
    reset.hidden = Boolean(said) || !Model.cut;
    nothing.hidden = Canvas.visible.nodes.length > 0;
    nothing.querySelector("span").textContent = Words.say(Data.edges.length ? "filteredOut" : "empty");
    unfilter.hidden = Model.filtersSet() === 0;
  }

  function say(what) {
    said = what;
    document.getElementById("status").textContent = what;
    clearTimeout(timer);
    timer = setTimeout(() => { said = ""; render(); }, LONG);
    render();
  }

  return {
    start, render, say,
    /* The height of the picture that it takes, in pixels. */
    get height() { return notice.hidden ? 0 : notice.offsetTop + notice.offsetHeight; },
  };
})();
