"""Machines that stand in an account, as values."""

from __future__ import annotations

import json

import pytest

from kit import Machine, Sandbox

ASL = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}


def test_a_deployed_machine_comes_back_as_it_was() -> None:
    machine = Machine("nap", ASL)
    with Sandbox.local(clock="instant") as sandbox:
        deployed = sandbox.deploy(machine)
        assert sandbox.import_machine(deployed.arn) == machine


def test_a_machine_that_others_made_comes_with_its_own_name() -> None:
    with Sandbox.local(clock="instant") as sandbox:
        states = sandbox.aws("stepfunctions")
        role = "arn:aws:iam::123456789012:role/x"
        arn = states.create_state_machine(name="theirs", definition=json.dumps(ASL), roleArn=role)[
            "stateMachineArn"
        ]
        assert sandbox.import_machine(arn) == Machine("theirs", ASL)
        with pytest.raises(states.exceptions.StateMachineDoesNotExist):
            sandbox.import_machine(arn + "x")
