import { useState } from "react";
import type { Webhook } from "../../api/generated";
import { useWebhooks } from "../../api/registry";
import { Failure, SkeletonRows, Snippet } from "../../components/states";
import { eventsOf, hostOf } from "../../lib/webhooks";

/** Who is told when the model changes, and how to tell somebody; read when it is opened. */
export function WebhookCard() {
  const [open, setOpen] = useState(false);
  return (
    <details className="card side-details" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>Webhooks</h2>
      </summary>
      <div className="side-body">{open && <Webhooks />}</div>
    </details>
  );
}

function Webhooks() {
  const { data, error, refetch } = useWebhooks();
  if (error) return <Failure small title="The webhooks could not be read" error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={2} />;
  const hooks = data.filter((hook) => eventsOf(hook).length > 0);
  return (
    <>
      <p className="muted">
        {hooks.length > 0
          ? "These are told of changes of this model, and of every other:"
          : "Nobody is told of changes of this model."}
      </p>
      {hooks.length > 0 && (
        <ul className="webhooks" aria-label="Webhooks">
          {hooks.map((hook) => (
            <WebhookLine key={hook.webhook_id} hook={hook} />
          ))}
        </ul>
      )}
      <p className="muted">Code that adds one:</p>
      <Snippet label="Python code that adds a webhook" code={adding()} />
    </>
  );
}

/** Of its address the host alone: the rest of it often is a secret. */
function WebhookLine({ hook }: { hook: Webhook }) {
  const off = hook.status !== "ACTIVE";
  return (
    <li>
      <span className="webhook-head">
        <strong className="truncate" title={hook.description ?? hook.name}>
          {hook.name}
        </strong>
        <span className={off ? "chip" : "chip good"}>{off ? "off" : "on"}</span>
      </span>
      <span className="muted truncate">{hostOf(hook.url)}</span>
      <span className="webhook-events mono muted">{eventsOf(hook).join(" ")}</span>
    </li>
  );
}

function adding(): string {
  return [
    "import assay",
    "",
    `client = assay.MlflowClient(tracking_uri=${JSON.stringify(location.origin)})`,
    "client.create_webhook(",
    '    name="deploy",',
    '    url="https://example.com/hook",',
    '    events=["model_version.created", "model_version_alias.created"],',
    '    secret="…",  # what is sent is signed with it',
    ")",
  ].join("\n");
}
