"""Figures on the support of victims, and clubs and models of prevention."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Audited, Base, empty_array
from geo.store.tables.records import DOUBTFUL_PLACE, POINT_CHECK, Imported, Located


class SupportMeasure(Imported, Audited, Base):
    """A figure on support: of a programme, for a province or the country, a month or a year.

    `value_by` has its parts by group and code ({"sex": {"f": 15}}); `published` says that an
    authority has published it: then everybody sees it as it is. `citation` tells where it is from.
    """

    __tablename__ = "support_measure"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        CheckConstraint("(edition = '') = (code = '')", name="unit"),
        CheckConstraint("period_to > period_from", name="period"),
        CheckConstraint("value >= 0", name="value"),
        Index("ix_support_measure_unit", "edition", "code", "period_from"),
    )

    programme: Mapped[str]
    measure: Mapped[str]
    edition: Mapped[str] = mapped_column(server_default=text("''"))
    code: Mapped[str] = mapped_column(
        server_default=text("''"), comment="of a province; '' is the country"
    )
    period_from: Mapped[date]
    period_to: Mapped[date]
    value: Mapped[int] = mapped_column(Integer)
    value_by: Mapped[dict[str, object]] = mapped_column(server_default=text("'{}'"))
    includes_suspected: Mapped[bool] = mapped_column(server_default=text("false"))
    published: Mapped[bool] = mapped_column(server_default=text("false"))
    agencies: Mapped[list[str]] = empty_array()
    citation: Mapped[str | None]
    notes: Mapped[str | None]


class PreventionModel(Imported, Located, Audited, Base):
    """A club or model of prevention at its place; outreach events name the one that held them."""

    __tablename__ = "prevention_model"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        CheckConstraint(POINT_CHECK, name="point"),
        CheckConstraint("ended_on >= started_on", name="period"),
        CheckConstraint("members >= 0", name="members"),
        Index("ix_prevention_model_point", "point", postgresql_using="gist"),
        Index("ix_prevention_model_unit_set_id", "unit_set_id"),
        Index("ix_prevention_model_doubtful_place", "id", postgresql_where=DOUBTFUL_PLACE),
    )

    kind: Mapped[str]
    name: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default=text("'active'"))
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    members: Mapped[int | None] = mapped_column(Integer)
    organiser: Mapped[str | None]
    notes: Mapped[str | None]
