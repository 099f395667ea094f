import { Icon } from "../../components/icons";
import { Swatch } from "../../components/swatch";
import { PALETTE } from "../../lib/colors";

interface Props {
  /** The place in the palette that was chosen; undefined for none. */
  chosen: number | undefined;
  onColor: (index: number | null) => void;
}

/** The palette: a colour for a run, the same for everyone and on every page. */
export default function ColorMenu({ chosen, onColor }: Props) {
  return (
    <div className="color-menu">
      <p className="muted">Colour, for everyone and on every page</p>
      <div className="color-choices">
        {PALETTE.light.map((color, index) => (
          <button
            key={color}
            type="button"
            className="button quiet icon-only"
            aria-label={`Colour ${index + 1}`}
            aria-pressed={chosen === index}
            onClick={() => onColor(index)}
          >
            <Swatch hue={{ index, dash: 0 }} />
          </button>
        ))}
      </div>
      <button type="button" className="menu-item" disabled={chosen === undefined} onClick={() => onColor(null)}>
        <Icon name="reset" />
        Choose by itself
      </button>
    </div>
  );
}
