"""docker-compose.yml agrees with the program: variables, commands, queues, addresses."""

from __future__ import annotations

import importlib
import re
import shlex
import shutil
import subprocess
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve

from tests.architecture import project
from tracker.celery import app
from tracker.env import SETTINGS

COMPOSE_FILE = project.ROOT / "docker-compose.yml"
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))["services"]
OURS = [name for name, service in SERVICES.items() if service.get("image") == "retort"]


def commands(service: str) -> list[list[str]]:
    """Every command line of a service, its health check included, without the shell around it."""
    words = shlex.split(SERVICES[service]["command"])
    lines = [part.split() for part in words[2].split("&&")] if words[:2] == ["sh", "-c"] else [words]
    check = SERVICES[service].get("healthcheck", {}).get("test", [])
    return [*lines, check[1].split()] if check[:1] == ["CMD-SHELL"] else lines


def compose() -> list[str]:
    """Return the compose client of this machine, or skip (a failure where everything is required)."""
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    if shutil.which("docker"):
        plugin = subprocess.run(["docker", "compose", "version"], check=False, capture_output=True)
        if plugin.returncode == 0:
            return ["docker", "compose"]
    pytest.skip("no docker-compose on this machine")


@pytest.mark.slow
def test_docker_compose_accepts_the_file() -> None:
    result = subprocess.run(
        [*compose(), "--file", str(COMPOSE_FILE), "config", "--quiet"],
        check=False,
        capture_output=True,
        text=True,
        cwd=project.ROOT,
    )
    assert result.returncode == 0, result.stderr


def test_the_services_are_those_of_the_design() -> None:
    assert {"web", "worker", "beat", "postgres", "redis"} <= set(SERVICES)
    assert {"web", "worker", "beat"} <= set(OURS)


@pytest.mark.parametrize("service", OURS)
def test_every_variable_is_a_setting(service: str) -> None:
    known = {setting.name for setting in SETTINGS}
    named = {name.removesuffix("_FILE") for name in SERVICES[service]["environment"]}
    assert named - known == set()


@pytest.mark.parametrize("service", OURS)
def test_no_secret_stands_in_the_file(service: str) -> None:
    secret = {setting.name for setting in SETTINGS if setting.is_secret} - {"TRACKER_BROKER_URL"}
    assert secret & set(SERVICES[service]["environment"]) == set()


@pytest.mark.parametrize("service", OURS)
def test_every_command_exists(service: str) -> None:
    for words in commands(service):
        if words[:2] == ["python", "manage.py"]:
            assert words[2] in get_commands()
        elif words[0] == "celery":
            module = importlib.import_module(words[words.index("-A") + 1])
            assert module.app is app
        elif words[0] == "granian":
            module_name, name = words[-1].split(":")
            assert callable(getattr(importlib.import_module(module_name), name))
        else:
            assert words[:2] == ["kill", "-0"]


def test_the_worker_listens_to_every_queue() -> None:
    words = commands("worker")[0]
    listened = set(words[words.index("--queues") + 1].split(","))
    assert listened == {queue.name for queue in app.conf.task_queues}


def test_the_web_health_check_asks_for_a_page_that_exists() -> None:
    script = SERVICES["web"]["healthcheck"]["test"][-1]
    address = re.search(r"http://localhost:8000(/[^']*)", script)
    assert address
    assert resolve(address.group(1)).view_name == "web:healthz"


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "setup"])
def test_every_lasting_service_has_a_health_check(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"]


def test_the_image_runs_as_nobody_special() -> None:
    lines = (project.ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER retort"]
