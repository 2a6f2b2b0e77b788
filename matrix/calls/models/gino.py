"""The models of the calls, with GINO."""

from gino import Gino
from sqlalchemy.dialects.postgresql import JSONB

db = Gino()


class User(db.Model):
    __tablename__ = "users"

    id = db.Column(db.Integer(), primary_key=True)
    nickname = db.Column(db.Text(), nullable=False)
    visits = db.Column(db.Integer(), nullable=False, server_default="0")


class Note(db.Model):
    __tablename__ = "notes"

    id = db.Column(db.Integer(), primary_key=True)
    user_id = db.Column(db.ForeignKey("users.id"), nullable=False)
    text = db.Column(db.Text(), nullable=False)


class Cup(db.Model):
    __tablename__ = "cups"

    id = db.Column(db.Integer(), primary_key=True)
    profile = db.Column(JSONB(), nullable=False, server_default="{}")
    colour = db.StringProperty(default="red")
    size = db.IntegerProperty()
    full = db.BooleanProperty()
    made = db.DateTimeProperty()
    maker = db.ObjectProperty()
    tags = db.ArrayProperty()
