from gino import Gino

db = Gino()


class User(db.Model):
    __tablename__ = "users"

    id = db.Column(db.Integer(), primary_key=True)
    nickname = db.Column(db.Unicode(), default="noname")
    active = db.Column(
        db.Boolean(), nullable=False, server_default="true"
    )
