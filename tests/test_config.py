"""The settings: safe when unset, and refused with the name and what it may be."""

from pathlib import Path

import pytest

from opps.config import NAMES, Environment, SettingsRefused, settings

SERVER = "postgresql://opps:secret@db.example:5432/opps"


def refusal(**variables: str) -> list[str]:
    with pytest.raises(SettingsRefused) as refused:
        settings(variables)
    return refused.value.problems


def test_with_nothing_set_opps_is_private_to_this_machine_and_asks_who_you_are() -> None:
    found = settings({})

    assert found.is_embedded
    assert found.host == "127.0.0.1"
    assert found.port == 8000
    assert found.environment is Environment.PRODUCTION
    assert found.tenant == "default"
    assert found.data_directory == Path.home() / ".local" / "share" / "opps"


def test_everything_can_be_set(tmp_path: Path) -> None:
    found = settings(
        {
            "OPPS_DATABASE_URL": SERVER,
            "OPPS_DATABASE_DIRECT_URL": "host=db.example port=5433 dbname=opps",
            "OPPS_DATA_DIRECTORY": str(tmp_path),
            "OPPS_KEYS_DIRECTORY": str(tmp_path / "elsewhere"),
            "OPPS_KEYS_URL": SERVER,
            "OPPS_ROOT_KEY_COMMAND": "wrapper --region 'eu west'",
            "OPPS_HOST": "0.0.0.0",
            "OPPS_PORT": "0",
            "OPPS_ENVIRONMENT": "development",
            "OPPS_TENANT": "acme-2",
            "OPPS_ZONE": "Europe/Madrid",
            "OPPS_SEAL_EVERY_S": "0",
            "OPPS_PUBLISH_LEDGER": "yes",
            "OPPS_AUDITED_READS": "role:MANAGER, operation:Dossier",
            "OPPS_READS_KEPT_DAYS": "30",
        }
    )

    assert found.database_url == SERVER
    assert found.database_direct_url == "host=db.example port=5433 dbname=opps"
    assert found.data_directory == tmp_path
    assert found.keys_directory == tmp_path / "elsewhere"
    assert (found.keys_url, found.root_key_command) == (SERVER, "wrapper --region 'eu west'")
    assert (found.host, found.port, found.tenant) == ("0.0.0.0", 0, "acme-2")
    assert found.zone == "Europe/Madrid"
    assert found.seal_every_s == 0
    assert found.publish_ledger
    assert found.audited_reads.cover("SELLER", "Dossier", ())
    assert found.reads_kept_days == 30
    assert found.environment is Environment.DEVELOPMENT
    assert not found.is_embedded


def test_a_ledger_is_published_only_by_a_plain_yes() -> None:
    assert not settings({}).publish_ledger
    assert not settings({"OPPS_PUBLISH_LEDGER": "no"}).publish_ledger
    assert refusal(OPPS_PUBLISH_LEDGER="true") == [
        "OPPS_PUBLISH_LEDGER is 'true'. It is yes or no."
    ]


def test_keys_are_in_the_data_directory_unless_said_otherwise(tmp_path: Path) -> None:
    assert settings({"OPPS_DATA_DIRECTORY": str(tmp_path)}).keys_directory == tmp_path / "keys"


def test_a_root_key_command_that_no_shell_would_read_is_refused() -> None:
    (problem,) = refusal(OPPS_ROOT_KEY_COMMAND="wrapper 'eu west")

    assert "OPPS_ROOT_KEY_COMMAND is no command" in problem


def test_the_direct_connection_is_the_database_itself_unless_said_otherwise() -> None:
    assert settings({"OPPS_DATABASE_URL": SERVER}).database_direct_url == SERVER


def test_a_direct_connection_without_a_database_is_refused() -> None:
    (problem,) = refusal(OPPS_DATABASE_DIRECT_URL=SERVER)

    assert problem.startswith("OPPS_DATABASE_DIRECT_URL is set without OPPS_DATABASE_URL.")


def test_an_empty_variable_counts_as_unset() -> None:
    assert settings(dict.fromkeys(NAMES, " ")) == settings({})


