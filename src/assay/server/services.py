"""What all parts of a running server share."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from assay.blobs.leftovers import sweep_tree
from assay.blobs.local import LocalBlobs
from assay.blobs.open import open_blobs
from assay.core.errors import AssayError, ConfigurationError, PermissionDenied, Unauthenticated
from assay.core.log import logger
from assay.server.errors import outcome
from assay.server.events import Watchers
from assay.server.handover import Handover, Workers
from assay.server.identity import Identity
from assay.server.journals import JournalScanner
from assay.server.passwords import AT_ONCE, open_passwords
from assay.server.refusals import Refusals
from assay.server.webhooks import WebhookSender
from assay.service.access import ALLOW_ALL, Caller, UserPolicy
from assay.service.audit_events import is_audited
from assay.service.handlers import Context
from assay.store.open import open_store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.server.changes import Change
    from assay.server.config import ServerConfig
    from assay.server.events import Seen
    from assay.wire.base import Operation

_log = logger("server")
STORE_TYPE = "SqlStore"
_ABOUT_CALLERS = ("user", "permission", "token")
_READERS = 8
_READS_WAITING = 512
_TRANSFERS = 64
_TRANSFERS_WAITING = 256
_LOGINS = 4
"""Wait for an identity provider, which must hold up nobody else."""
_LOGINS_WAITING = 32
_RECKONINGS_WAITING = 256
"""Strangers may have any password reckoned, which must hold up nobody else, those at the provider neither."""


def open_context(config: ServerConfig) -> Context:
    """Open the store and the artifacts of a server.

    Raises:
        ConfigurationError: one of them cannot be opened.
        StoreVersionError: the store was written by a newer version of Assay.
    """
    if config.artifacts_only and not config.serve_artifacts:
        raise ConfigurationError(
            "--artifacts-only and --no-serve-artifacts leave nothing to serve. Leave out one of them."
        )
    destination = open_blobs(config.artifacts_destination) if config.serve_artifacts else None
    store = open_store(config.backend_store_uri, artifact_root=config.artifact_root)
    auth = config.auth
    return Context(
        policy=ALLOW_ALL if auth is None else UserPolicy(default=auth.default),
        passwords=None if auth is None else open_passwords(),
        password_login=auth is not None and auth.takes_passwords,
        oidc_name="" if auth is None or auth.oidc is None else auth.oidc.name,
        store=store,
        artifact_root=config.artifact_root,
        store_type=STORE_TYPE,
        destination=destination,
        reach=config.reach,
        egress=config.egress,
    )


class Services:
    """The running parts of a server: threads, watchers, the journal scanner. Made on the event loop."""

    def __init__(self, config: ServerConfig, context: Context) -> None:
        self.config = config
        self.context = context
        self.identity = None
        if config.auth is not None and context.passwords is not None:
            auth = config.auth
            self.identity = Identity(
                context.store, context.passwords, auth.proxies, takes_passwords=auth.takes_passwords
            )
        self.handover = Handover(asyncio.get_running_loop())
        self.readers = Workers(self.handover, threads=_READERS, waiting=_READS_WAITING, name="assay-read")
        self.transfers = Workers(self.handover, threads=_TRANSFERS, waiting=_TRANSFERS_WAITING, name="assay-file")
        self.logins = Workers(self.handover, threads=_LOGINS, waiting=_LOGINS_WAITING, name="assay-login")
        self.reckoners = Workers(self.handover, threads=AT_ONCE, waiting=_RECKONINGS_WAITING, name="assay-password")
        self.watchers = Watchers()
        self._refusals = Refusals()
        self._poll = asyncio.create_task(self.watchers.poll(context.store.version, self.readers))
        self.transfers.run(self._sweep)
        directory = config.journal_directory
        self._scanner = None
        if directory is not None:
            local = replace(context, caller=Caller(local=True))  # who writes there may write the store itself
            self._scanner = JournalScanner(local, directory, tell=self.watchers.tell_from_thread)
            self._scanner.start()
        self._sender = None
        if config.send_webhooks and not config.artifacts_only:
            self._sender = WebhookSender(context.store, config.egress)
            self._sender.start()

    async def who(self, headers: Mapping[bytes, bytes], scope: Mapping[str, Any], *, request_id: str) -> Caller:
        """Who asks.

        Raises:
            Unauthenticated: nobody says, or what is said proves nobody.
            RequestLimitExceeded: too many wrong tries came from there.
        """
        identity, peer = self.identity, scope["client"][0] if scope["client"] else ""
        if identity is None:
            return Caller()
        origin = identity.origin(headers, peer=peer, request_id=request_id)
        found = identity.remembered(headers, origin, peer=peer)
        if found is None:
            workers = self.reckoners if identity.reckons(headers, origin) else self.readers
            found = await workers.run(partial(identity.caller, headers, origin, peer=peer))
        if not found.number:
            raise Unauthenticated("You are not logged in. Send a user's name and password, or a token.")
        return found

    def forget_callers(self, done: Operation) -> None:
        """Look all callers up anew after a change of users, roles or tokens; other processes do within a second."""
        if self.identity is not None and done.resource in _ABOUT_CALLERS and done.method != "GET":
            self.identity.forget()

    def seen_by(self, caller: Caller | None, headers: Mapping[bytes, bytes], scope: Mapping[str, Any]) -> Seen | None:
        """What leaves out of a change what a caller may not know of; None where there are no users.

        Who asks, with these headers, is looked up again for each change: a login may end before its stream.

        Raises:
            PermissionDenied: the credential is good for one run only.
        """
        if caller is None:
            return None
        if caller.run:
            raise PermissionDenied(f"{caller.credential} is good for the run {caller.run!r} only.")

        async def seen(change: Change) -> Change | None:
            try:
                present = await self.who(headers, scope, request_id=caller.request_id)
            except Unauthenticated:
                return None
            reader = self.context.policy.reader(present)
            if reader is None:
                return change
            return await self.readers.run(partial(self.context.store.read, partial(change.seen, reader=reader)))

        return seen

    def remember_refusal(self, asked: Mapping[str, Any], error: AssayError) -> None:
        """Put in the audit log that somebody was refused what it would have remembered."""
        caller, operation = asked.get("caller"), asked.get("operation")
        if caller is None or operation is None or not is_audited(operation):
            return
        event = self._refusals.event(caller, operation, code=error.code)
        if event is not None:
            self.context.store.submit(lambda session: session.audit.add(event), lambda _result, _error: None)

    def context_for(self, caller: Caller | None) -> Context:
        """The context in which a request of a caller is answered."""
        return self.context if caller is None else replace(self.context, caller=caller)

    def _sweep(self) -> None:
        """Remove what uploads left that were under way when a server died; that it fails is no reason not to serve."""
        destination = self.context.destination
        if not isinstance(destination, LocalBlobs):
            return
        _, error = outcome(partial(sweep_tree, destination.root))
        if error is not None:
            _log.warning("Files that broken uploads left cannot be removed: %s", error)

    async def stop(self) -> None:
        """Stop everything and close the store; what was accepted is finished first."""
        self._poll.cancel()
        self.watchers.close()
        await asyncio.to_thread(self._stop_threads)

    def _stop_threads(self) -> None:
        if self._scanner is not None:
            self._scanner.stop()
        if self._sender is not None:
            self._sender.stop()
        self.readers.close()
        self.transfers.close()
        self.logins.close()
        self.reckoners.close()
        self.context.store.close()
