"""The specifications' own assertions explain themselves too."""

import pytest

pytest.register_assert_rewrite("tests.domain.given")
