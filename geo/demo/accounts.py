"""Accounts for trying the product: clearly marked, with passwords of this installation's own."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, exists, or_, select

from geo.demo.loading import is_demo_store
from geo.store.accounts import NewAccount, create_account
from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.database import transaction
from geo.store.passwords import random_password
from geo.store.tables import Account

ACCOUNTS = (
    NewAccount(
        "demo-officer",
        "Cán bộ minh họa, xã Môn Sơn và xã Nậm Cắn",
        "officer",
        # The place of the seed's picture, and the middle of a planted cluster, which has incidents.
        [Jurisdiction("2025", "commune", "17263"), Jurisdiction("2025", "commune", "16837")],
        is_demo=True,
    ),
    NewAccount(
        "demo-planner",
        "Người lập kế hoạch minh họa, Nghệ An",
        "planner",
        [Jurisdiction("2025", "province", "40")],
        is_demo=True,
    ),
    NewAccount("demo-leader", "Lãnh đạo minh họa, cả nước", "leader", [COUNTRY], is_demo=True),
)


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """How to sign in with one of them; the password is stored as a hash only."""

    username: str
    password: str
    display_name: str


def lacks_demo_accounts(connection: Connection) -> bool:
    """Whether all records are synthetic and no such account was ever made: a store of before them.

    Accounts that were disabled are accounts; nor is a name taken that somebody else goes by.
    """
    names = [one.username for one in ACCOUNTS]
    made = exists().where(or_(Account.is_demo, Account.username.in_(names)))
    return is_demo_store(connection) and not connection.scalar(select(made))


def make_demo_accounts(engine: Engine) -> list[DemoSignIn]:
    """Make the accounts, in place of any that were made before, with new passwords.

    Raises:
        NotFoundError: the communes of 2025 are not loaded.
    """
    made = [DemoSignIn(one.username, random_password(), one.display_name) for one in ACCOUNTS]
    with transaction(engine) as connection:
        connection.execute(delete(Account).where(Account.is_demo))
        for wanted, sign_in in zip(ACCOUNTS, made, strict=True):
            create_account(connection, wanted, sign_in.password)
    return made


def remove_demo_accounts(engine: Engine) -> int:
    """Delete the accounts, which ends their sessions and tokens; how many there were."""
    with transaction(engine) as connection:
        return connection.execute(delete(Account).where(Account.is_demo)).rowcount
