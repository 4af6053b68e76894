"""A boto3 session of the sandbox's own."""

from __future__ import annotations

import os
from typing import Any, Final

from kit.services import models

# Of the sandbox alone. Nothing checks signatures here, but moto tells signed from anonymous requests.
ACCESS_KEY: Final = "AKIASMALLSTEPS000000"


def authorization(region: str) -> str:
    """The header that a signed request has; of the signature only what moto reads."""
    return f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/0/{region}/x/aws4_request"


def new_session(region: str) -> Any:
    """A boto3 session that reads nothing of the user's."""
    import boto3
    import botocore.session

    nothing = (None, None, os.devnull, None)
    core = botocore.session.Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": nothing,
            "credentials_file": nothing,
            "metadata_service_timeout": (None, None, 1, int),
        }
    )
    core.register_component("data_loader", models.loader())
    core.set_credentials(ACCESS_KEY, "no-secret")
    return boto3.session.Session(botocore_session=core, region_name=region)
