"""What every `Store` must keep of users, roles, grants, tokens and sessions; part of `StoreContract`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from assay.core.errors import ResourceAlreadyExists, ResourceDoesNotExist
from assay.store.base import Query
from assay.store.credentials import LoginSession, Token
from assay.store.trash import Choice
from assay.store.users import (
    ALL,
    DENY,
    EDIT,
    EVERYTHING,
    EXPERIMENT,
    MANAGE,
    MODEL,
    NOTHING,
    PASSWORD,
    READ,
    Account,
    Reader,
    Size,
)
from assay.testing.store_content import add_run, create_experiment

if TYPE_CHECKING:
    from assay.store.base import Session, Store
    from assay.store.users import User


def add_user(store: Store, name: str, *, is_admin: bool = False) -> User:
    """A new user."""
    return store.write(
        lambda session: session.users.create(
            name,
            password_hash="h",  # noqa: S106 -- a hash
            is_admin=is_admin,
            origin=PASSWORD,
            now=1,
        )
    )


def grant(store: Store, user: User, *, kind: str, target: str, level: int) -> None:
    """Grant something to a user alone."""
    store.write(
        lambda session: session.grants.set(session.roles.own(user).number, kind=kind, target=target, level=level)
    )


def reader(store: Store, user: User, *, default: int = NOTHING) -> Reader:
    """The eyes of a user."""
    roles = store.read(lambda session: session.roles.of([user]))[user.number]
    return Reader(tuple(role.number for role in roles), default)


def seen(store: Store, eyes: Reader | None) -> list[str]:
    """The names of the experiments that a reader finds."""

    def look(session: Session) -> Any:
        session.sight.limit(eyes)
        return sorted(one.name for one in session.experiments.search(Query()))

    return store.read(look)


def _identify(user: User, session: Session, *, issuer: str, subject: str) -> None:
    session.users.identify(user, issuer=issuer, subject=subject, now=1)


class UserContract:
    """Users and roles."""

    def test_users_are_kept_by_name(self, store: Store) -> None:
        """And a name is taken once."""
        add_user(store, "ben")
        ada = add_user(store, "ada", is_admin=True)
        assert store.read(lambda session: session.users.find("ada")) == ada
        assert store.read(lambda session: session.users.numbered(ada.number)) == ada
        assert store.read(lambda session: session.users.find("Ada")) is None
        page = store.read(lambda session: session.users.page(limit=9, offset=0))
        assert [user.username for user in page] == ["ada", "ben"]
        with pytest.raises(ResourceAlreadyExists, match="ada"):
            add_user(store, "ada")
        with pytest.raises(ResourceDoesNotExist, match="eve"):
            store.read(lambda session: session.users.get("eve"))

    def test_users_are_known_by_what_a_provider_calls_them(self, store: Store) -> None:
        """Exactly: by the provider and its name for them, until they are deleted."""
        ada, ben = add_user(store, "ada"), add_user(store, "ben")
        for user, issuer, subject in ((ada, "https://a", "1"), (ben, "https://b", "1"), (ben, "https://a", "a")):
            store.write(partial(_identify, user, issuer=issuer, subject=subject))

        def known(issuer: str, subject: str) -> User | None:
            return store.read(lambda session: session.users.identified(issuer=issuer, subject=subject))

        assert (known("https://a", "1"), known("https://b", "1"), known("https://a", "a")) == (ada, ben, ben)
        for issuer, subject in (("https://a", "A"), ("https://a", "1 "), ("https://a/", "1"), ("https://b", "a")):
            assert known(issuer, subject) is None
        store.write(lambda session: session.users.delete("ada"))
        assert known("https://a", "1") is None

    def test_a_new_password_ends_the_sessions(self, store: Store) -> None:
        """Of this user only."""
        ada, ben = add_user(store, "ada"), add_user(store, "ben")
        for place, user in enumerate((ada, ben)):
            put_session(store, user, place=place)
        store.write(lambda session: session.users.set_password("ada", password_hash="new", now=7))  # noqa: S106
        changed = store.read(lambda session: session.users.get("ada"))
        assert (changed.password_hash, changed.changed_at) == ("new", 7)
        assert store.read(lambda session: session.login_sessions.of(ada)) == []
        assert len(store.read(lambda session: session.login_sessions.of(ben))) == 1

    def test_a_deleted_user_leaves_nothing(self, store: Store) -> None:
        """No roles, grants, tokens or sessions."""
        ada = add_user(store, "ada", is_admin=True)
        grant(store, ada, kind=EXPERIMENT, target="0", level=EDIT)
        put_session(store, ada)
        put_token(store, ada)
        role = store.write(lambda session: session.roles.create("team", description="", now=1))
        store.write(lambda session: session.roles.assign(role.number, user=ada, origin=PASSWORD))
        assert store.read(lambda session: session.users.count_admins()) == 1
        assert store.read(lambda session: session.users.admins()) == [ada]
        store.write(lambda session: session.users.delete("ada"))
        assert store.read(lambda session: session.users.is_empty())
        assert store.read(lambda session: session.grants.on(kind=EXPERIMENT, target="0")) == []
        assert store.read(lambda session: session.roles.members(role.number)) == []
        assert store.read(lambda session: session.tokens.find("t0")) is None
        assert store.read(lambda session: session.login_sessions.find("h0")) is None

    def test_roles_have_members(self, store: Store) -> None:
        """Told from both sides; a user's own role is among them."""
        ada = add_user(store, "ada")
        own = store.write(lambda session: session.roles.own(ada))
        assert store.write(lambda session: session.roles.own(ada)) == own
        team = store.write(lambda session: session.roles.create("team", description="all of us", now=1))
        store.write(lambda session: session.roles.assign(team.number, user=ada, origin="oidc"))
        with pytest.raises(ResourceAlreadyExists, match="team"):
            store.write(lambda session: session.roles.assign(team.number, user=ada, origin=PASSWORD))
        assert store.read(lambda session: session.roles.of([ada])) == {ada.number: [own, team]}
        both = [own.number, team.number]
        assert store.read(lambda session: session.roles.numbered([*both, 1000])) == [own, team]
        assert store.read(lambda session: session.roles.having(both)) == {own.number: [ada], team.number: [ada]}
        [member] = store.read(lambda session: session.roles.members(team.number))
        assert (member.username, member.origin) == ("ada", "oidc")
        assert store.read(lambda session: session.roles.memberships(ada)) == [member]
        assert store.read(lambda session: session.roles.all()) == [team]
        store.write(lambda session: session.roles.update(team.number, name="crew"))
        assert store.read(lambda session: session.roles.named("crew")) == replace(team, name="crew")
        store.write(lambda session: session.roles.unassign(team.number, user=ada))
        with pytest.raises(ResourceDoesNotExist, match="crew"):
            store.write(lambda session: session.roles.unassign(team.number, user=ada))
        store.write(lambda session: session.roles.delete(team.number))
        with pytest.raises(ResourceDoesNotExist):
            store.read(lambda session: session.roles.get(team.number))

    def test_accounts_tell_what_belongs_to_users(self, store: Store) -> None:
        """Memberships, grants, tokens that are good, and when somebody was last there."""
        ada, ben = add_user(store, "ada"), add_user(store, "ben", is_admin=True)
        team = store.write(lambda session: session.roles.create("team", description="", now=1))
        bare = store.write(lambda session: session.roles.create("bare", description="", now=1))
        store.write(lambda session: session.roles.assign(team.number, user=ada, origin=PASSWORD))
        store.write(lambda session: session.grants.set(team.number, kind=MODEL, target=ALL, level=READ))
        grant(store, ada, kind=EXPERIMENT, target="0", level=EDIT)
        put_token(store, ada)
        put_session(store, ada)
        store.write(lambda session: session.tokens.use("t0", now=50))
        accounts = store.read(lambda session: session.users.accounts(limit=9, now=99))
        assert accounts == [Account(ada, (team.number,), 1, 1, 50), Account(ben, (), 0, 0, 0)]
        assert store.read(lambda session: session.users.accounts(limit=1, now=100))[0].tokens == 0
        assert store.read(lambda session: session.users.count()) == 2
        sizes = store.read(lambda session: session.roles.sizes([team.number, bare.number]))
        assert sizes == {team.number: Size(members=1, grants=1), bare.number: Size(members=0, grants=0)}


