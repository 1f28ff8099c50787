"""`vamco accounts` speaks in words, warns of what reaches far, and never lists a secret."""

import json

import pytest
from click.testing import CliRunner

from vamco.accounts.models import Agency, AuditEntry, Token
from vamco.accounts.policy import PROGRAM
from vamco.accounts.tokens import issue_token
from vamco.flow.commands.accounts import command

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def agency(monkeypatch):
    monkeypatch.setenv("VAMCO_LANGUAGE", "vi")
    return Agency.objects.create(code="so-y-te", name_vi="Sở Y tế", name_en="Health")


def run(*arguments, exit_code=0):
    done = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert done.exit_code == exit_code, done.output
    return done


def test_a_new_person_gets_a_labelled_password():
    said = run("add", "hoa", "--name", "Lê Thị Hoa", "--role", "steward", "--agency", "so-y-te")
    name, password = said.stdout.splitlines()
    assert name == "Tên đăng nhập: hoa"
    assert password.startswith("Mật khẩu (chỉ hiện một lần này): ")
    assert said.stderr == ""


@pytest.mark.parametrize("role", ["steward", "department_head", "commune_officer"])
def test_a_role_of_one_agency_without_agency_is_warned_of(role):
    assert "mọi cơ quan" in run("add", "a", "--name", "A", "--role", role).stderr
    assert run("add", "b", "--name", "B", "--role", role, "--everywhere").stderr == ""


def test_an_officer_of_a_commune_is_limited_by_the_commune():
    said = run("add", "sau", "--name", "Sáu", "--role", "commune_officer", "--area", "27694")
    assert said.stderr == ""


def test_people_are_listed_with_roles_and_scopes():
    run("add", "hoa", "--name", "Lê Thị Hoa", "--role", "steward", "--agency", "so-y-te")
    header, row = run("list").stdout.splitlines()
    assert header.startswith("Tên đăng nhập")
    assert "đầu mối dữ liệu của cơ quan  so-y-te" in row
    [person] = json.loads(run("list", "--json").stdout)
    assert person["grants"] == [{"role": "steward", "agency": "so-y-te", "service": None, "area_code": None}]


def test_keys_are_listed_without_the_key_and_revoked_by_number():
    key = issue_token(PROGRAM, "so-y-te", "HIS")
    number = str(Token.objects.get().pk)
    assert "còn hiệu lực" in run("tokens").stdout
    assert "Đã thu hồi" in run("revoke", number).stdout
    [told] = json.loads(run("tokens", "--json").stdout)
    assert told["state"] == "revoked"
    assert key not in run("tokens").stdout + json.dumps(told)


def test_a_key_for_no_days_is_wrong_usage():
    assert "--days" in run("token", "so-y-te", "--name", "x", "--days", "0", exit_code=2).stderr


def test_the_chain_is_verified_in_words():
    issue_token(PROGRAM, "so-y-te", "HIS")
    assert "nguyên vẹn: đã kiểm 1 mục" in run("verify").stdout
    AuditEntry.objects.update(actor="ai-do")
    assert "bị đứt ở 1 mục" in run("verify", exit_code=1).stdout
