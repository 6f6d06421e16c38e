"""Settings from the environment, a file, or a file of their own; secrets are never shown."""

import stat
from pathlib import Path

import pytest

from opps.config import LogFormat, SettingsRefused, read_settings, settings
from opps.config.shown import given

URL = "postgresql://opps:planted-secret@db.example:5432/opps"
SECRET = "planted-secret"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where a settings file is to be."""
    return tmp_path / "opps.toml"


def refusal(**variables: str) -> list[str]:
    with pytest.raises(SettingsRefused) as refused:
        settings(variables)
    assert SECRET not in str(refused.value)
    return refused.value.problems


def test_a_secret_is_read_from_the_file_that_is_named(tmp_path: Path) -> None:
    secret = tmp_path / "database-url"
    secret.write_text(f"{URL}\n")

    found, origins = read_settings({"OPPS_DATABASE_URL_FILE": str(secret)})

    assert found.database_url == URL
    assert origins["OPPS_DATABASE_URL"] == f"file {secret}"


def test_a_setting_and_its_file_together_are_refused(tmp_path: Path) -> None:
    (problem,) = refusal(OPPS_DATABASE_URL=URL, OPPS_DATABASE_URL_FILE=str(tmp_path / "url"))

    assert problem == (
        "OPPS_DATABASE_URL and OPPS_DATABASE_URL_FILE are both set. Set one of them."
    )


def test_a_secret_whose_file_is_missing_or_empty_is_not_silently_unset(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()

    (missing,) = refusal(OPPS_DATABASE_URL_FILE=str(tmp_path / "none"))
    (nothing,) = refusal(OPPS_DATABASE_URL_FILE=str(empty))
    (binary,) = refusal(OPPS_KEYS_URL_FILE=str(_written(tmp_path / "binary", b"\xff\xfe")))

    assert missing == f"OPPS_DATABASE_URL_FILE is {tmp_path / 'none'}: No such file or directory."
    assert nothing == f"OPPS_DATABASE_URL_FILE is {empty}, which is empty."
    assert binary == f"OPPS_KEYS_URL_FILE is {tmp_path / 'binary'}: it is no text."


def test_a_file_of_settings_speaks_without_prefix_and_capitals(file: Path) -> None:
    file.write_text(
        'log_format = "json"\nport = 8001\npublish_ledger = true\n'
        'audited_reads = ["role:MANAGER", "operation:Dossier"]\n'
    )

    found = settings({"OPPS_SETTINGS_FILE": str(file)})

    assert (found.log_format, found.port, found.publish_ledger) == (LogFormat.JSON, 8001, True)
    assert found.audited_reads.cover("MANAGER", None, ())


def test_the_environment_comes_before_the_file(file: Path) -> None:
    file.write_text("port = 8001\nmost_lag_s = 5\n")

    found, origins = read_settings({"OPPS_SETTINGS_FILE": str(file), "OPPS_PORT": "8002"})

    assert (found.port, found.most_lag_s) == (8002, 5)
    assert origins["OPPS_PORT"] == "environment"
    assert origins["OPPS_MOST_LAG_S"] == f"settings file {file}"
    assert origins["OPPS_TENANT"] == "default"


def test_a_file_of_settings_may_name_files_of_secrets_beside_it(file: Path) -> None:
    file.write_text('database_url_file = "url"\n')
    (file.parent / "url").write_text(URL)

    assert settings({"OPPS_SETTINGS_FILE": str(file)}).database_url == URL


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("prot = 8001", "prot of settings file {} is not a setting. Is port meant?"),
        ("colour = 'red'", "colour of settings file {} is not a setting. Take it out."),
        ("port = 'many'", "OPPS_PORT, of the settings file {}, is 'many'. It is a number from 0"),
        ("port = {}", "port of {} is no plain value."),
        ("database_url = planted-secret", "OPPS_SETTINGS_FILE is {}: it is no TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_place(
    file: Path, line: str, problem: str
) -> None:
    file.write_text(line)

    (told,) = refusal(OPPS_SETTINGS_FILE=str(file))

    assert told.startswith(problem.format(file))


def test_a_file_of_settings_that_is_missing_is_refused(file: Path) -> None:
    (problem,) = refusal(OPPS_SETTINGS_FILE=str(file))

    assert problem == f"OPPS_SETTINGS_FILE is {file}: No such file or directory."


def test_what_is_shown_holds_no_secret(tmp_path: Path) -> None:
    shown = {
        one.name: one
        for one in given(
            {
                "OPPS_DATABASE_URL": URL,
                "OPPS_KEYS_URL": f"host=keys.example user=opps password='{SECRET}'",
                "OPPS_ROOT_KEY_COMMAND": f"wrapper --token {SECRET}",
                "OPPS_AUDITED_READS": "role:MANAGER",
            }
        )
    }

    assert SECRET not in repr(shown)
    assert shown["OPPS_DATABASE_URL"].value is not None
    assert "db.example" in shown["OPPS_DATABASE_URL"].value
    assert "password=***" in shown["OPPS_DATABASE_URL"].value
    assert shown["OPPS_ROOT_KEY_COMMAND"].value == "wrapper ***"
    assert shown["OPPS_AUDITED_READS"].value == "role:MANAGER"
    assert (shown["OPPS_PORT"].value, shown["OPPS_PORT"].origin) == ("8000", "default")
    assert shown["OPPS_METRICS_PORT"].value is None


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    path.chmod(stat.S_IRUSR)
    return path
