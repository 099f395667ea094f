"""What every `Store` must keep of aliases and of what they stood for; part of `StoreContract`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from assay.core.errors import ResourceDoesNotExist
from assay.store.registry import Change
from assay.testing.registry_contract import (
    add_model,
    add_version,
    delete_version,
    get_model,
    get_version,
    set_alias,
)

if TYPE_CHECKING:
    from assay.store.base import Session, Store

FOREVER = (1 << 63) - 1


def delete_alias(store: Store, name: str, alias: str, *, change: Change) -> bool:
    """Delete an alias."""
    return store.write(lambda session: session.registered_models.delete_alias(name, alias=alias, change=change))


def history(
    store: Store, name: str, alias: str, *, as_of: int = FOREVER, limit: int = 100, offset: int = 0
) -> list[tuple[str, int, str, str]]:
    """Version, time, user and note of each change of an alias, the last first."""
    found = store.read(
        lambda session: session.registered_models.alias_history(
            name, alias=alias, as_of=as_of, limit=limit, offset=offset
        )
    )
    assert {change.alias for change in found} <= {alias}
    return [(change.version, change.changed_at, change.changed_by, change.note) for change in found]


def before(store: Store, name: str, alias: str) -> int | None:
    """What an alias stood for before."""
    return store.read(lambda session: session.registered_models.alias_before(name, alias=alias))


class AliasContract:
    """Aliases, their history, and the text of gates."""

    def test_an_alias_stands_for_one_version_and_moves(self, store: Store) -> None:
        """A version may have several; deleting the version deletes them."""
        add_model(store, "m")
        for _ in range(2):
            add_version(store, "m")
        for alias, version in (("b", 1), ("a", 1), ("b", 2), ("Ü-1", 2)):
            set_alias(store, "m", alias, version)
        assert [(one.alias, one.version) for one in get_model(store, "m").aliases] == [
            ("a", "1"),
            ("b", "2"),
            ("Ü-1", "2"),
        ]
        assert get_version(store, "m", 2).aliases == ["b", "Ü-1"]
        found = store.read(lambda session: session.model_versions.aliased("m", alias="b"))
        assert found == get_version(store, "m", 2)
        assert store.read(lambda session: session.model_versions.aliased("m", alias="B")) is None
        assert delete_alias(store, "m", "b", change=Change(1)) is True
        assert delete_alias(store, "m", "b", change=Change(1)) is False
        delete_version(store, "m", 2)
        assert [one.alias for one in get_model(store, "m").aliases] == ["a"]
        assert get_model(store, "m").last_updated_timestamp == 9

    def test_every_set_and_deletion_of_an_alias_is_kept(self, store: Store) -> None:
        """With time, user and note, the last first; nothing for what changed nothing."""
        add_model(store, "m")
        for _ in range(2):
            add_version(store, "m")
        set_alias(store, "m", "a", 1, change=Change(10, "ada", "first é"))
        set_alias(store, "m", "a", 1, change=Change(20, "ada", "again"))
        set_alias(store, "m", "A", 2, change=Change(25))
        assert delete_alias(store, "m", "a", change=Change(30, "bob", "gone")) is True
        assert delete_alias(store, "m", "a", change=Change(40, "bob", "nothing")) is False
        set_alias(store, "m", "a", 2, change=Change(50))
        wanted = [("2", 50, "", ""), ("", 30, "bob", "gone"), ("1", 20, "ada", "again"), ("1", 10, "ada", "first é")]
        assert history(store, "m", "a") == wanted
        assert history(store, "m", "a", limit=2, offset=1) == wanted[1:3]
        for as_of, left in ((9, 4), (10, 3), (29, 2), (30, 1), (49, 1), (50, 0)):
            assert history(store, "m", "a", as_of=as_of) == wanted[left:]
        assert history(store, "m", "A") == [("2", 25, "", "")]
        assert history(store, "m", "none") == []
        with pytest.raises(ResourceDoesNotExist, match="other"):
            history(store, "other", "a")

    def test_times_of_changes_never_go_back(self, store: Store) -> None:
        """Where the clock of a second server is behind, a change counts as made when the one before it was."""
        add_model(store, "m")
        for _ in range(2):
            add_version(store, "m")
        set_alias(store, "m", "a", 1, change=Change(100))
        set_alias(store, "m", "a", 2, change=Change(60))
        assert history(store, "m", "a") == [("2", 100, "", ""), ("1", 100, "", "")]
        assert history(store, "m", "a", as_of=99) == []

    def test_history_outlives_versions_and_names_but_not_the_model(self, store: Store) -> None:
        """Deleting a version deletes its aliases, which is a change of each."""
        add_model(store, "m")
        add_version(store, "m")
        for alias in ("a", "b"):
            set_alias(store, "m", alias, 1, change=Change(5))
        change = Change(9, "ada", "bad")
        store.write(lambda session: session.model_versions.delete("m", 1, change=change))
        store.write(lambda session: session.registered_models.rename("m", new_name="new", now=9))
        for alias in ("a", "b"):
            assert history(store, "new", alias) == [("", 9, "ada", "bad"), ("1", 5, "", "")]
        store.write(lambda session: session.registered_models.delete("new"))
        add_model(store, "new")
        assert history(store, "new", "a") == []

    def test_what_an_alias_stood_for_before(self, store: Store) -> None:
        """Another version than now, which still exists; for an alias that is gone, its last."""
        add_model(store, "m")
        for _ in range(3):
            add_version(store, "m")
        assert before(store, "m", "a") is None
        for version, wanted in ((1, None), (1, None), (2, 1), (3, 2), (2, 3)):
            set_alias(store, "m", "a", version)
            assert before(store, "m", "a") == wanted
        delete_alias(store, "m", "a", change=Change(1))
        assert before(store, "m", "a") == 2
        delete_version(store, "m", 2)
        assert before(store, "m", "a") == 3
        set_alias(store, "m", "a", 1)
        delete_version(store, "m", 3)
        assert before(store, "m", "a") is None

    def test_writers_at_once_leave_a_history_that_ends_with_the_present(self, store: Store, another: Store) -> None:
        """Through two stores over the same data; no change is lost."""
        add_model(store, "m")
        for _ in range(4):
            add_version(store, "m")

        def change(number: int) -> None:
            one = (store, another)[number % 2]
            if number % 3:
                set_alias(one, "m", "a", 1 + number % 4, change=Change(number, str(number)))
            else:
                delete_alias(one, "m", "a", change=Change(number, str(number)))

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(change, range(24)))
        found = history(store, "m", "a")
        assert {by for version, _, by, _ in found if version} == {str(number) for number in range(24) if number % 3}
        assert [time for _, time, _, _ in found] == sorted((time for _, time, _, _ in found), reverse=True)
        present = store.read(lambda session: session.model_versions.aliased("m", alias="a"))
        assert found[0][0] == (present.version if present else "")

    def test_gates_are_kept_as_text(self, store: Store) -> None:
        """Replaced whole; an empty text deletes them; they go with the model."""

        def kept() -> tuple[str, int, str]:
            found = store.read(lambda session: session.registered_models.gates("m"))
            return found.rules, found.changed_at, found.changed_by

        def put(rules: str, *, change: Change) -> None:
            store.write(lambda session: session.registered_models.set_gates("m", rules=rules, change=change))

        with pytest.raises(ResourceDoesNotExist, match="m"):
            put("x", change=Change(1))
        add_model(store, "m")
        assert kept() == ("", 0, "")
        put("model m\n# é 漢\n", change=Change(5, "ada"))
        assert kept() == ("model m\n# é 漢\n", 5, "ada")
        put("x", change=Change(6))
        assert kept() == ("x", 6, "")
        put("", change=Change(7))
        assert kept() == ("", 0, "")
        put("x", change=Change(8))
        store.write(lambda session: session.registered_models.delete("m"))
        add_model(store, "m")
        assert kept() == ("", 0, "")

    def test_the_changes_of_all_aliases_of_a_model_are_told_together(self, store: Store) -> None:
        """The last first, and none of another model."""
        for name in ("m", "other"):
            add_model(store, name)
            add_version(store, name)
            add_version(store, name)
        set_alias(store, "m", "a", 1, change=Change(1, "ada", "first"))
        set_alias(store, "other", "a", 1, change=Change(2))
        set_alias(store, "m", "b", 2, change=Change(3))
        delete_alias(store, "m", "a", change=Change(4, "bob"))

        def told(limit: int) -> list[tuple[str, str, int, str]]:
            changes = store.read(lambda session: session.registered_models.alias_changes("m", limit=limit))
            return [(one.alias, one.version, one.changed_at, one.changed_by) for one in changes]

        assert told(9) == [("a", "", 4, "bob"), ("b", "2", 3, ""), ("a", "1", 1, "ada")]
        assert told(2) == told(9)[:2]
        with pytest.raises(ResourceDoesNotExist):
            store.read(lambda session: session.registered_models.alias_changes("none", limit=1))

    def test_the_versions_that_people_look_at(self, store: Store) -> None:
        """The newest of each model, and those with an alias, each once."""
        for name, versions in (("m", 4), ("n", 1), ("empty", 0), ("other", 2)):
            add_model(store, name)
            for _ in range(versions):
                add_version(store, name)
        for alias, version in (("champion", 2), ("shadow", 2), ("newest", 4)):
            set_alias(store, "m", alias, version)
        found = store.read(lambda session: session.model_versions.shown(["n", "m", "empty", "none"]))
        assert [(one.name, one.version) for one in found] == [("m", "2"), ("m", "4"), ("n", "1")]
        assert found[0] == get_version(store, "m", 2)
        assert store.read(lambda session: session.model_versions.shown([])) == []

    def test_of_writers_who_expect_the_same_one_wins(self, store: Store, another: Store) -> None:
        """Looking where an alias stands and moving it is one step, through two stores over the same data."""
        add_model(store, "m")
        for _ in range(9):
            add_version(store, "m")
        set_alias(store, "m", "a", 9)

        def promote(version: int) -> bool:
            def work(session: Session) -> bool:
                found = session.model_versions.aliased("m", alias="a")
                if found is None or found.version != "9":
                    return False
                session.registered_models.set_alias("m", alias="a", version=version, change=Change(1))
                return True

            return (store, another)[version % 2].write(work)

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(promote, range(1, 9)))
        assert won.count(True) == 1
        assert [version for version, *_ in history(store, "m", "a")] == [str(won.index(True) + 1), "9"]
