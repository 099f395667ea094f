import { useEffect, useRef, useState } from "react";
import { Icon } from "../../components/icons";
import { useKeys } from "../../components/keys";
import { setParameters, useQueryText } from "../../components/parameters";

const PAUSE = 120;

/** A field for the parameter `q` of the address, by which a list is made shorter. */
export function SearchLine({ label }: { label: string }) {
  const query = new URLSearchParams(useQueryText()).get("q") ?? "";
  const [text, setText] = useState(query);
  const [sent, setSent] = useState(query);
  const input = useRef<HTMLInputElement>(null);
  if (query !== sent) {
    setSent(query);
    if (query !== text.trim()) setText(query);
  }
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === query) return undefined;
    const timer = setTimeout(() => setParameters({ q: wanted }), PAUSE);
    return () => clearTimeout(timer);
  }, [text, query]);
  useKeys({
    "/": (event) => {
      event.preventDefault();
      input.current?.focus();
    },
  });
  return (
    <div className="search-line">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        className="field"
        aria-label={label}
        placeholder={label}
        maxLength={250}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  );
}
