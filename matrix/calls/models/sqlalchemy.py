"""The models of the calls, with SQLAlchemy 2."""

from datetime import datetime

from sqlalchemy import Boolean, DateTime, ForeignKey, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    mapped_column,
    relationship,
)


class Base(DeclarativeBase):
    type_annotation_map = {str: Text}


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    nickname: Mapped[str]
    visits: Mapped[int] = mapped_column(server_default="0")
    notes: Mapped[list["Note"]] = relationship(back_populates="user")


class Note(Base):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str]
    user: Mapped[User] = relationship(back_populates="notes")


def json_property(key, default=None, sql_type=None, decode=None, encode=None):
    def get(self):
        value = (self.profile or {}).get(key, default)
        return decode(value) if decode and value is not None else value

    def put(self, value):
        if encode and value is not None:
            value = encode(value)
        self.profile = {**(self.profile or {}), key: value}

    def in_sql(cls):
        value = cls.profile[key]
        return value.astext.cast(sql_type) if sql_type else value

    return hybrid_property(get, put, expr=in_sql)


FORMAT = "%Y-%m-%dT%H:%M:%S.%f"


class Cup(Base):
    __tablename__ = "cups"

    id: Mapped[int] = mapped_column(primary_key=True)
    profile: Mapped[dict] = mapped_column(JSONB, server_default="{}")
    colour = json_property("colour", default="red", sql_type=Text)
    size = json_property("size", sql_type=Integer, encode=int)
    full = json_property("full", sql_type=Boolean, encode=bool)
    made = json_property(
        "made",
        sql_type=DateTime,
        decode=lambda text: datetime.strptime(text, FORMAT),
        encode=lambda moment: moment.strftime(FORMAT),
    )
    maker = json_property("maker")
    tags = json_property("tags")

    def __init__(self, **values):
        super().__init__(**{"colour": "red", **values})
