import "../../styles/trash.css";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useLiveState } from "../../api/live";
import { useServer } from "../../api/server";
import { Ago } from "../../components/ago";
import { useCrumbs } from "../../components/crumbs";
import { KeyList } from "../../components/key-list";
import { Failure, SkeletonRows, Snippet } from "../../components/states";
import { Status } from "../../components/status";
import { chooseTheme, followSystem, useTheme, useThemeChoice } from "../../lib/theme";
import { AccountCard } from "./account-card";
import { TokenCard } from "./token-card";

/** Looks, the server and its health, and the keys. */
export default function SettingsPage() {
  useCrumbs([{ label: "Settings" }]);
  return (
    <div className="page scrolls">
      <div className="page-inner narrow settings">
        <h1>Settings</h1>
        <AccountCard />
        <TokenCard />
        <Appearance />
        <ServerCard />
        <section className="card" aria-labelledby="settings-address">
          <h2 id="settings-address">Logging here</h2>
          <p className="muted">Where you train, either of these leads runs to this server.</p>
          <Snippet
            code={`export ASSAY_TRACKING_URI=${location.origin}\nexport MLFLOW_TRACKING_URI=${location.origin}`}
            label="Commands that lead runs here"
          />
        </section>
        <section className="card" aria-labelledby="settings-keys">
          <h2 id="settings-keys">Keys</h2>
          <KeyList />
        </section>
        <p>
          <Link href="/trash">Trash</Link>
        </p>
      </div>
    </div>
  );
}

const CHOICES = [
  { label: "As the system", choose: followSystem, value: undefined },
  { label: "Light", choose: () => chooseTheme("light"), value: "light" },
  { label: "Dark", choose: () => chooseTheme("dark"), value: "dark" },
] as const;

function Appearance() {
  const chosen = useThemeChoice();
  const theme = useTheme();
  return (
    <section className="card" aria-labelledby="settings-looks">
      <h2 id="settings-looks">Appearance</h2>
      <fieldset className="segments" aria-label="Theme">
        {CHOICES.map(({ label, choose, value }) => (
          <button key={label} type="button" aria-pressed={chosen === value} onClick={choose}>
            {label}
          </button>
        ))}
      </fieldset>
      <p className="muted">It is {theme} now. The choice is kept in this browser.</p>
    </section>
  );
}

const LIVE = {
  connecting: "Changes: connecting",
  connected: "Changes on the server show by themselves",
  reconnecting: "Reconnecting: changes show once the server is back",
};

function ServerCard() {
  const { data, error, refetch, dataUpdatedAt } = useServer();
  const live = useLiveState();
  return (
    <section className="card" aria-labelledby="settings-server">
      <h2 id="settings-server">Server</h2>
      {error && (
        <Failure small title="The facts of the server could not be read" error={error} retry={() => void refetch()} />
      )}
      {!data && !error && <SkeletonRows rows={6} />}
      {data && (
        <dl className="settings-facts">
          <Fact name="Health">
            {error ? <Status status="FAILED" /> : `Healthy, answered in ${Math.round(data.milliseconds)} ms`}
          </Fact>
          <Fact name="Version">Assay {data.info.assay_version}</Fact>
          <Fact name="Speaks">MLflow’s API of version {data.mlflow}</Fact>
          <Fact name="Store">{data.info.store_type === "SqlStore" ? "SQL database" : data.info.store_type}</Fact>
          <Fact name="Large files">
            {data.info.multipart_uploads_enabled
              ? "sent to the file store directly, in parts"
              : "sent through the server"}
          </Fact>
          <Fact name="Live">{LIVE[live]}</Fact>
          <Fact name="Asked">
            <Ago time={dataUpdatedAt} />
          </Fact>
        </dl>
      )}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
