import pytest
from flask import Flask

from tests.admin.desk import Desk


class TestTheLastKeyThatManagesKeys:
    def ids(self, *desks: Desk) -> list[str]:
        return [each.key.split("_")[1] for each in desks]

    def test_is_not_revoked_and_not_rotated_without_grace(self, desk: Desk) -> None:
        (own,) = self.ids(desk)
        desk.post("/keys", {"name": "Editor", "scopes": ["content:write"]})
        refused = desk.send("DELETE", f"/keys/{own}")
        assert refused.status_code == 409
        assert "flask keys create" in str(refused.json)
        desk.post(f"/keys/{own}/rotations", {"grace_hours": 0}, status=409)
        desk.get("/keys")

    def test_is_rotated_with_grace_and_then_revoked(self, desk: Desk) -> None:
        (own,) = self.ids(desk)
        new = desk.post(f"/keys/{own}/rotations", {"grace_hours": 1})
        assert desk.send("DELETE", f"/keys/{new['id']}").status_code == 409
        assert desk.send("DELETE", f"/keys/{own}").status_code == 204

    @pytest.mark.parametrize(("days", "status"), [(1, 409), (None, 204)])
    def test_another_one_counts_that_lives_as_long(self, desk: Desk, days: int | None, status: int) -> None:
        (own,) = self.ids(desk)
        ends = {"expires_in_days": days} if days else {}
        desk.post("/keys", {"name": "Other", "scopes": ["keys"], **ends})
        assert desk.send("DELETE", f"/keys/{own}").status_code == status

    def test_a_revoked_and_an_expired_one_do_not_count_and_are_revoked_freely(self, app: Flask) -> None:
        desk = Desk(app)
        made = desk.post("/keys", {"name": "Other", "scopes": ["keys"]})
        assert [desk.send("DELETE", f"/keys/{made['id']}").status_code for _ in range(2)] == [204, 204]
        assert desk.send("DELETE", f"/keys/{self.ids(desk)[0]}").status_code == 409

    def test_is_ended_by_command_only_with_force(self, desk: Desk) -> None:
        (own,) = self.ids(desk)
        run = desk.app.test_cli_runner().invoke
        refused = run(args=["keys", "revoke", own])
        assert refused.exit_code == 1
        assert "--force" in refused.output
        assert run(args=["keys", "revoke", own, "--force"]).exit_code == 0
        desk.get("/keys", status=401)


class TestAMightierKey:
    def test_is_not_revoked_by_one_that_could_not_make_it(self, app: Flask, desk: Desk) -> None:
        mighty = desk.post("/keys", {"name": "Editor", "scopes": ["content:write", "keys"]})
        lesser = Desk(app, "keys")
        refused = lesser.send("DELETE", f"/keys/{mighty['id']}")
        assert refused.status_code == 403
        assert "content:write" in str(refused.json)
        assert desk.get(f"/keys/{mighty['id']}")["revoked_at"] is None
        equal = lesser.post("/keys", {"name": "Other", "scopes": ["keys"]})
        assert lesser.send("DELETE", f"/keys/{equal['id']}").status_code == 204
