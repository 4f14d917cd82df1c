"use strict";

/* A pen that writes SVG: what our drawing asks of a canvas, and no more. Text goes in as text nodes. */
class Pen {
  constructor(width, height) {
    this.root = this.make("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` });
    this.at = { x: 0, y: 0 };
    this.path = [];
    this.dash = [];
    this.globalAlpha = 1;
    Object.assign(this, { fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, lineCap: "butt", lineJoin: "miter" });
    Object.assign(this, { font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic" });
    this.ruler = document.createElement("canvas").getContext("2d");
  }

  make(name, attributes) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === null || key === "xmlns") continue;
      element.setAttribute(key, typeof value === "number" ? String(Math.round(value * 100) / 100) : value);
    }
    return element;
  }

  put(name, attributes) {
    const seen = this.globalAlpha < 1 ? { opacity: this.globalAlpha } : {};
    const element = this.make(name, { ...attributes, ...seen });
    this.root.append(element);
    return element;
  }

  /* Everything from now on is drawn relative to this point. */
  origin(x, y) {
    this.at = { x, y };
  }

  point(x, y) {
    return `${(this.at.x + x).toFixed(1)} ${(this.at.y + y).toFixed(1)}`;
  }

  beginPath() { this.path = []; }
  moveTo(x, y) { this.path.push(`M${this.point(x, y)}`); }
  lineTo(x, y) { this.path.push(`${this.path.length ? "L" : "M"}${this.point(x, y)}`); }
  closePath() { this.path.push("Z"); }
  setLineDash(dash) { this.dash = dash; }

  arc(x, y, r) {
    const half = (to) => `A${r.toFixed(1)} ${r.toFixed(1)} 0 1 1 ${this.point(to, y)}`;
    this.path.push(`M${this.point(x - r, y)}${half(x + r)}${half(x - r)}Z`);
  }

  roundRect(x, y, width, height, r) {
    const corner = (px, py) => `A${r.toFixed(1)} ${r.toFixed(1)} 0 0 1 ${this.point(px, py)}`;
    this.path.push(
      `M${this.point(x + r, y)}L${this.point(x + width - r, y)}${corner(x + width, y + r)}L${this.point(x + width, y + height - r)}${corner(x + width - r, y + height)}`,
      `L${this.point(x + r, y + height)}${corner(x, y + height - r)}L${this.point(x, y + r)}${corner(x + r, y)}Z`,
    );
  }

  fill() {
    this.put("path", { d: this.path.join(""), fill: this.fillStyle });
  }

  stroke() {
    this.put("path", {
      d: this.path.join(""), fill: "none", stroke: this.strokeStyle, "stroke-width": this.lineWidth,
      "stroke-linecap": this.lineCap, "stroke-linejoin": this.lineJoin, "stroke-dasharray": this.dash.length ? this.dash.join(" ") : null,
    });
  }

  fillPath(path, { x, y, zoom }) {
    this.put("path", { d: path, fill: this.fillStyle, transform: `translate(${this.point(x, y)}) scale(${zoom.toFixed(3)})` });
  }

  image(address, x, y, width, height) {
    this.put("image", { href: address, x: this.at.x + x, y: this.at.y + y, width, height });
  }

  fillText(text, x, y) {
    this.text(text, x, y, { fill: this.fillStyle });
  }

  strokeText(text, x, y) {
    this.text(text, x, y, { fill: "none", stroke: this.strokeStyle, "stroke-width": this.lineWidth, "stroke-linejoin": "round" });
  }

  text(text, x, y, paint) {
    const [, weight, size, family] = /^(?:(\w+) )?([\d.]+)px (.*)$/.exec(this.font) || [];
    const middle = this.textBaseline === "middle" ? Number(size) * 0.35 : 0;
    const anchor = this.textAlign === "center" ? "middle" : "start";
    const place = { x: this.at.x + x, y: this.at.y + y + middle, "text-anchor": anchor };
    const element = this.put("text", { ...place, "font-family": family, "font-size": size, "font-weight": weight || null, ...paint });
    element.textContent = Dom.clean(text);
  }

  measureText(text) {
    this.ruler.font = this.font;
    return this.ruler.measureText(text);
  }

  toString() {
    return new XMLSerializer().serializeToString(this.root);
  }
}
