"""Statements of tokens and of sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.store.credentials import LoginSession, Token

if TYPE_CHECKING:
    from assay.store.sql.database import Transaction
    from assay.store.users import User

_TOKENS = "token_id, user_no, name, secret_hash, scope, kind, target, created_by, creation_time, expiry_time, last_used"
_SESSION = "session_hash, session_id, user_no, address, agent, creation_time, expiry_time, last_used"


class SqlTokens:
    """`Tokens` over a transaction."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    CREATE = f"insert into tokens ({_TOKENS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    def create(self, token: Token) -> None:
        """Store a token; its id is new."""
        what = (token.name, token.secret_hash, token.scope, token.kind, token.target, token.created_by)
        times = (token.creation_time, token.expiry_time, token.last_used)
        self._transaction.run(self.CREATE, (token.token_id, token.user_no, *what, *times))

    FIND = f"select {_TOKENS} from tokens where token_id = ?"

    def find(self, token_id: str) -> Token | None:
        """The token, expired or not, or None."""
        row = self._transaction.one(self.FIND, (token_id,))
        return Token(*row) if row else None

    OF = f"select {_TOKENS} from tokens where user_no = ? order by creation_time desc, token_id"

    def of(self, user: User) -> list[Token]:
        """The tokens of a user, the newest first."""
        return [Token(*row) for row in self._transaction.all(self.OF, (user.number,))]

    USE = "update tokens set last_used = ? where token_id = ?"

    def use(self, token_id: str, *, now: int) -> None:
        """Note that the token was used."""
        self._transaction.run(self.USE, (now, token_id))

    EXPIRE = "update tokens set expiry_time = ? where token_id = ?"

    def expire(self, token_id: str, *, now: int) -> None:
        """Have the token expire at a time, from which on it proves nothing."""
        self._transaction.run(self.EXPIRE, (now, token_id))

    DELETE = "delete from tokens where token_id = ?"

    def delete(self, token_id: str) -> bool:
        """Revoke the token; False when there was none."""
        return self._transaction.run(self.DELETE, (token_id,)) > 0


class SqlLoginSessions:
    """`LoginSessions` over a transaction."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    CREATE = f"insert into sessions ({_SESSION}) values (?, ?, ?, ?, ?, ?, ?, ?)"

    def create(self, session: LoginSession) -> None:
        """Store a session."""
        who = (session.session_hash, session.session_id, session.user_no, session.address, session.agent)
        times = (session.creation_time, session.expiry_time, session.last_used)
        self._transaction.run(self.CREATE, (*who, *times))

    FIND = f"select {_SESSION} from sessions where session_hash = ?"

    def find(self, session_hash: str) -> LoginSession | None:
        """The session, expired or not, or None."""
        row = self._transaction.one(self.FIND, (session_hash,))
        return LoginSession(*row) if row else None

    OF = f"select {_SESSION} from sessions where user_no = ? order by last_used desc, session_id"

    def of(self, user: User) -> list[LoginSession]:
        """The sessions of a user, the last used first."""
        return [LoginSession(*row) for row in self._transaction.all(self.OF, (user.number,))]

    USE = "update sessions set last_used = ? where session_hash = ?"

    def use(self, session_hash: str, *, now: int) -> None:
        """Note that the session was used."""
        self._transaction.run(self.USE, (now, session_hash))

    DELETE = "delete from sessions where session_id = ?"

    def delete(self, session_id: str) -> bool:
        """End the session; False when there was none."""
        return self._transaction.run(self.DELETE, (session_id,)) > 0

    DELETE_EXPIRED = "delete from sessions where expiry_time <= ? or last_used <= ?"

    def delete_expired(self, *, now: int, idle_since: int) -> int:
        """End the sessions whose time is over, or that were not used since; how many."""
        return self._transaction.run(self.DELETE_EXPIRED, (now, idle_since))
