"use strict";

/* Flags as pictures: one for each, however many actors fly it, read when it is first drawn. */
const Flags = (() => {
  const LARGE = 128; // pixels: what is larger is drawn anew each time
  const flags = new Map(); // by address: the image, and its pixels in sizes that double, which are drawn sooner
  let awaited = 0;
  let whenRead = null;

  /* The address of an actor's flag, or null. */
  function of(node) {
    return node.flag && Object.hasOwn(Data.flags, node.flag) ? Data.flags[node.flag] : null;
  }

  /* A flag to draw at a size in pixels of the screen; null until it is read. */
  function cut(address, size) {
    if (!flags.has(address)) flags.set(address, { image: read(address), cuts: new Map() });
    const { image, cuts } = flags.get(address);
    if (!image.complete || !image.naturalWidth) return null;
    if (size > LARGE) return image;
    const side = 2 ** Math.ceil(Math.log2(Math.max(size, 16)));
    if (!cuts.has(side)) {
      const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
      canvas.getContext("2d").drawImage(image, 0, 0, side, side);
      cuts.set(side, canvas);
    }
    return cuts.get(side);
  }

  function read(address) {
    const image = new Image();
    const done = () => {
      awaited -= 1;
      if (awaited === 0 && whenRead) whenRead();
    };
    image.addEventListener("load", done);
    image.addEventListener("error", done);
    awaited += 1;
    image.src = address;
    return image;
  }

  /* Called each time that all flags which were asked for are read. */
  function onRead(action) {
    whenRead = action;
  }

  return { of, cut, onRead };
})();
