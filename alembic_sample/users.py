"""Create the users named on the command line, then list all users."""

import asyncio
import sys

from my_app.models import User, db
from my_app.settings import DATABASE_URL


async def find(nickname):
    return await User.query.where(User.nickname == nickname).gino.first()


async def main(nicknames):
    async with db.with_bind(DATABASE_URL):
        for nickname in nicknames:
            if await find(nickname) is None:
                await User.create(nickname=nickname)
        for user in await User.query.order_by(User.id).gino.all():
            print(user.id, user.nickname, user.active)


asyncio.run(main(sys.argv[1:]))
