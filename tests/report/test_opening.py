"""What is set in a shell before its first cell."""

import contextlib
import io
import time

from IPython.core.interactiveshell import InteractiveShell

from improvement_analysis.report.warm.opening import prepare


def traceback_of(source):
    """What a prepared shell shows of the error in *source*, and the processor time that took."""
    shell = InteractiveShell(colors="nocolor")
    prepare(shell)
    printed = io.StringIO()
    clock = time.process_time()
    with contextlib.redirect_stdout(printed):
        shell.run_cell(source)
    return printed.getvalue(), time.process_time() - clock


def test_a_deep_traceback_keeps_its_beginning_and_its_end_and_says_what_it_left_out():
    deep = "def again(depth):\n    if depth == 500:\n        1 / 0\n    return again(depth + 1)\nagain(0)"
    shown, _ = traceback_of(deep)
    assert "----> 5 again(0)" in shown
    assert "----> 3         1 / 0" in shown
    assert "frames in between are not shown ...]" in shown
    assert shown.rstrip().endswith("ZeroDivisionError: division by zero")


def test_a_recursion_without_end_is_told_in_the_time_of_any_error():
    again = "def again(depth):\n    return again(depth + 1)\nagain(0)"
    shown, seconds = traceback_of(again)
    assert "RecursionError: maximum recursion depth exceeded" in shown
    assert seconds < 3  # IPython alone needs ten with the modules of a page


def test_each_of_a_chain_of_errors_is_shortened():
    chain = (
        "def again(depth):\n    return again(depth + 1)\n"
        "try:\n    again(0)\nexcept RecursionError as fault:\n    raise ValueError('no') from fault"
    )
    shown, seconds = traceback_of(chain)
    assert "RecursionError" in shown
    assert "ValueError: no" in shown
    assert seconds < 3


def test_a_short_traceback_is_left_as_it_is():
    shown, _ = traceback_of("1 / 0")
    assert "not shown" not in shown
