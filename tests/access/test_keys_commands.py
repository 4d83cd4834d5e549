from flask import Flask

from app.access.keys import parse_key
from tests.admin.desk import Desk


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["keys", *arguments])
    return result.exit_code, result.output


class TestCreate:
    def test_it_prints_the_key_alone_and_the_key_works(self, app: Flask) -> None:
        status, output = run(app, "create", "--name", "CI", "--scope", "content:write", "--scope", "content:release")
        key = parse_key(output.strip())
        assert (status, output) == (0, f"{key.text if key else None}\n")
        headers = {"Authorization": f"Bearer {output.strip()}"}
        assert app.test_client().get("/v1/admin/exercises", headers=headers).status_code == 200

    def test_an_unknown_scope_is_refused_and_the_known_ones_are_named(self, app: Flask) -> None:
        status, output = run(app, "create", "--name", "CI", "--scope", "root")
        assert status == 2
        assert "content:release" in output


class TestListAndRevoke:
    def test_the_list_shows_ids_names_scopes_and_states_but_no_secret(self, app: Flask) -> None:
        _, key = run(app, "create", "--name", "CI", "--scope", "keys", "--expires-in-days", "3")
        _, identifier, secret = key.strip().split("_")
        _, listed = run(app, "list")
        assert identifier in listed
        assert "CI" in listed
        assert "until" in listed
        assert secret not in listed

    def test_a_revoked_key_is_refused_at_once(self, app: Flask) -> None:
        _, key = run(app, "create", "--name", "CI", "--scope", "content:read")
        headers = {"Authorization": f"Bearer {key.strip()}"}
        assert app.test_client().get("/v1/admin/exercises", headers=headers).status_code == 200
        assert run(app, "revoke", key.split("_")[1])[0] == 0
        assert app.test_client().get("/v1/admin/exercises", headers=headers).status_code == 401
        assert "revoked" in run(app, "list")[1]

    def test_the_whole_key_for_the_id_is_an_error_that_does_not_repeat_it(self, app: Flask) -> None:
        _, key = run(app, "create", "--name", "CI", "--scope", "content:read")
        status, output = run(app, "revoke", key.strip())
        assert status == 1
        assert key.split("_")[2].strip() not in output

    def test_the_commands_are_audited(self, app: Flask) -> None:
        _, key = run(app, "create", "--name", "CI", "--scope", "content:read")
        run(app, "revoke", key.split("_")[1])
        entries = Desk(app).get("/audit")["items"]
        assert [(each["action"], each["key_id"]) for each in entries] == [("revoke", None), ("create", None)]