class GrantContract:
    """What is granted, and what a reader sees."""

    def test_the_greatest_level_counts_and_deny_beats_all(self, store: Store) -> None:
        """Over everything that is granted to any role; the default only where nothing is said."""
        one, two = create_experiment(store, "one"), create_experiment(store, "two")
        ada = add_user(store, "ada")
        assert levels(store, ada, one, two, default=READ) == [READ, READ]
        grant(store, ada, kind=EXPERIMENT, target=one, level=NOTHING)
        assert levels(store, ada, one, two, default=READ) == [NOTHING, READ]
        grant(store, ada, kind=EXPERIMENT, target=ALL, level=EDIT)
        assert levels(store, ada, one, two) == [EDIT, EDIT]
        grant(store, ada, kind=EXPERIMENT, target=two, level=DENY)
        assert levels(store, ada, one, two) == [EDIT, NOTHING]
        grant(store, ada, kind=EVERYTHING, target=ALL, level=MANAGE)
        assert levels(store, ada, one, two) == [MANAGE, NOTHING]
        grant(store, ada, kind=EXPERIMENT, target=ALL, level=DENY)
        assert levels(store, ada, one, two) == [NOTHING, NOTHING]

    def test_a_grant_is_found_replaced_and_taken_back(self, store: Store) -> None:
        """The default experiment, whose number is 0, is not all of them."""
        ada = add_user(store, "ada")
        role = store.write(lambda session: session.roles.own(ada)).number
        for level in (READ, EDIT):
            grant(store, ada, kind=EXPERIMENT, target="0", level=level)
        [kept] = store.read(lambda session: session.grants.of([role]))
        assert (kept.target, kept.level) == ("0", EDIT)
        assert store.read(lambda session: session.grants.find(role, kind=EXPERIMENT, target="0")) == kept
        assert store.read(lambda session: session.grants.find(role, kind=EXPERIMENT, target=ALL)) is None
        other = create_experiment(store, "other")
        assert levels(store, ada, "0", other) == [EDIT, NOTHING]
        store.write(lambda session: session.grants.delete(kept.number))
        assert levels(store, ada, "0") == [NOTHING]
        with pytest.raises(ResourceDoesNotExist):
            store.read(lambda session: session.grants.get(kept.number))
        with pytest.raises(ResourceDoesNotExist, match="999"):
            grant(store, ada, kind=EXPERIMENT, target="999", level=READ)

    def test_grants_follow_a_model_and_end_with_it(self, store: Store) -> None:
        """A model of the same name made later is another one."""
        ada = add_user(store, "ada")

        def create(name: str) -> None:
            store.write(lambda session: session.registered_models.create(name, tags={}, description=None, now=1))

        create("m")
        grant(store, ada, kind=MODEL, target="m", level=EDIT)
        store.write(lambda session: session.registered_models.rename("m", new_name="n", now=2))
        eyes = reader(store, ada)
        assert store.read(lambda session: session.grants.levels(eyes, kind=MODEL, targets=["n", "m"])) == {
            "n": EDIT,
            "m": NOTHING,
        }
        [kept] = store.read(lambda session: session.grants.on(kind=MODEL, target="n"))
        assert kept.target == "n"
        store.write(lambda session: session.registered_models.delete("n"))
        create("n")
        assert store.read(lambda session: session.grants.levels(eyes, kind=MODEL, targets=["n"])) == {"n": NOTHING}

    def test_grants_end_with_their_experiment(self, store: Store) -> None:
        """Whatever gets its number later."""
        ada, one = add_user(store, "ada"), create_experiment(store, "one")
        grant(store, ada, kind=EXPERIMENT, target=one, level=EDIT)
        store.write(lambda session: session.experiments.set_stage(one, stage="deleted", now=1))
        choice = Choice(before=2**62, experiment_ids=[one])
        [doomed] = store.read(lambda session: session.trash.find(choice, after=None, limit=9))
        store.write(lambda session: session.trash.remove(doomed))
        role = store.write(lambda session: session.roles.own(ada)).number
        assert store.read(lambda session: session.grants.of([role])) == []

    @pytest.mark.parametrize("default", [NOTHING, READ])
    def test_what_is_seen_is_what_may_be_read(self, store: Store, default: int) -> None:
        """For each way in which something may be granted: searches say the same as `levels`."""
        names = ["none", "said", "nothing", "denied"]
        ids = {name: create_experiment(store, name) for name in names} | {"Default": "0"}
        for wide in (None, NOTHING, READ, DENY):
            ada = add_user(store, f"ada-{wide}")
            for name, level in (("said", READ), ("nothing", NOTHING), ("denied", DENY)):
                grant(store, ada, kind=EXPERIMENT, target=ids[name], level=level)
            if wide is not None:
                grant(store, ada, kind=EXPERIMENT, target=ALL, level=wide)
            eyes = reader(store, ada, default=default)
            told = levels(store, ada, *ids.values(), default=default)
            readable = [name for name, level in zip(ids, told, strict=True) if level >= READ]
            assert seen(store, eyes) == sorted(readable)
        assert seen(store, Reader((), default)) == (sorted(ids) if default else [])
        assert seen(store, None) == sorted(ids)

    def test_runs_and_overviews_show_what_is_seen(self, store: Store) -> None:
        """Named by experiment or not."""
        one, two = create_experiment(store, "one"), create_experiment(store, "two")
        for experiment_id in (one, two):
            add_run(store, f"{int(experiment_id):032x}", experiment_id=experiment_id)
        ada = add_user(store, "ada")
        grant(store, ada, kind=EXPERIMENT, target=two, level=READ)
        eyes = reader(store, ada)

        def look(session: Session) -> Any:
            session.sight.limit(eyes)
            queries = [Query(experiment_ids=[one, two]), Query()]
            return (
                [[run.info.experiment_id for run in session.runs.search(query)] for query in queries],
                [session.runs.count(query) for query in queries],
                [summary.name for summary in session.experiments.summaries()],
                [run.experiment_id for run in session.overview.runs("RUNNING", limit=9)],
                session.overview.count("RUNNING"),
                list(session.overview.ends([one, two])),
                list(session.overview.starts([one, two], since=0, days=1)),
            )

        assert store.read(look) == ([[two], [two]], [1, 1], ["two"], [two], 1, [two], [two])

    def test_eyes_that_see_one_experiment_see_no_other(self, store: Store) -> None:
        """Whatever their roles may."""
        one = create_experiment(store, "one")
        ada = add_user(store, "ada")
        grant(store, ada, kind=EVERYTHING, target=ALL, level=MANAGE)
        eyes = replace(reader(store, ada), experiment=one)
        assert seen(store, eyes) == ["one"]
        assert seen(store, Reader((), MANAGE, experiment=one)) == ["one"]
        assert store.read(lambda session: session.grants.levels(eyes, kind=EXPERIMENT, targets=["0", one])) == {
            "0": NOTHING,
            one: MANAGE,
        }


