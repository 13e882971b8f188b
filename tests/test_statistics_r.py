"""The exact core against R: 240 small tied data sets, about 7,700 values, to 1e-9."""

import csv
from pathlib import Path

import pytest

from improvement_analysis.scale import OFSTED
from improvement_analysis.statistics import (
    adjust,
    agreement,
    fisher_freeman_halton,
    jonckheere,
    kruskal_exact,
    proportion_interval,
    sign_test,
    signed_rank_exact,
    van_elteren,
    wmw_exact,
)

with (Path(__file__).parent / "data" / "statistics" / "r_values.csv").open(
    encoding="utf-8", newline=""
) as file:
    ROWS = list(csv.DictReader(file))

INPUTS = ("case", "a", "b", "groups", "before", "after", "strata", "k", "n", "p")


def grades(text):
    return [OFSTED.codes[int(number) - 1] for number in text.split()]


def two(row):
    return grades(row["a"]), grades(row["b"])


def several(row):
    return [grades(group) for group in row["groups"].split("|")]


def matched(row):
    return grades(row["before"]), grades(row["after"])


def strata(row):
    return [tuple(map(grades, stratum.split("/"))) for stratum in row["strata"].split("|")]


def share(row, method):
    return proportion_interval(int(row["k"]), int(row["n"]), method=method)


def p_values(row):
    return [float(value) for value in row["p"].split()]


OURS = {
    "wmw_distance": lambda row: wmw_exact(*two(row)).p,
    "wmw_distance_exactranktests": lambda row: wmw_exact(*two(row)).p,
    "wmw_greater": lambda row: wmw_exact(*two(row), alternative="greater").p,
    "wmw_less": lambda row: wmw_exact(*two(row), alternative="less").p,
    "wmw_doubled": lambda row: wmw_exact(*two(row), two_sided="doubled").p,
    "ffh": lambda row: fisher_freeman_halton(several(row)).p,
    "kruskal": lambda row: kruskal_exact(several(row)).p,
    "kruskal_h": lambda row: kruskal_exact(several(row)).statistic,
    "jonckheere_greater": lambda row: jonckheere(several(row), alternative="greater").p,
    "jonckheere_less": lambda row: jonckheere(several(row), alternative="less").p,
    "signed_rank_pratt": lambda row: signed_rank_exact(*matched(row), zeros="pratt").p,
    "signed_rank_pratt_greater": lambda row: (
        signed_rank_exact(*matched(row), zeros="pratt", alternative="greater").p
    ),
    "signed_rank_wilcoxon": lambda row: signed_rank_exact(*matched(row), zeros="wilcoxon").p,
    "signed_rank_wilcoxon_less": lambda row: signed_rank_exact(*matched(row), alternative="less").p,
    "sign": lambda row: sign_test(*matched(row)).p,
    "sign_greater": lambda row: sign_test(*matched(row), alternative="greater").p,
    "kappa_linear": lambda row: agreement(*matched(row)).kappa_linear,
    "kappa_quadratic": lambda row: agreement(*matched(row)).kappa_quadratic,
    "alpha_ordinal": lambda row: agreement(*matched(row)).alpha_ordinal,
    "ac2": lambda row: agreement(*matched(row)).ac2,
    "ac2_linear": lambda row: agreement(*matched(row)).ac2_linear,
    "ac2_quadratic": lambda row: agreement(*matched(row)).ac2_quadratic,
    "van_elteren_distance": lambda row: van_elteren(strata(row)).p,
    "van_elteren_greater": lambda row: van_elteren(strata(row), alternative="greater").p,
    "van_elteren_less": lambda row: van_elteren(strata(row), alternative="less").p,
    "wilson_low": lambda row: share(row, "wilson").low,
    "wilson_high": lambda row: share(row, "wilson").high,
    "clopper_pearson_low": lambda row: share(row, "clopper_pearson").low,
    "clopper_pearson_high": lambda row: share(row, "clopper_pearson").high,
    "jeffreys_low": lambda row: share(row, "jeffreys").low,
    "jeffreys_high": lambda row: share(row, "jeffreys").high,
    "holm_of_first": lambda row: adjust(p_values(row))[0],
    "bh_of_first": lambda row: adjust(p_values(row), method="bh")[0],
}


def test_every_column_that_r_wrote_is_compared():
    assert set(ROWS[0]) - set(INPUTS) == set(OURS)
    assert len(ROWS) == 240


@pytest.mark.parametrize("quantity", OURS)
def test_matches_r(quantity):
    theirs = {row["case"]: float(row[quantity]) for row in ROWS if row[quantity]}
    ours = {row["case"]: OURS[quantity](row) for row in ROWS if row["case"] in theirs}
    assert len(theirs) > 200
    assert ours == pytest.approx(theirs, abs=1e-9, rel=0)


def test_where_r_has_no_value_ours_is_undefined():
    for row in ROWS:
        assert (row["wmw_distance"] == "") == (wmw_exact(*two(row)).reason != "")
        assert (row["ffh"] == "") == (fisher_freeman_halton(several(row)).reason != "")
        assert (row["sign"] == "") == (sign_test(*matched(row)).reason != "")
        assert (row["kappa_linear"] == "") == (agreement(*matched(row)).undefined_reason != "")