def test_the_data_follows_the_users_own_data_home(tmp_path: Path) -> None:
    assert settings({"XDG_DATA_HOME": str(tmp_path)}).data_directory == tmp_path / "opps"


def test_keys_and_events_are_kept_apart(tmp_path: Path) -> None:
    found = settings({"OPPS_DATA_DIRECTORY": str(tmp_path)})

    assert found.keys_directory != found.server_directory
    assert found.server_directory not in found.keys_directory.parents
    assert found.server_directory not in found.ledger_directory.parents


@pytest.mark.parametrize("port", ["1", "8000", "65535"])
def test_a_port_is_taken(port: str) -> None:
    assert settings({"OPPS_PORT": port}).port == int(port)


@pytest.mark.parametrize("port", ["65536", "-1", "http", "8000.0", "tcp://10.0.0.1:8000", "²"])
def test_what_is_no_port_is_refused(port: str) -> None:
    assert refusal(OPPS_PORT=port) == [
        f"OPPS_PORT is {port!r}. It is a number from 0 to 65535; 0 takes any free port."
    ]


def test_an_unknown_environment_is_refused_with_the_known_ones() -> None:
    assert refusal(OPPS_ENVIRONMENT="staging") == [
        "OPPS_ENVIRONMENT is 'staging'. It is development or production."
    ]


def test_a_zone_that_nobody_keeps_is_refused() -> None:
    assert refusal(OPPS_ZONE="Mars/Olympus") == [
        "OPPS_ZONE is 'Mars/Olympus'. It is the name of a zone, such as Europe/Madrid or UTC."
    ]


@pytest.mark.parametrize("seconds", ["-1", "1.5", "86401", "often"])
def test_what_is_no_number_of_seconds_is_refused(seconds: str) -> None:
    assert refusal(OPPS_SEAL_EVERY_S=seconds) == [
        f"OPPS_SEAL_EVERY_S is {seconds!r}. It is a number of seconds up to 86400; 0 is never."
    ]


def test_no_reads_are_marked_unless_somebody_says_so_and_they_are_kept_for_a_year() -> None:
    found = settings({})

    assert not found.audited_reads.cover("MANAGER", "Dossier", {"opportunity"})
    assert found.reads_kept_days == 365


def test_a_mark_that_is_none_is_refused_with_those_there_are() -> None:
    (problem,) = refusal(OPPS_AUDITED_READS="role:BOSS")

    assert problem.startswith("OPPS_AUDITED_READS has the role 'BOSS'. The roles are SELLER")


def test_webhooks_go_to_the_public_internet_alone_unless_somebody_says_so() -> None:
    listed = "hooks.internal,10.1.0.0/16,http://localhost:8080"

    assert settings({}).webhook_allow.entries == ()
    assert str(settings({"OPPS_WEBHOOK_ALLOW": listed}).webhook_allow) == listed
    assert refusal(OPPS_WEBHOOK_ALLOW="ftp://hooks") == [
        "OPPS_WEBHOOK_ALLOW has 'ftp://hooks'. It is hosts and networks, such as "
        "hooks.internal,10.1.0.0/16; with http:// before one, it may be sent to without "
        "encryption."
    ]


@pytest.mark.parametrize("days", ["0", "-1", "1.5", "36501", "for ever"])
def test_what_is_no_number_of_days_is_refused(days: str) -> None:
    assert refusal(OPPS_READS_KEPT_DAYS=days) == [
        f"OPPS_READS_KEPT_DAYS is {days!r}. It is a number of days from 1 to 36500."
    ]


@pytest.mark.parametrize("slug", ["Acme", "2nd", "-a", "a b", "a" * 64, "ä"])
def test_what_is_no_slug_is_refused(slug: str) -> None:
    (problem,) = refusal(OPPS_TENANT=slug)

    assert problem.startswith(f"OPPS_TENANT is {slug!r}. It is a slug")


@pytest.mark.parametrize("slug", ["a", "a" * 63, "acme-2"])
def test_a_slug_is_taken(slug: str) -> None:
    assert settings({"OPPS_TENANT": slug}).tenant == slug


