import { useEffect, useState } from "react";
import { Icon, type IconName } from "./icons";

const SHOWN = 1500;

/** A button that copies a text and says so. */
export function CopyButton({ text, label, icon = "copy" }: { text: string; label: string; icon?: IconName }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await copyText(text);
    setCopied(true);
  };
  return (
    <button
      type="button"
      className="button quiet icon-only"
      aria-label={copied ? "Copied" : label}
      title={label}
      onClick={copy}
    >
      <Icon name={copied ? "check" : icon} />
    </button>
  );
}

/** Put a text on the clipboard; pages served without TLS have only the older way. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  return undefined;
}
