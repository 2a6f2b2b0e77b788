DATABASE_URL = "postgresql://gino:secret@localhost:5432/gino_tutorial"
