import { useState } from "react";
import { Link } from "wouter";
import type { AliasChange, ModelPage, RegisteredModelAlias } from "../../api/generated";
import { useAliasHistory } from "../../api/registry";
import { useMay } from "../../components/access";
import { Ago } from "../../components/ago";
import { Dialog } from "../../components/dialog";
import { Icon } from "../../components/icons";
import { Failure, SkeletonRows } from "../../components/states";
import { byUse, modelPath, movesOf, versionBefore } from "../../lib/models";
import { ProtectButton, ProtectedChip } from "./protection";
import { useAliasMoves } from "./use-alias-moves";

interface Props {
  page: ModelPage;
  onMove: (alias: string) => void;
}

/** What the aliases of a model stand for, who moved them, and the way back. */
export function AliasPanel({ page, onMove }: Props) {
  const [told, setTold] = useState<string>();
  const { model, changes, rules } = page;
  const aliases = byUse(model.aliases ?? []);
  const unset = page.permission ? page.protected.filter((alias) => aliases.every((one) => one.alias !== alias)) : [];
  if (aliases.length + unset.length === 0) return null;
  return (
    <section aria-label="Aliases">
      <ul className="alias-cards">
        {aliases.map((one) => (
          <AliasCard
            key={one.alias}
            page={page}
            one={one}
            changes={changes.filter((change) => change.alias === one.alias)}
            rules={rules.filter((rule) => rule.guards === `@${one.alias}`).length}
            onMove={onMove}
            onHistory={setTold}
          />
        ))}
      </ul>
      {unset.length > 0 && (
        <ul className="alias-unset">
          {unset.map((alias) => (
            <li key={alias}>
              <bdi>@{alias}</bdi> <span className="muted">is not set yet</span> <ProtectedChip />
              <ProtectButton name={model.name} alias={alias} on />
            </li>
          ))}
        </ul>
      )}
      {told !== undefined && <HistoryDialog name={model.name} alias={told} onClose={() => setTold(undefined)} />}
    </section>
  );
}

interface CardProps extends Props {
  one: RegisteredModelAlias;
  changes: AliasChange[];
  rules: number;
  onHistory: (alias: string) => void;
}

function AliasCard({ page, one: { alias, version }, changes, rules, onMove, onHistory }: CardProps) {
  const { name } = page.model;
  const moves = useAliasMoves(name);
  const locked = page.permission !== "" && page.protected.includes(alias);
  const mayMove = useMay(locked ? "MANAGE" : "EDIT");
  const isKept = locked && !mayMove;
  const held = new Set(page.versions.versions.map((one) => one.version));
  // Of versions beyond the page it is not known here whether they still exist: the server knows.
  const before = versionBefore(changes, version, (one) => held.has(one) || page.versions.next_page_token !== "");
  return (
    <li className="card alias-card">
      <div className="alias-title">
        <h3 className="truncate" title={`@${alias}`}>
          <bdi>@{alias}</bdi>
        </h3>
        <Icon name="right" />
        <Link href={modelPath(name, "versions", version)}>version {version}</Link>
        {rules > 0 && (
          <span className="chip" title={`A gate of ${rules} rules guards it`}>
            <Icon name="shield" />
            gated
          </span>
        )}
        {locked && <ProtectedChip />}
      </div>
      <p className="muted alias-told">
        {changes[0] ? (
          <ChangeText change={changes[0]} from={changes[1]?.version ?? ""} />
        ) : (
          "Set before its history was kept"
        )}
      </p>
      <div className="alias-actions">
        {mayMove && (
          <button type="button" className="button" aria-label={`Move @${alias}`} onClick={() => onMove(alias)}>
            Move
          </button>
        )}
        {isKept && <span className="muted">Who manages this model moves it.</span>}
        {mayMove && before !== undefined && (
          <button
            type="button"
            className="button"
            aria-label={`Move @${alias} back to version ${before}`}
            onClick={() => moves.rollBack(alias, version)}
          >
            <Icon name="reset" />
            Back to {before}
          </button>
        )}
        <span className="spring" />
        <button
          type="button"
          className="button quiet icon-only"
          aria-label={`History of @${alias}`}
          title="History"
          onClick={() => onHistory(alias)}
        >
          <Icon name="history" />
        </button>
        <ProtectButton name={name} alias={alias} on={locked} />
        {mayMove && (
          <button
            type="button"
            className="button quiet icon-only"
            aria-label={`Remove @${alias}`}
            title="Remove"
            onClick={() => moves.drop(alias, version)}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
    </li>
  );
}

function ChangeText({ change, from }: { change: AliasChange; from: string }) {
  return (
    <>
      {from ? `from version ${from}, ` : "set "}
      <Ago time={change.changed_at} />
      {change.changed_by && ` by ${change.changed_by}`}
      {change.note && ` · ${change.note}`}
    </>
  );
}

function HistoryDialog({ name, alias, onClose }: { name: string; alias: string; onClose: () => void }) {
  const { data, error, refetch } = useAliasHistory(name, alias);
  return (
    <Dialog title={`History of @${alias}`} onClose={onClose}>
      {error && <Failure small title="It could not be read" error={error} retry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={4} />}
      {data && (
        <ol className="moves">
          {movesOf(data).map(({ change, from }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: changes have no id, and their order stays
            <li key={place}>
              <span className="moves-what">
                {from && <span className="muted">version {from} </span>}
                <Icon name="right" />
                <strong>{change.version ? `version ${change.version}` : "removed"}</strong>
              </span>
              <span className="muted">
                <Ago time={change.changed_at} />
                {change.changed_by ? ` by ${change.changed_by}` : " by nobody known"}
              </span>
              {change.note && <p>{change.note}</p>}
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}
