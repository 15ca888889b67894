"""What the tests of the manifests read."""

import pytest
from tests.deploy.manifests import OVERLAYS, Manifest, rendered


@pytest.fixture(params=OVERLAYS)
def manifests(request: pytest.FixtureRequest) -> list[Manifest]:
    """The manifests of one overlay after the other."""
    return rendered(request.param)
