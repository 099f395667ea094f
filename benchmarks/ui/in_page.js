// Runs in every measured page before its own scripts: sees when something is painted, and what a chart shows.
(() => {
  const INK = 40; // how far a pixel's colours are apart where a line was drawn; axes and text are greyish everywhere
  const NAME = /trial-\d{2}|run-\d{5}/; // as long as they are in data.py, for a number may follow without a space
  let last = 0;
  for (const kind of ["click", "input", "keydown"]) {
    addEventListener(kind, (event) => (last = event.timeStamp), { capture: true, passive: true });
  }

  function saturated(data, at) {
    const [red, green, blue] = [data[at], data[at + 1], data[at + 2]];
    return data[at + 3] > 60 && Math.max(red, green, blue) - Math.min(red, green, blue) > INK;
  }

  function pixels(canvas) {
    return canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
  }

  function inked(canvas) {
    if (canvas.width < 100 || canvas.height < 50) return false;
    const data = pixels(canvas);
    let found = 0;
    for (let at = 0; data && at < data.length; at += 16) if (saturated(data, at) && ++found > 30) return true;
    return false;
  }

  // The outline of the line on a canvas: for each column with ink, its top, counted upwards.
  function outlineOf(canvas) {
    const data = pixels(canvas);
    const points = [];
    for (let x = 0; x < canvas.width; x += 1) {
      for (let y = 0; y < canvas.height; y += 1) {
        if (saturated(data, 4 * (y * canvas.width + x))) {
          points.push([x, -y]);
          break;
        }
      }
    }
    return points;
  }

  function pointsOf(path) {
    const numbers = path.getAttribute("d").match(/-?[\d.]+(?:e-?\d+)?/g).map(Number);
    return numbers.flatMap((x, place) => (place % 2 === 0 ? [[x, -numbers[place + 1]]] : []));
  }

  // How many places reach far above the rest; 0 where that cannot be told from noise, for then no spike is drawn.
  function peaks(points) {
    const heights = points.map(([, height]) => height);
    const top = heights.reduce((most, height) => Math.max(most, height), -Infinity);
    const bottom = [...heights].sort((one, other) => one - other)[Math.floor(heights.length / 2)];
    const high = points.filter(([, height]) => height > bottom + 0.6 * (top - bottom)).map(([x]) => x);
    const width = points.at(-1)[0] - points[0][0];
    if (high.length > points.length / 20) return 0;
    return high.filter((x, place) => place === 0 || x - high[place - 1] > width / 50).length;
  }

  globalThis.benchmark = {
    seen: undefined,
    /** Notes in `seen` the time at which a frame in which `holds` was painted. */
    watch(holds) {
      globalThis.benchmark.seen = undefined;
      const look = () => {
        if (document.body && holds()) requestAnimationFrame(() => (globalThis.benchmark.seen = performance.now()));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    },
    /** The time from the last thing the user did to `seen`. */
    sinceLastAct: () => globalThis.benchmark.seen - last,
    runName: (element) => element?.textContent.match(NAME)?.[0] ?? "",
    canvases: (selector) => [...document.querySelectorAll(selector)].filter(inked).length,
    paths: (selector) =>
      new Set([...document.querySelectorAll(selector)].map((path) => path.getAttribute("d") ?? "").filter((d) => d.length > 500))
        .size,
    spikesOfCanvas(selector) {
      return peaks(outlineOf([...document.querySelectorAll(selector)].find(inked)));
    },
    spikesOfPath(selector) {
      const paths = [...document.querySelectorAll(selector)];
      return peaks(pointsOf(paths.sort((one, other) => other.getAttribute("d").length - one.getAttribute("d").length)[0]));
    },
  };
})();
