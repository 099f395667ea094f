const KEPT = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-opacity",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "paint-order",
];
const SVG = "http://www.w3.org/2000/svg";
const ROOM = 12;
const TITLE = 22;

/** What is drawn in an element, canvases and SVG parts together, as one SVG picture with its title. */
export function pictureOf(element: HTMLElement, title: string): SVGSVGElement {
  const frame = element.getBoundingClientRect();
  const looks = getComputedStyle(document.documentElement);
  const [width, height] = [element.scrollWidth + 2 * ROOM, element.scrollHeight + 2 * ROOM + TITLE];
  const picture = document.createElementNS(SVG, "svg");
  set(picture, { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` });
  const ground = picture.appendChild(document.createElementNS(SVG, "rect"));
  set(ground, { width, height, fill: looks.getPropertyValue("--bg").trim() });
  addText(picture, title, {
    x: ROOM,
    y: ROOM + 12,
    size: 13,
    weight: "600",
    fill: looks.getPropertyValue("--text").trim(),
  });
  for (const part of element.querySelectorAll<HTMLElement | SVGSVGElement>("canvas, svg.plot-layer, [data-export]")) {
    const place = part.getBoundingClientRect();
    const [x, y] = [place.left - frame.left + ROOM, place.top - frame.top + ROOM + TITLE];
    if (part instanceof HTMLCanvasElement) {
      const image = picture.appendChild(document.createElementNS(SVG, "image"));
      set(image, { x, y, width: place.width, height: place.height, href: part.toDataURL("image/png") });
    } else if (part instanceof SVGSVGElement) {
      const group = picture.appendChild(document.createElementNS(SVG, "g"));
      set(group, { transform: `translate(${x} ${y})` });
      for (const child of part.children) group.append(withLooks(child));
    } else {
      const fill = getComputedStyle(part).color;
      addText(picture, part.dataset.export ?? "", { x, y: y + place.height / 2 + 4, size: 12, weight: "400", fill });
    }
  }
  return picture;
}

function set(element: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

interface TextLooks {
  x: number;
  y: number;
  size: number;
  weight: string;
  fill: string;
}

function addText(picture: SVGSVGElement, content: string, { x, y, size, weight, fill }: TextLooks): void {
  const text = picture.appendChild(document.createElementNS(SVG, "text"));
  set(text, { x, y, fill, "font-size": size, "font-weight": weight, "font-family": "system-ui, sans-serif" });
  text.textContent = content;
}

/** A copy of an element that looks the same without the page's style sheets. */
function withLooks(element: Element): Element {
  const copy = element.cloneNode(false) as Element;
  const looks = getComputedStyle(element);
  copy.removeAttribute("class");
  for (const name of KEPT) copy.setAttribute(name, looks.getPropertyValue(name));
  for (const child of element.childNodes) {
    if (child instanceof Element) copy.append(withLooks(child));
    else if (child.nodeType === Node.TEXT_NODE) copy.append(child.cloneNode());
  }
  return copy;
}

/** A picture as the text of an SVG file. */
export function svgText(picture: SVGSVGElement): string {
  return new XMLSerializer().serializeToString(picture);
}

/** A picture as a PNG file, at twice its size for sharp print. */
export async function pngOf(picture: SVGSVGElement): Promise<Blob> {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svgText(picture)], { type: "image/svg+xml" }));
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(image.src);
  }
  const canvas = document.createElement("canvas");
  canvas.width = 2 * image.width;
  canvas.height = 2 * image.height;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser could not make the picture."))));
  });
}

/** Hand a file to the reader. */
export function save(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
