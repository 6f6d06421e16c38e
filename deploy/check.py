"""Looks at everything in this folder with the tools that would use it: render, lint, refuse.

Run by `make deploy`, in an environment of its own that has these tools.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import helm_python
import kubernetes_validate
import yaml

HERE = Path(__file__).parent
ROOT = HERE.parent
TOOLS = Path(sys.executable).parent
CHART = HERE / "helm" / "opps"
UNITS = HERE / "systemd"
KUBERNETES = ("1.30", "1.34", "1.37")
# From 0, shut in, to 10, open to everything.
MOST_EXPOSED = 20  # tenths
PODS = ("Deployment", "Job")

VALUES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "one of each": {"servers": {"replicas": 1}, "projector": {"replicas": 1}},
    "everything": {
        "secret": {"direct": True, "keys": True},
        "settings": {"extra": {"OPPS_MOST_LAG_S": 60, "OTEL_SERVICE_NAME": "opps"}},
        "data": {"existingClaim": "kept"},
        "ingress": {"enabled": True, "className": "nginx", "tlsSecret": "tls"},
        "networkPolicy": {
            "from": [{"podSelector": {"matchLabels": {"app": "proxy"}}}],
            "metricsFrom": [{"namespaceSelector": {"matchLabels": {"name": "monitoring"}}}],
            "databases": [{"ipBlock": {"cidr": "10.0.0.0/24"}}],
        },
        "tolerations": [{"key": "opps", "operator": "Exists"}],
        "nodeSelector": {"disk": "fast"},
        "priorityClassName": "high",
        "imagePullSecrets": [{"name": "pull"}],
    },
}
WRONG: dict[str, dict[str, Any]] = {
    "no secret": {"secret": {"name": ""}},
    "a misspelt key": {"server": {"replicas": 3}},
    "no servers": {"servers": {"replicas": 0}},
    "a setting that is none": {"settings": {"extra": {"PATH": "/tmp"}}},
    "another environment": {"settings": {"environment": "staging"}},
}


class Wrong(Exception):
    """Something is not as it should be."""


def main() -> int:
    """Run every check; return how many failed."""
    failed = skipped = passed = 0
    for check in (dockerfile, compose, scripts, chart, refused_values, units):
        name = check.__name__.replace("_", " ")
        try:
            said = check()
        except (Wrong, subprocess.CalledProcessError) as wrong:
            failed += 1
            print(f"{name}: WRONG\n{_told(wrong)}")
        except FileNotFoundError as missing:
            skipped += 1
            print(f"{name}: skipped, there is no {missing.filename} here")
        else:
            passed += 1
            print(f"{name}: {said}")
    print(f"deploy: {passed} passed, {failed} failed, {skipped} skipped")
    return failed


def dockerfile() -> str:
    """Lint the Dockerfile, and install what it takes out of the lock to build the wheel."""
    _run(TOOLS / "hadolint", "--failure-threshold", "info", ROOT / "Dockerfile")
    text = (ROOT / "Dockerfile").read_text()
    for wanted in ("USER 10001:10001", "HEALTHCHECK", "--require-hashes", 'CMD ["serve"]'):
        if wanted not in text:
            raise Wrong(f"the Dockerfile has no {wanted}")
    (picked,) = [line for line in text.splitlines() if "awk '" in line]
    awk = picked.split("awk '")[1].split("'")[0]
    with tempfile.TemporaryDirectory() as folder:
        lock = _run("awk", awk, ROOT / "requirements-dev.lock")
        Path(folder, "build.lock").write_text(lock)
        _run(
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--only-binary", ":all:", "--require-hashes", "--dest", folder),
            *("-r", Path(folder, "build.lock")),
        )
    return "linted, and the tools that build the wheel are locked"


def compose() -> str:
    """Let Docker Compose read compose.yaml, and look that nothing in it is root or writable."""
    shown = _run(TOOLS / "docker-compose", "--file", ROOT / "compose.yaml", "config")
    found = yaml.safe_load(shown)
    for name, service in found["services"].items():
        if name == "postgres":
            continue
        if not service.get("read_only") or service.get("cap_drop") != ["ALL"]:
            raise Wrong(f"{name} could write to its image, or has capabilities")
    secret = found["services"]["server"]["secrets"]
    if [one["source"] for one in secret] != ["server-url"]:
        raise Wrong(f"the server has other secrets than its own: {secret}")
    return f"{len(found['services'])} services"


def scripts() -> str:
    """Lint the shell scripts."""
    found = [HERE / "compose" / "secrets.sh", HERE / "compose" / "logins.sh", UNITS / "backup"]
    _run(TOOLS / "shellcheck", *found)
    return f"{len(found)} linted"


def chart() -> str:
    """Lint and render the chart with several values, and validate each manifest, strictly."""
    manifests = 0
    for name, values in VALUES.items():
        given = {**values, "secret": {"name": "opps", **values.get("secret", {})}}
        report = helm_python.lint(CHART, given, strict=True)
        if report["errors"]:
            raise Wrong(f"helm lint, {name}: {report['errors']}")
        for manifest in _rendered(given):
            manifests += 1
            _validate(name, manifest)
            if manifest["kind"] in PODS:
                _check_pod(manifest)
    return (
        f"{len(VALUES)} sets of values, {manifests} manifests, Kubernetes {', '.join(KUBERNETES)}"
    )


def refused_values() -> str:
    """See that wrong values are refused before anything is installed."""
    for name, values in WRONG.items():
        given = {"secret": {"name": "opps"}, **values}
        try:
            with helm_python.Chart.load(CHART) as loaded:
                loaded.validate_schema(given)
        except helm_python.HelmError:
            continue
        raise Wrong(f"{name}: these values were taken")
    return f"{len(WRONG)} refused"


def units() -> str:
    """Let systemd read the units, and say how open each service is."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        raise FileNotFoundError(2, "not found", "systemd-analyze")
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder, "units")
        shutil.copytree(UNITS, copied)
        for unit in copied.glob("*.service"):  # what they start is not installed here
            lines = unit.read_text().splitlines()
            unit.write_text(
                "\n".join(
                    "ExecStart=/bin/true" if line.startswith("ExecStart=") else line
                    for line in lines
                )
            )
        names = [_instance(one.name) for one in sorted(UNITS.glob("opps-*.*")) if one.is_file()]
        environment = {**os.environ, "SYSTEMD_UNIT_PATH": f"{copied}:"}
        complaints = _run(
            analyze, "verify", "--man=no", *names, environment=environment, errors_too=True
        )
        ours = [line for line in complaints.splitlines() if "opps" in line]
        if ours:
            raise Wrong("\n".join(ours))
        for name in names:
            if name.endswith(".service"):
                _run(
                    *(analyze, "security", "--offline=true", f"--threshold={MOST_EXPOSED}", name),
                    environment=environment,
                )
    return f"{len(names)} verified, none more exposed than {MOST_EXPOSED / 10}"


