"""The tests that may be skipped where CI=true.

Tests may be skipped where they lack something, and say so. Where CI=true only these may, and only for want
of ../shared, the recorded cases and real definitions that a clone alone does not have.
"""

NEEDS_SHARED = "needs ../shared, the recorded cases beside the repository"

ALLOWED_SKIPS = frozenset(
    {
        "tests/asl/test_recorded_expressions.py::test_choice_rules_decide_as_recorded",
        "tests/asl/test_recorded_expressions.py::"
        "test_intrinsic_functions_and_jsonata_functions_answer_as_recorded",
        "tests/asl/test_recorded_expressions.py::test_the_definitions_people_deploy_are_sound",
        "tests/asl/test_recorded_expressions.py::test_validation_answers_as_recorded",
        "tests/asl/test_recorded_expressions.py::test_what_aws_refused_is_refused_in_its_words",
        "tests/asl/test_recorded_expressions.py::test_what_ran_on_aws_has_no_findings",
        "tests/history/test_recorded_histories.py::test_a_failed_execution_has_a_failed_visit_with_its_error",
        "tests/history/test_recorded_histories.py::"
        "test_an_exited_state_is_caught_only_after_a_failure_of_its_own",
        "tests/history/test_recorded_histories.py::test_every_entered_and_exited_event_is_one_visits",
        "tests/history/test_recorded_histories.py::test_every_iteration_of_a_map_that_succeeded_is_done",
        "tests/history/test_recorded_histories.py::test_the_status_is_that_of_the_last_event",
        "tests/lint/test_lines.py::test_every_key_of_real_definitions_is_found_where_it_stands",
        "tests/lint/test_real_definitions.py::test_every_call_that_people_deploy_is_in_the_policy",
        "tests/lint/test_real_definitions.py::test_lint_has_no_false_alarm_about_what_people_deploy",
        "tests/lint/test_real_definitions.py::"
        "test_machines_of_what_people_deploy_go_through_text_and_come_back_equal",
        "tests/services/test_pages_and_evidence.py::test_what_is_called_recorded_is",
        "tests/steps/test_code.py::test_the_code_of_what_people_deploy_makes_it_again",
        "tests/test_conformance.py::test_both_jsonata_engines_play_the_recorded_executions_alike",
        "tests/test_conformance.py::test_definitions_are_refused_in_the_words_of_aws",
        "tests/test_conformance.py::test_executions_that_call_services_end_as_on_aws",
        "tests/test_conformance.py::test_single_states_are_tested_as_on_aws",
        "tests/test_conformance.py::test_executions_that_need_no_other_service_end_as_on_aws",
        "tests/testing/test_proof.py::test_a_lock_in_a_table_is_taken_waited_for_and_given_back",
        "tests/testing/test_proof.py::test_a_person_approves_rejects_or_answers_something_else",
        "tests/testing/test_proof.py::test_events_are_replayed_at_their_times",
        "tests/view/test_graph.py::test_real_definitions_are_drawn_with_all_their_states",
        "tests/view/test_mermaid.py::test_real_definitions_pass_the_real_parser",
        "tests/view/test_overlaps.py::test_a_label_that_lies_on_a_state_is_found",
        "tests/view/test_overlaps.py::test_in_real_definitions_no_label_lies_on_another_or_on_a_state",
    }
)
