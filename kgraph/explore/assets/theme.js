"use strict";

/* Light, dark, or as the system has it. */
const Theme = (() => {
  const CHOICES = ["auto", "light", "dark"];
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const listeners = [];
  let choice = "auto";

  function apply() {
    const dark = choice === "dark" || (choice === "auto" && system.matches);
    document.documentElement.classList.toggle("dark", dark);
    for (const listener of listeners) listener();
  }

  function choose(wanted) {
    choice = CHOICES.includes(wanted) ? wanted : "auto";
    apply();
  }

  system.addEventListener("change", apply);
  apply();
  return { CHOICES, choose, onChange(listener) { listeners.push(listener); }, get choice() { return choice; } };
})();
