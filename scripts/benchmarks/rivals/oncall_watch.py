"""Run by LinkedIn Oncall's own interpreter: `oncall_watch.py PORT SHIFTS` fills its database, gunicorn serves `application`.

Only its question who is on call, with its own driver and pool and without its sign-in. The tables have the columns that this question
asks for, and the keys that its own schema gives them.
"""
# ruff: noqa: TID251  (nothing of ours can be imported here)

import json
import os
import sys
import time
from typing import Any

LENGTH = 12 * 3600
TABLES = (
    "CREATE TABLE team (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255) NOT NULL UNIQUE,"
    " override_phone_number VARCHAR(255))",
    "CREATE TABLE user (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(45) NOT NULL UNIQUE, full_name VARCHAR(255))",
    "CREATE TABLE role (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(45) NOT NULL UNIQUE)",
    "CREATE TABLE contact_mode (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255) NOT NULL)",
    "CREATE TABLE user_contact (user_id BIGINT UNSIGNED, mode_id INT, destination VARCHAR(255) NOT NULL, PRIMARY KEY (user_id, mode_id),"
    " KEY (mode_id))",
    "CREATE TABLE team_subscription (team_id BIGINT UNSIGNED, subscription_id BIGINT UNSIGNED, role_id INT UNSIGNED,"
    " PRIMARY KEY (team_id, subscription_id, role_id), KEY (subscription_id))",
    "CREATE TABLE event (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, team_id BIGINT UNSIGNED NOT NULL, role_id INT UNSIGNED NOT NULL,"
    " user_id BIGINT UNSIGNED NOT NULL, start BIGINT NOT NULL, end BIGINT NOT NULL, KEY (role_id), KEY (user_id), KEY (team_id))",
)


def connect(port: int, **more: Any) -> Any:
    import pymysql  # type: ignore[import-untyped, import-not-found, unused-ignore]

    return pymysql.connect(host="127.0.0.1", port=port, user="root", charset="utf8mb4", autocommit=True, **more)


def fill(port: int, shifts: int) -> None:
    """A team with so many shifts, half of them past; ten people with a number each."""
    with connect(port).cursor() as ask:
        ask.execute("CREATE DATABASE oncall CHARACTER SET utf8mb4")
    first = int(time.time()) - shifts // 2 * LENGTH
    with connect(port, database="oncall").cursor() as ask:
        for table in TABLES:
            ask.execute(table)
        ask.execute("INSERT INTO team (name) VALUES ('duty')")
        ask.execute("INSERT INTO role (name) VALUES ('primary')")
        ask.execute("INSERT INTO contact_mode (name) VALUES ('call')")
        ask.executemany("INSERT INTO user (name, full_name) VALUES (%s, %s)", [(f"u{i}", f"U {i}") for i in range(10)])
        ask.executemany("INSERT INTO user_contact VALUES (%s, 1, %s)", [(i + 1, f"+86120000{i:04}") for i in range(10)])
        events = [(i % 10 + 1, first + i * LENGTH, first + (i + 1) * LENGTH - 1) for i in range(shifts)]
        ask.executemany("INSERT INTO event (team_id, role_id, user_id, start, end) VALUES (1, 1, %s, %s, %s)", events)
        ask.execute("ANALYZE TABLE event")


def made(port: int) -> Any:
    """Its falcon application with this one route."""
    import falcon  # type: ignore[import-not-found]
    from oncall import db  # type: ignore[import-not-found]
    from oncall.api.v0 import team_oncall  # type: ignore[import-not-found]

    address = f"mysql+pymysql://root@127.0.0.1:{port}/oncall?charset=utf8mb4"
    db.init({"conn": {"str": address, "kwargs": {}}, "kwargs": {"pool_recycle": 3600}})
    server = falcon.App()
    server.add_route("/api/v0/teams/{team}/oncall/{role}", team_oncall)
    return server


if __name__ == "__main__":
    fill(int(sys.argv[1]), int(sys.argv[2]))
    print(json.dumps({"shifts": int(sys.argv[2])}))
else:
    application = made(int(os.environ["ONCALL_PORT"]))
