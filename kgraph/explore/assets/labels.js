"use strict";

/* What is written over the picture, in pixels of the screen: names, captions, crosses, and the room they take. */
const Labels = (() => {
  const FONT = '"Segoe UI", -apple-system, BlinkMacSystemFont, Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif';

  function frame(x, y, width, height) {
    return { left: x - width / 2, top: y - height / 2, width, height };
  }

  function overlaps(one, two) {
    return one.left < two.left + two.width && two.left < one.left + one.width && one.top < two.top + two.height && two.top < one.top + one.height;
  }

  function holds(rect, { x, y }) {
    return x >= rect.left && y >= rect.top && x <= rect.left + rect.width && y <= rect.top + rect.height;
  }

  function centred(ctx, font) {
    ctx.font = `${font} ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
  }

  function pillWidth(ctx, text) {
    centred(ctx, "500 11.5px");
    return ctx.measureText(text).width;
  }

  function pill(ctx, { left, top, width, height }, text, theme, colour) {
    centred(ctx, "500 11.5px");
    ctx.beginPath();
    ctx.roundRect(left, top, width, height, height / 2);
    ctx.fillStyle = theme.surface;
    ctx.fill();
    ctx.lineWidth = 1.2;
    ctx.strokeStyle = colour;
    ctx.stroke();
    ctx.fillStyle = theme.ink;
    ctx.fillText(text, left + width / 2, top + height / 2 + 0.5);
  }

  function nameWidth(ctx, text, weight) {
    centred(ctx, `${weight} 12.5px`);
    return ctx.measureText(text).width;
  }

  function name(ctx, { left, top, width, height }, text, weight, theme) {
    centred(ctx, `${weight} 12.5px`);
    ctx.lineWidth = 4;
    ctx.strokeStyle = theme.ground;
    ctx.strokeText(text, left + width / 2, top + height / 2);
    ctx.fillStyle = theme.ink;
    ctx.fillText(text, left + width / 2, top + height / 2);
  }

  /* One stroke through a line, or two, with a rim of the ground's colour. */
  function cross(ctx, { left, top, width }, both, ground, colour) {
    ctx.beginPath();
    ctx.moveTo(left, top);
    ctx.lineTo(left + width, top + width);
    if (both) {
      ctx.moveTo(left + width, top);
      ctx.lineTo(left, top + width);
    }
    ctx.lineCap = "round";
    for (const [thickness, shade] of [[6.5, ground], [2.6, colour]]) {
      ctx.lineWidth = thickness;
      ctx.strokeStyle = shade;
      ctx.stroke();
    }
  }

  return { FONT, frame, overlaps, holds, pillWidth, pill, nameWidth, name, cross };
})();
