"use strict";

/* The menu: files to save, the link, the theme, help. */
const Menu = (() => {
  const { el } = Dom;
  const button = document.getElementById("menu-button");
  const menu = document.getElementById("menu");

  function start() {
    button.addEventListener("click", () => toggle(menu.hidden));
    menu.addEventListener("focusout", (event) => { if (event.relatedTarget && !menu.contains(event.relatedTarget) && event.relatedTarget !== button) toggle(false); });
    document.addEventListener("pointerdown", (event) => { if (!menu.contains(event.target) && event.target !== button) toggle(false); });
  }

  function toggle(open) {
    if (menu.hidden === !open) return false;
    const inside = menu.contains(document.activeElement);
    menu.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) { Filters.toggle(false); menu.querySelector("button").focus(); }
    else if (inside) button.focus();
    return true;
  }

  function render() {
    Dom.replace(
      menu,
      group("savePicture", [item("PNG", () => Actions.save("png")), item("SVG", () => Actions.save("svg"))]),
      group("saveData", [item(Words.say("csv"), () => Actions.save("csv")), item("GraphML", () => Actions.save("graphml"))]),
      group("view", [item(Words.say("copyLink"), Actions.copyLink), item(Words.say("startOver"), () => { Model.startOver(); Canvas.fit(); })]),
      group("theme", el("div", { class: "switch", role: "group", "aria-label": Words.say("theme") }, Theme.CHOICES.map(themeButton))),
      item(Words.say("help"), Help.open),
    );
  }

  function group(title, items) {
    return el("div", { class: "menu-group" }, el("h2", {}, Words.say(title)), el("div", { class: "menu-items" }, items));
  }

  function item(text, onclick) {
    return el("button", { type: "button", class: "button small", onclick: () => { toggle(false); onclick(); } }, text);
  }

  function themeButton(choice) {
    const choose = () => {
      Theme.choose(choice);
      Link.later();
      render();
      menu.querySelector(".switch [aria-pressed=true]").focus();
    };
    return el("button", { type: "button", "aria-pressed": String(Theme.choice === choice), onclick: choose }, Words.of("themes", choice));
  }

  return { start, render, toggle };
})();

/* What the keys do. */
const Help = (() => {
  const { el } = Dom;
  const dialog = document.getElementById("help");

  function open() {
    const keys = Object.entries(Data.words[Words.lang].keys);
    Dom.replace(
      dialog,
      el("h2", { id: "help-title", tabindex: -1, autofocus: true }, Words.say("help")),
      el("p", {}, Words.say("helpText")),
      el("dl", {}, keys.map(([key, what]) => el("div", {}, el("dt", {}, key.split(" ").map((one) => el("kbd", {}, one))), el("dd", {}, what)))),
      letters(),
      el("button", { type: "button", class: "button", onclick: () => dialog.close() }, Words.say("close")),
    );
    dialog.showModal();
  }

  /* Who speaks to the machine, or hits keys by accident, can switch the letters off. */
  function letters() {
    const box = el("input", { type: "checkbox", onchange: () => { Keys.letters = box.checked; Link.later(); } });
    box.checked = Keys.letters;
    return el("label", { class: "check" }, box, Words.say("letters"));
  }

  return { open, close: () => dialog.close(), get isOpen() { return dialog.open; } };
})();
