"use strict";

/* What the page says, in the language that is switched on. */
const Words = (() => {
  let language = "de";
  let table = {};
  const dates = {};
  const numbers = {};

  function load(words, lang) {
    table = words;
    use(lang);
  }

  function use(lang) {
    language = lang;
    document.documentElement.lang = lang;
    document.title = title();
    for (const element of document.querySelectorAll("[data-text]")) element.textContent = say(element.dataset.text);
    for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(element.dataset.label));
    for (const element of document.querySelectorAll("[data-title]")) element.title = say(element.dataset.title);
    for (const element of document.querySelectorAll("[data-placeholder]")) element.placeholder = say(element.dataset.placeholder);
    for (const element of document.querySelectorAll("[data-lang]")) element.setAttribute("aria-pressed", String(element.dataset.lang === lang));
  }

  /* "legend", or "actors.1" for a part of an entry; {name} is replaced by values.name. */
  function say(key, values) {
    const found = key.split(".").reduce((entry, part) => (entry === undefined ? undefined : entry[part]), table[language]);
    if (typeof found !== "string") return key;
    return values ? found.replace(/\{(\w+)\}/g, (slot, name) => String(values[name])) : found;
  }

  function of(group, key) {
    const words = table[language][group];
    return Object.hasOwn(words, key) ? words[key] : key;
  }

  function count(key, number) {
    const [one, many] = table[language][key];
    numbers[language] ||= new Intl.NumberFormat(locale());
    return `${numbers[language].format(number)} ${number === 1 ? one : many}`;
  }

  function title() {
    return Data.title || say("title");
  }

  function locale() {
    return language === "de" ? "de-DE" : "en-GB";
  }

  /* A day as people write it; what is no day stays as it is. */
  function day(text) {
    if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return text;
    const date = new Date(`${text.slice(0, 10)}T00:00:00Z`);
    if (Number.isNaN(date.valueOf())) return text;
    dates[language] ||= new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
    return dates[language].format(date);
  }

  /* A day under a scale of days, the month or the year under others. */
  function tick(day, unit) {
    const month = { month: "short", year: "numeric" };
    const parts = { week: month, month, year: { year: "numeric" } }[unit] || { day: "numeric", month: "short" };
    return new Intl.DateTimeFormat(locale(), { ...parts, timeZone: "UTC" }).format(new Date(day * 86_400_000));
  }

  function days(from, to) {
    return to && to !== from ? `${day(from)} – ${day(to)}` : day(from);
  }

  /* Days counted from 1970, as they are kept. */
  function iso(day) {
    return new Date(day * 86_400_000).toISOString().slice(0, 10);
  }

  function dayNumber(text) {
    const day = Date.parse(`${text}T00:00:00Z`) / 86_400_000;
    return Number.isInteger(day) ? day : null;
  }

  function number(value, digits) {
    return value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  function label(node) {
    return (language === "en" && node.labelEn) || node.label;
  }

  return { load, use, say, of, count, title, day, days, tick, iso, dayNumber, dayOfNumber: (number) => day(iso(number)), number, label, get lang() { return language; } };
})();
