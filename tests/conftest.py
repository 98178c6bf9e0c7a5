"""Quiet Hypothesis profiles for every test."""

import os
from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from inline import Inline

settings.register_profile("dev", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture(scope="module")
def inline() -> Iterator[None]:
    """Have all pages of a module's tests be read in this process."""
    with mock.patch("dedup.extraction.Pool", Inline):
        yield