def levels(store: Store, user: User, *experiment_ids: str, default: int = NOTHING) -> list[int]:
    """What a user may do with experiments."""
    eyes = reader(store, user, default=default)
    found = store.read(lambda session: session.grants.levels(eyes, kind=EXPERIMENT, targets=experiment_ids))
    return [found[one] for one in experiment_ids]


def put_session(store: Store, user: User, *, place: int = 0) -> LoginSession:
    """A session of a user."""
    kept = LoginSession(f"h{place}", f"s{place}", user.number, "127.0.0.1", "browser", 10, 100, 10)
    store.write(lambda session: session.login_sessions.create(kept))
    return kept


def put_token(store: Store, user: User, *, place: int = 0) -> Token:
    """A token of a user."""
    kept = Token(f"t{place}", user.number, "ci", "hash", "write", EXPERIMENT, "0", "ada", 10 + place, 100)
    store.write(lambda session: session.tokens.create(kept))
    return kept


class CredentialContract:
    """Tokens and sessions."""

    def test_tokens_are_found_used_and_revoked(self, store: Store) -> None:
        """The newest first."""
        ada = add_user(store, "ada")
        old, new = put_token(store, ada), put_token(store, ada, place=1)
        assert store.read(lambda session: session.tokens.of(ada)) == [new, old]
        store.write(lambda session: session.tokens.use("t0", now=50))
        assert store.read(lambda session: session.tokens.find("t0")) == replace(old, last_used=50)
        assert store.write(lambda session: session.tokens.delete("t0"))
        assert not store.write(lambda session: session.tokens.delete("t0"))
        assert store.read(lambda session: session.tokens.of(ada)) == [new]

    def test_sessions_end(self, store: Store) -> None:
        """By being ended, by their time, and by not being used."""
        ada = add_user(store, "ada")
        for place in range(3):
            put_session(store, ada, place=place)
        store.write(lambda session: session.login_sessions.use("h1", now=50))
        assert store.read(lambda session: session.login_sessions.of(ada))[0].session_id == "s1"
        assert store.write(lambda session: session.login_sessions.delete("s0"))
        assert not store.write(lambda session: session.login_sessions.delete("s0"))
        assert store.write(lambda session: session.login_sessions.delete_expired(now=60, idle_since=20)) == 1
        assert store.read(lambda session: session.login_sessions.find("h1")) is not None
        assert store.write(lambda session: session.login_sessions.delete_expired(now=100, idle_since=0)) == 1
        assert store.read(lambda session: session.login_sessions.of(ada)) == []
