"""Two datasets never share an output."""

import shutil

import pytest

from improvement_analysis import cli


@pytest.fixture
def two(copy, tmp_path):
    """Two datasets in folders of one name."""
    places = [tmp_path / council / "2017-18" for council in ("north", "south")]
    for place in places:
        shutil.copytree(copy, place)
    return places


def run(capsys, *arguments):
    status = cli.main([str(argument) for argument in arguments])
    return status, capsys.readouterr().err


COMMANDS = {
    "report": ("report", "--notebook", "data_quality"),
    "build": ("build",),
    "export": ("export", "--format", "workbook"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_two_folders_of_one_name_are_refused_in_one_command(name, two, tmp_path, capsys):
    out = tmp_path / "out"
    status, err = run(capsys, *COMMANDS[name], *two, "-o", out, "--quiet")
    assert status == 2
    assert err == (
        f"improvement-analysis: {two[0]} and {two[1]} would both be written into a folder '2017-18'; "
        "give them in two commands, each with an --output of its own, or rename one of them\n"
    )
    assert not out.exists()


@pytest.mark.parametrize("name", COMMANDS)
def test_what_stands_of_another_dataset_is_not_mixed_with(name, two, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(capsys, *COMMANDS[name], two[0], "-o", out, "--quiet")[0] == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    status, err = run(capsys, *COMMANDS[name], two[1], "-o", out, "--quiet")
    assert status == 2
    place = out / "2017-18"
    assert err == (
        f"improvement-analysis: {place}: holds what was made of another dataset, {two[0]}; name another "
        f"folder with --output. If the dataset was moved from there, delete {place / '.lock'}\n"
    )
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert run(capsys, *COMMANDS[name], two[0], "-o", out, "--quiet")[0] == 0


def test_one_dataset_named_twice_is_taken_once(two, tmp_path, capsys):
    assert run(capsys, "build", two[0], two[0], "-o", tmp_path / "out", "--quiet")[0] == 0


@pytest.mark.parametrize("link", [".lock", ".staged", "services"])
def test_a_link_inside_the_output_is_not_followed(link, copy, tmp_path, capsys):
    out, elsewhere = tmp_path / "out" / "copy", tmp_path / "elsewhere"
    out.mkdir(parents=True)
    elsewhere.mkdir()
    (out / link).symlink_to(elsewhere / "file" if link == ".lock" else elsewhere)
    status, err = run(capsys, "report", copy, "-o", tmp_path / "out", "--service", "Safeguarding", "--quiet")
    assert status == 2
    assert err == (
        f"improvement-analysis: {out / link}: is a link, which is not followed; delete it and run it again\n"
    )
    assert list(elsewhere.iterdir()) == []