def _instance(name: str) -> str:
    return name.replace("@.", "@acme.")


def _rendered(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    with helm_python.Chart.load(CHART) as loaded:
        rendered = loaded.render(values, name="acme", namespace="opps")
    for path, text in rendered.items():
        if path.endswith(".yaml"):
            yield from (one for one in yaml.safe_load_all(text) if one)


def _validate(name: str, manifest: dict[str, Any]) -> None:
    for version in KUBERNETES:
        try:
            kubernetes_validate.validate(manifest, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            raise Wrong(f"{name}, {manifest['kind']}, Kubernetes {version}: {error}") from None


def _check_pod(manifest: dict[str, Any]) -> None:
    pod = manifest["spec"]["template"]["spec"]
    if not pod["securityContext"]["runAsNonRoot"] or pod["automountServiceAccountToken"]:
        raise Wrong(f"{manifest['metadata']['name']} may be root, or ask the API server")
    for container in (*pod["containers"], *pod.get("initContainers", ())):
        security = container["securityContext"]
        if not security["readOnlyRootFilesystem"] or security["capabilities"]["drop"] != ["ALL"]:
            raise Wrong(f"{container['name']} could write to its image, or has capabilities")
        if any("valueFrom" in one or "@" in str(one.get("value")) for one in container["env"]):
            raise Wrong(f"{container['name']} has a secret in its environment")


def _run(
    *command: object, environment: dict[str, str] | None = None, errors_too: bool = False
) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if errors_too else subprocess.PIPE,
        env=environment,
    )
    return done.stdout


def _told(wrong: Exception) -> str:
    if isinstance(wrong, subprocess.CalledProcessError):
        return f"{wrong}\n{wrong.stdout or ''}{wrong.stderr or ''}"
    return str(wrong)


if __name__ == "__main__":
    sys.exit(main())
