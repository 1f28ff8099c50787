"""A source asked on schedule: its answer is kept as it came, its failures are said."""

import json
import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import sqlalchemy

from vamco.intake.contracts import contract_of
from vamco.intake.models import Channel
from vamco.intake.ways_in.pulling import pull
from vamco.intake.ways_in.sources import Source, load_sources
from vamco.vocabulary.errors import Misused, Refused

pytestmark = pytest.mark.django_db
CONTRACT = "health.notified_cases"
TODAY = date(2026, 11, 22)
BODY = json.dumps([{"Mã ca": "0001", "Mã bệnh": "A90"}]).encode()


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/secret" and self.headers.get("Authorization") != "Bearer k":
            self.send_response(401)
        elif self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/ca.json")
        else:
            self.send_response(200)
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_):
        pass


@pytest.fixture
def address():
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def source(**given) -> Source:
    agency = contract_of(CONTRACT).agency
    return Source("his", CONTRACT, agency, given.pop("period", "previous"), timedelta(hours=1), **given)


def test_an_http_answer_is_kept_byte_for_byte(address):
    delivery = pull(source(url=f"{address}/ca.json"), TODAY)
    assert delivery.first_part.raw_path.read_bytes() == BODY
    assert (delivery.channel, delivery.period) == (Channel.PULL, "2026-W46")


def test_the_current_period_can_be_asked_for(address):
    assert pull(source(url=f"{address}/ca.json", period="current"), TODAY).period == "2026-W47"


def test_a_secret_is_read_from_its_file_and_sent(address, home):
    (home / "secrets").mkdir()
    (home / "secrets" / "his-key").write_text("Bearer k\n")
    assert pull(source(url=f"{address}/secret", secret="his-key"), TODAY).pk
    with pytest.raises(Misused):
        pull(source(url=f"{address}/secret", secret="khong-co"), TODAY)


@pytest.mark.parametrize("path", ["/secret", "/moved"])
def test_anything_but_the_data_itself_is_refused(address, path):
    with pytest.raises(Refused, match="source_answered"):
        pull(source(url=f"{address}{path}"), TODAY)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "file:///etc/passwd"])
def test_a_source_that_is_away_or_no_web_address_is_refused(url):
    with pytest.raises(Refused):
        pull(source(url=url), TODAY)


def test_rows_of_a_database_are_delivered_as_text(tmp_path, monkeypatch):
    address = f"sqlite:///{tmp_path / 'his.sqlite'}"
    engine = sqlalchemy.create_engine(address, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("create table ca (ma text, so numeric, ngay date)"))
        connection.execute(
            sqlalchemy.text("insert into ca values ('0001', 2.50, '2026-11-10'), ('0002', null, null)")
        )
    monkeypatch.setenv("VAMCO_SECRET_HIS_DB", address)
    delivery = pull(source(query="select * from ca order by ma", secret="his-db"), TODAY)
    rows = [json.loads(line) for line in delivery.first_part.raw_path.read_text().splitlines()]
    assert rows == [
        {"ma": "0001", "so": "2.5", "ngay": "2026-11-10"},
        {"ma": "0002", "so": None, "ngay": None},
    ]


def test_a_database_that_refuses_is_said_without_its_address(tmp_path, monkeypatch):
    monkeypatch.setenv("VAMCO_SECRET_HIS_DB", f"sqlite:///{tmp_path / 'his.sqlite'}")
    with pytest.raises(Refused) as refused:
        pull(source(query="select * from khong_co", secret="his-db"), TODAY)
    assert "sqlite" not in str(refused.value)


def test_declared_sources_are_read_and_mistakes_are_named(tmp_path):
    path = tmp_path / "sources.yaml"
    assert load_sources(path) == ()
    path.write_text(
        "his: {contract: health.notified_cases, agency: so-y-te, period: previous, every_minutes: 60, url: 'https://his/ca'}"
    )
    (found,) = load_sources(path)
    assert found.every == timedelta(hours=1)
    path.write_text("his: {contract: health.notified_cases, url: 'https://his/ca', query: select 1}")
    with pytest.raises(Misused, match="his"):
        load_sources(path)
