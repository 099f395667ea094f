import { type FormEvent, useState } from "react";
import { useMay } from "../../components/access";
import { Icon } from "../../components/icons";
import { attempt, tell } from "../../components/toast";
import { isOwnTag, tagInWords } from "../../lib/models";

interface Tag {
  key: string;
  value?: string;
}

interface Props {
  tags: Tag[];
  onSet: (key: string, value: string) => Promise<unknown>;
  onRemove: (key: string) => Promise<unknown>;
}

/** Tags to read, at most `most` of them. */
export function TagText({ tags, most }: { tags: Tag[]; most: number }) {
  const own = tags.filter(isOwnTag).map(tagInWords);
  return (
    <>
      {own.slice(0, most).map(({ name, value }) => (
        <span key={name} className="chip truncate" title={`${name}: ${value}`}>
          {value && !name.startsWith("approved") ? `${name}: ${value}` : name}
        </span>
      ))}
      {own.length > most && <span className="muted">+{own.length - most}</span>}
    </>
  );
}

/** Tags that people set, each with a way to take it away; and a place to set another. */
export function TagChips({ tags, onSet, onRemove }: Props) {
  const [adding, setAdding] = useState(false);
  const own = tags.filter(isOwnTag);
  const mayEdit = useMay("EDIT");
  const remove = ({ key, value = "" }: Tag) =>
    attempt(`The tag ${key} was not removed`, async () => {
      await onRemove(key);
      const undo = () => void attempt(`The tag ${key} was not put back`, () => onSet(key, value));
      tell(`Removed the tag ${key}.`, { action: { label: "Undo", run: undo } });
    });
  if (own.length === 0 && !mayEdit) return null;
  return (
    <ul className="tag-chips" aria-label="Tags">
      {own.map((tag) => (
        <li key={tag.key} className="chip tag-chip" title={`${tag.key}: ${tag.value ?? ""}`}>
          <span className="truncate">
            {tagInWords(tag).name}
            {tag.value && <strong>{tag.value}</strong>}
          </span>
          {mayEdit && (
            <button type="button" aria-label={`Remove the tag ${tag.key}`} onClick={() => void remove(tag)}>
              <Icon name="close" />
            </button>
          )}
        </li>
      ))}
      {mayEdit && (
        <li>
          {adding ? (
            <TagForm onSet={onSet} onDone={() => setAdding(false)} />
          ) : (
            <button type="button" className="link-button" onClick={() => setAdding(true)}>
              <Icon name="plus" /> Tag
            </button>
          )}
        </li>
      )}
    </ul>
  );
}

function TagForm({ onSet, onDone }: { onSet: Props["onSet"]; onDone: () => void }) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    void attempt(`The tag ${key.trim()} was not set`, () => onSet(key.trim(), value).then(onDone));
  };
  return (
    <form className="tag-inline" onSubmit={send} onKeyDown={(event) => event.key === "Escape" && onDone()}>
      <input
        className="field"
        aria-label="Tag"
        placeholder="Tag"
        value={key}
        ref={focusFirst}
        onChange={(event) => setKey(event.target.value)}
      />
      <input
        className="field"
        aria-label="Value"
        placeholder="Value"
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <button type="submit" className="button primary" disabled={key.trim() === ""}>
        Set
      </button>
      <button type="button" className="button" onClick={onDone}>
        Cancel
      </button>
    </form>
  );
}

function focusFirst(input: HTMLInputElement | null): void {
  if (input && !input.form?.contains(document.activeElement)) input.focus();
}
