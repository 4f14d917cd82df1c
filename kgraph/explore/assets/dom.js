"use strict";

/* Elements are made here. Text enters the page as text and nothing else; what others wrote stands in <bdi>. */
const Dom = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  function el(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value === true ? "" : value);
    }
    fill(element, children);
    return element;
  }

  function fill(element, children) {
    for (const child of children.flat(Infinity)) {
      if (child !== null && child !== undefined && child !== false) element.append(child);
    }
    return element;
  }

  function replace(element, ...children) {
    element.replaceChildren();
    return fill(element, children);
  }

  function foreign(text, attributes) {
    return el("bdi", { dir: "auto", ...attributes }, text);
  }

  function icon(path, attributes) {
    return drawing({ viewBox: "0 0 24 24", ...attributes }, { d: path });
  }

  /* A sample of a line, 34 by 16. */
  function line(path, attributes) {
    return drawing({ viewBox: "0 0 34 16", class: "sample" }, { d: path, ...attributes });
  }

  function drawing(frame, strokes) {
    const svg = svgElement("svg", { "aria-hidden": "true", ...frame });
    svg.append(svgElement("path", strokes));
    return svg;
  }

  function svgElement(name, attributes) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  /* The address if a click may follow it: http or https and nothing else. */
  function safeAddress(text) {
    if (!/^https?:\/\/[^\s]+$/i.test(text || "")) return null;
    const anchor = document.createElement("a");
    anchor.href = text;
    return anchor.protocol === "https:" || anchor.protocol === "http:" ? anchor.href : null;
  }

  function link(text, address, title) {
    const safe = safeAddress(address);
    if (!safe) return foreign(text);
    return el(
      "a",
      { href: safe, target: "_blank", rel: "noopener noreferrer nofollow", title },
      foreign(text),
      el("span", { class: "away", "aria-hidden": "true" }, " ↗"),
    );
  }

  /* A link to another page of the server that sent this one. */
  function own(text, path) {
    return /^\/(?![/\\])[^\s]*$/.test(path) ? el("a", { href: path }, foreign(text)) : foreign(text);
  }

  /* A text cut to a number of characters as people count them. */
  function short(text, length) {
    if (text.length <= length) return text;
    const characters = Array.from(text.slice(0, length * 4));
    return characters.length <= length ? characters.join("") : characters.slice(0, length - 1).join("").trimEnd() + "…";
  }

  /* Without what no file and no address may hold: control characters, halves of characters. */
  function clean(text) {
    return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
  }

  return { el, replace, foreign, icon, line, link, own, short, clean };
})();