def test_a_wrong_connection_is_refused_without_repeating_its_password() -> None:
    (problem,) = refusal(OPPS_DATABASE_URL="mysql://opps:secret@db.example/opps")

    assert problem.startswith("OPPS_DATABASE_URL is not a connection to PostgreSQL.")
    assert "secret" not in problem


@pytest.mark.parametrize(
    "password", ["half@secret", "half/secret", "5432/secret", "se/cret@half", "@secret@half"]
)
def test_a_password_that_is_not_encoded_is_never_taken_for_a_host(password: str) -> None:
    (problem,) = refusal(OPPS_DATABASE_URL=f"postgresql://opps:{password}@db.example/opps")

    assert "%40" in problem or "%2F" in problem
    assert "secret" not in problem
    assert "half" not in problem


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://opps:half%40sec%2Fret@db.example:5432/opps?application_name=a@b",
        "postgresql://db.example/opps?password=p@ss/word",
        "postgres://opps@%2Fvar%2Frun%2Fpostgresql/opps",
        "postgresql:///opps?host=/var/run",
        "host=db.example password=half@se/cret",
    ],
)
def test_a_connection_with_its_password_in_any_place_is_taken(url: str) -> None:
    assert settings({"OPPS_DATABASE_URL": url}).database_url == url


def test_a_file_is_no_data_directory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (problem,) = refusal(OPPS_DATA_DIRECTORY=str(tmp_path / "file"))

    assert "is not a directory" in problem


def test_a_misspelt_setting_is_not_silently_the_default() -> None:
    assert refusal(OPPS_DATABSE_URL=SERVER) == [
        "OPPS_DATABSE_URL is not a setting. Is OPPS_DATABASE_URL meant?"
    ]


def test_variables_of_others_are_left_alone() -> None:
    variables = {"OPPS_SERVICE_HOST": "10.0.0.1", "OPPS_TEST_DATABASE_URL": SERVER, "PORT": "no"}

    assert settings(variables) == settings({})


def test_all_problems_are_told_at_once() -> None:
    assert len(refusal(OPPS_PORT="no", OPPS_TENANT="No", OPPS_ENVIRONMENT="no")) == 3


def test_limits_are_those_of_the_settings_and_only_at_home_is_anything_suggested() -> None:
    usual, other = (
        settings({}).limits,
        settings(
            {
                "OPPS_COST_PER_MINUTE": "0",
                "OPPS_MOST_SUBSCRIPTIONS": "0",
                "OPPS_MOST_SECONDS": "30",
                "OPPS_INTROSPECTION": "no",
                "OPPS_ENVIRONMENT": "development",
            }
        ).limits,
    )

    assert (usual.cost_per_minute, usual.execution_s) == (1_000_000, 10)
    assert (usual.subscriptions, other.subscriptions) == (1_000, 0)
    assert (usual.introspection, usual.suggestions) == (True, False)
    assert (other.cost_per_minute, other.execution_s) == (0, 30)
    assert (other.introspection, other.suggestions) == (False, True)
    assert settings({}).most_statement_seconds == 5


@pytest.mark.parametrize("points", ["-1", "1.5", "1000000001", "many"])
def test_what_is_no_number_of_points_is_refused(points: str) -> None:
    assert refusal(OPPS_COST_PER_MINUTE=points) == [
        f"OPPS_COST_PER_MINUTE is {points!r}. It is a number up to 1000000000; 0 is no limit."
    ]


def test_documents_cannot_be_all_there_is_where_there_are_none(tmp_path: Path) -> None:
    (problem,) = refusal(OPPS_PERSISTED_ONLY="yes")
    found = settings({"OPPS_PERSISTED_ONLY": "yes", "OPPS_PERSISTED_DOCUMENTS": str(tmp_path)})

    assert "OPPS_PERSISTED_ONLY is set without OPPS_PERSISTED_DOCUMENTS" in problem
    assert (found.persisted_only, found.persisted_documents) == (True, tmp_path)
