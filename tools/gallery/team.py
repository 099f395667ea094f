"""Users of the server that some pictures are of: what is granted to them, and what they did lately."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from tools.gallery import registry, world
from tools.gallery.world import DAY, HOUR, MINUTE, NOW_MS

from assay.server.identity import COOKIE
from assay.service import tokens
from assay.store.audit import DONE, Event
from assay.store.credentials import LoginSession, Token
from assay.store.open import open_store
from assay.store.users import ALL, DENY, EDIT, EXPERIMENT, MANAGE, MODEL, PASSWORD, READ

if TYPE_CHECKING:
    from pathlib import Path

    from assay.store.base import Session
    from assay.store.users import Role, User

ADMIN = "admin"
USER = "ada"
GROUP = 2
"""The number of the group that pictures show, behind the own role of the first user."""
NAMES = "ben carla dmitri emi farid gita hana ivo jun kofi lena mei noor omar pia quan rosa sven tara uma vera".split()
GROUPS = {
    "trainers": "Log runs to the experiments of the vision team",
    "release managers": "Move the protected aliases",
    "readers": "Everybody at the company",
}
DONE_LATELY = (
    (ADMIN, "createUser", f"user {USER}", DONE),
    (ADMIN, "createRole", "", DONE),
    (ADMIN, "assignRole", f"user {USER}", DONE),
    (ADMIN, "setResourceGrant", f"experiment {world.FLOWERS}", DONE),
    (USER, "createRegisteredModel", f"registered_model {registry.MODEL}", DONE),
    (USER, "createModelVersion", f"registered_model {registry.MODEL}", DONE),
    ("ben", "logIn", "", DONE),
    ("ben", "protectAlias", f"registered_model {registry.MODEL}", DONE),
    (USER, "setRegisteredModelAlias", "", "PERMISSION_DENIED"),
    ("ben", "setRegisteredModelAlias", f"registered_model {registry.MODEL}", DONE),
    ("root", "logIn", "", "UNAUTHENTICATED"),
    ("administrator", "logIn", "", "UNAUTHENTICATED"),
    (ADMIN, "logIn", "", DONE),
    (ADMIN, "createToken", f"user {USER}", DONE),
    ("carla", "deleteRun", f"run {world.FAILED}", DONE),
    (ADMIN, "updateUserAdmin", "user ben", DONE),
)
"""Who did what to what, and what came of it."""
DETAILS = {
    "setRegisteredModelAlias": {"name": registry.MODEL, "alias": "champion", "version": "4"},
    "updateUserAdmin": {"username": "ben", "is_admin": True},
}
AGENT = "Mozilla/5.0 (X11; Linux x86_64) Chrome/145.0"


def secret(username: str) -> str:
    """What the session of a user is proved by, on a server that lives as long as its pictures take."""
    return f"session of {username}".encode().hex()


def build(directory: Path) -> None:
    """Put users, groups and grants into a store that `world` has filled."""
    store = open_store(str(directory / "mlruns"), artifact_root="mlflow-artifacts:/")
    try:
        store.write(_fill)
    finally:
        store.close()


def _fill(session: Session) -> None:
    admin = _user(session, ADMIN, is_admin=True)
    groups = [session.roles.create(name, description=text, now=NOW_MS) for name, text in GROUPS.items()]
    trainers, managers, readers = groups
    if trainers.number != GROUP:
        raise AssertionError(f"The first group of a new store has the number {trainers.number}.")
    users = [_user(session, name, is_admin=name == "ben") for name in (USER, *NAMES)]
    for place, user in enumerate(users):
        session.roles.assign(readers.number, user=user, origin="manual")
        if place % 3 == 0:
            session.roles.assign(trainers.number, user=user, origin="manual")
    session.roles.assign(managers.number, user=users[0], origin="manual")
    _grant(session, users[0], trainers, readers)
    _sign_in(session, admin, age=2 * HOUR)
    _sign_in(session, users[0], age=3 * HOUR)
    _tokens(session, users)
    _remember(session)


def _user(session: Session, name: str, *, is_admin: bool) -> User:
    return session.users.create(name, password_hash="", is_admin=is_admin, origin=PASSWORD, now=NOW_MS - 30 * DAY)


def _grant(session: Session, user: User, trainers: Role, readers: Role) -> None:
    own = session.roles.own(user).number
    session.grants.set(own, kind=EXPERIMENT, target="2", level=MANAGE)
    session.grants.set(own, kind=EXPERIMENT, target="3", level=DENY)
    session.grants.set(own, kind=MODEL, target=registry.MODEL, level=EDIT)
    session.grants.set(trainers.number, kind=EXPERIMENT, target=world.FLOWERS, level=EDIT)
    session.grants.set(trainers.number, kind=MODEL, target=registry.MODEL, level=READ)
    session.grants.set(readers.number, kind=MODEL, target=ALL, level=READ)


def _sign_in(session: Session, user: User, *, age: int) -> None:
    made = NOW_MS - age
    proof = tokens.digest(f"{COOKIE}={secret(user.username)}")
    kept = LoginSession(proof, f"s{user.number}", user.number, "10.0.4.17", AGENT, made, made + DAY, NOW_MS)
    session.login_sessions.create(kept)


def _tokens(session: Session, users: list[User]) -> None:
    for place, user in enumerate(users[:4]):
        session.tokens.create(
            _token(place, user, "nightly training", age=(place + 1) * DAY, used=(place * 5 + 1) * HOUR)
        )
    limited = _token(9, users[0], "sweep of the week", age=9 * HOUR, used=4 * MINUTE)
    session.tokens.create(replace(limited, scope="append", kind=EXPERIMENT, target=world.FLOWERS, created_by=ADMIN))


def _token(place: int, user: User, name: str, *, age: int, used: int) -> Token:
    made = NOW_MS - age
    return Token(
        token_id=f"7kq2m9x{place}",
        user_no=user.number,
        name=name,
        secret_hash="",
        scope="write",
        kind="",
        target="",
        created_by=user.username,
        creation_time=made,
        expiry_time=made + 90 * DAY,
        last_used=NOW_MS - used,
    )


def _remember(session: Session) -> None:
    """Put in the audit log what was done lately, the latest last."""
    for place, (actor, action, resource, outcome) in enumerate(DONE_LATELY):
        event = Event(
            happened_at=NOW_MS - (len(DONE_LATELY) - place) * 37 * MINUTE,
            request_id=f"{place * 7919 + 4211:016x}",
            actor=actor,
            credential="token 7kq2m9x0" if actor == USER else f"session {place:016x}",
            address="203.0.113.80" if outcome == "UNAUTHENTICATED" else f"10.0.4.{17 + place % 3}",
            action=action,
            resource=resource,
            outcome=outcome,
            detail=json.dumps(DETAILS.get(action, {})),
        )
        session.audit.add(event)
