"""Print the tables in the database, with their columns."""

from sqlalchemy import create_engine, inspect

from my_app.settings import DATABASE_URL

inspector = inspect(create_engine(DATABASE_URL))
for table in sorted(inspector.get_table_names()):
    print(table)
    for column in inspector.get_columns(table):
        print("   ", column["name"], column["type"])
