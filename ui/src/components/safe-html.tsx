import "../styles/prose.css";
import DOMPurify, { type Config } from "dompurify";
import { useEffect, useMemo, useRef } from "react";

// No scripts, no styles, no controls, nothing embedded; names that could stand in for the page's own are taken away.
const CONFIG: Config = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: ["style", "form", "input", "button", "select", "option", "textarea", "dialog", "template", "slot"],
  FORBID_ATTR: ["style", "id", "name", "class", "tabindex", "autofocus", "popover", "srcset", "poster", "is", "slot"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};
const LINK = /^(?:https?:|mailto:|#)/i;
const PICTURE = /^data:image\/(?:png|jpeg|gif|webp);base64,/i;
const RELATIVE = /^(?![a-z][a-z0-9+.-]*:|\/|#|\\)/i;

interface Props {
  html: string;
  /** The address of a file that the text names relative to itself; without it, such pictures are left out. */
  resolve?: ((path: string) => string) | undefined;
  className?: string;
}

/** HTML of anybody as what it says and no more: the one place in the app where such text becomes elements. */
export function SafeHtml({ html, resolve, className = "" }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const content = useMemo(() => sanitized(html, resolve), [html, resolve]);
  useEffect(() => {
    box.current?.replaceChildren(content.cloneNode(true));
  }, [content]);
  return <div ref={box} className={`prose ${className}`} />;
}

/** HTML of anybody as text that says what it says and no more, for a file. */
export function safeMarkup(html: string): string {
  const box = document.createElement("div");
  box.append(sanitized(html, undefined));
  for (const link of box.querySelectorAll("a")) link.removeAttribute("target");
  return box.innerHTML;
}

function sanitized(html: string, resolve: Props["resolve"]): DocumentFragment {
  const content = DOMPurify.sanitize(html, CONFIG) as unknown as DocumentFragment;
  for (const link of content.querySelectorAll("a")) tameLink(link);
  for (const media of content.querySelectorAll("video, audio, source, track, picture")) media.remove();
  for (const picture of content.querySelectorAll("img")) tamePicture(picture, resolve);
  for (const wide of content.querySelectorAll("table, pre")) makeScrollable(wide);
  return content;
}

function tameLink(link: HTMLAnchorElement): void {
  const target = link.getAttribute("href") ?? "";
  if (!LINK.test(target)) {
    link.removeAttribute("href");
  } else if (!target.startsWith("#")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
}

/** A picture of this text's own folder is shown, one of another host becomes a link: nobody learns who reads it. */
function tamePicture(picture: HTMLImageElement, resolve: Props["resolve"]): void {
  const source = picture.getAttribute("src") ?? "";
  picture.loading = "lazy";
  if (!picture.hasAttribute("alt")) picture.alt = source.startsWith("data:") ? "Picture" : source;
  if (PICTURE.test(source)) return;
  if (resolve && RELATIVE.test(source) && !source.split("/").includes("..")) {
    picture.src = resolve(decoded(source.replace(/^\.\//, "")));
    return;
  }
  const link = document.createElement("a");
  link.textContent = picture.alt || source;
  if (/^https?:/i.test(source)) {
    link.href = source;
    tameLink(link);
  }
  picture.replaceWith(link);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Wide parts scroll by themselves, also by keyboard. */
function makeScrollable(wide: Element): void {
  const box = document.createElement("div");
  box.className = "prose-wide";
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", wide.tagName === "TABLE" ? "Table" : "Code");
  wide.replaceWith(box);
  box.append(wide);
}
