DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
CREATE TABLE users (
    id serial PRIMARY KEY,
    nickname text NOT NULL,
    visits integer NOT NULL DEFAULT 0
);
CREATE TABLE notes (
    id serial PRIMARY KEY,
    user_id integer NOT NULL REFERENCES users (id),
    text text NOT NULL
);
CREATE TABLE cups (
    id serial PRIMARY KEY,
    profile jsonb NOT NULL DEFAULT '{}'
);
INSERT INTO users (nickname, visits) VALUES ('ada', 3), ('grace', 5);
INSERT INTO notes (user_id, text) VALUES (1, 'tea'), (1, 'sleep'), (2, 'code');
INSERT INTO cups (profile) VALUES
    ('{"colour": "blue", "size": 5, "full": true, "made": "2026-01-02T03:04:05.000000",
       "maker": {"name": "Ada"}, "tags": ["tea"]}'),
    ('{}');
