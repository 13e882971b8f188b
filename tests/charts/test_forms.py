"""What each form draws: positions, colours, labels, as counted by hand."""

from __future__ import annotations

from collections import Counter

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from improvement_analysis import charts, palette
from improvement_analysis.about import About
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import OFSTED, Scale

I, RI, G, O = palette.fills().values()  # noqa: E741
GRADES = list(OFSTED.columns)


def place_of(kit, chart, words):
    """Where the one text *words* stands, in points from the upper left corner."""
    (found,) = [text for text in kit.texts(chart) if text.get_text() == words]
    return found.get_unitless_position()


def drawn_words(kit, chart):
    return [text.get_text() for text in kit.texts(chart)]


def fills(kit, chart):
    return Counter(face for _, face, _, alpha in kit.outlined(chart) if alpha)


def colours(kit, chart, gid):
    return Counter(to_hex(face) for face in kit.collection(chart, gid).get_facecolor())


class TestGradeGrid:
    @pytest.fixture
    def chart(self, safeguarding):
        return charts.grade_grid(safeguarding, headlines=dict.fromkeys(safeguarding.index, "RI"))

    def test_one_square_is_one_team_in_the_colour_of_its_grade(self, kit, chart):
        assert fills(kit, chart) == {I: 9, RI: 32, G: 1, palette.WHITE: 3}

    def test_squares_of_a_chart_are_one_collection(self, chart):
        squares = [c for c in chart.axes[0].collections if c.get_gid() == "squares"]
        assert len(squares) == 1

    def test_columns_run_worst_to_best_then_no_judgement_then_the_headline(self, kit, chart):
        heads = ["Inadequate (I)", "improvement (RI)", "Good (G)", "Outstanding (O)", "judgement", "headline"]
        places = [place_of(kit, chart, words)[0] for words in heads]
        assert places == sorted(places)

    def test_squares_stand_under_their_heading(self, kit, chart):
        by_colour = {}
        for (x, _), face, _, _ in kit.outlined(chart):
            by_colour.setdefault(face, []).append(x)
        left = {
            head: place_of(kit, chart, head)[0] for head in ("Inadequate (I)", "Good (G)", "Outstanding (O)")
        }
        assert min(by_colour[I]) > left["Inadequate (I)"]
        assert max(by_colour[I]) < min(by_colour[RI])
        assert left["Good (G)"] < by_colour[G][0] < left["Outstanding (O)"]

    def test_more_than_five_squares_wrap(self, kit, chart):
        rows = Counter(y for (_, y), face, _, _ in kit.outlined(chart) if face == RI)
        assert sorted(rows.values()) == [1, 2, 4, 5, 5, 5, 5, 5]

    def test_the_rule_stands_between_requires_improvement_and_good(self, kit, chart):
        rules = kit.collection(chart, "rules")
        heavy = [
            path.vertices for path, w in zip(rules.get_paths(), rules.get_linewidths(), strict=True) if w == 2
        ]
        ((top, bottom),) = heavy
        xs = {face: [x for (x, _), f, _, _ in kit.outlined(chart) if f == face] for face in (RI, G)}
        assert max(xs[RI]) < top[0] == bottom[0] < min(xs[G])

    def test_zeros_are_printed_and_a_grade_nobody_has_keeps_its_column(self, kit, chart):
        words = drawn_words(kit, chart)
        assert words.count("0") == 15
        assert "Outstanding (O)" in words

    def test_a_split_column_is_there_only_where_it_occurs(self, kit, safeguarding, chart):
        assert not any("Split" in words for words in drawn_words(kit, chart))
        safeguarding.loc["practice", ["RI / I", "RI"]] = [1, 8]
        assert "RI / I" in " ".join(drawn_words(kit, charts.grade_grid(safeguarding)))

    def test_a_split_square_has_two_colours_and_a_white_line(self, kit):
        chart = charts.grade_grid(kit.frame_of([[0, 1, 0, 0, 0, 0, 0, 0]]))
        assert colours(kit, chart, "squares") == {I: 1, RI: 1, palette.WHITE: 1, "#000000": 1}
        assert len(kit.outlined(chart)) == 1

    def test_a_split_across_the_boundary_stands_between_two_rules(self, kit):
        chart = charts.grade_grid(kit.frame_of([[0, 0, 1, 1, 1, 0, 0, 0]]))
        rules = kit.collection(chart, "rules")
        xs = sorted(
            p.vertices[0][0] for p, w in zip(rules.get_paths(), rules.get_linewidths(), strict=True) if w == 2
        )
        split = next(x for (x, _), _, _, alpha in kit.outlined(chart) if not alpha)
        assert len(xs) == 2
        assert xs[0] < split < xs[1]

    def test_no_judgement_is_dashed_white_and_outside_the_band(self, kit, chart):
        squares, bands = kit.collection(chart, "squares"), kit.collection(chart, "bands")
        dashed = [style for style in squares.get_linestyle() if style[1] is not None]
        right = max(path.vertices[:, 0].max() for path in bands.get_paths())
        unjudged = [x for (x, _), face, _, _ in kit.outlined(chart) if face == palette.WHITE]
        assert len(dashed) == len(unjudged) == 3
        assert place_of(kit, chart, "Outstanding (O)")[0] + 80 < right < min(unjudged)
        assert "outside the 33 that were judged" in chart.alt_text

    def test_the_headline_is_shown_as_published_and_flagged_where_the_tally_differs(self, kit, safeguarding):
        chart = charts.grade_grid(
            safeguarding, headlines={"monitoring": "I", "practice": "RI", "overall": None}
        )
        assert colours(kit, chart, "headlines") == {I: 1, RI: 1}
        words = drawn_words(kit, chart)
        assert words.count("\u2020") == 1
        assert words.count("none") == 3
        often = "most often graded requires improvement (5 of 9 teams)"
        flag = f"\u2020 Performance monitoring: published as inadequate, {often}."
        assert flag in words
        assert flag in chart.alt_text

    def test_the_overall_conclusion_is_no_domain_and_stands_out(self, kit, safeguarding, chart):
        assert chart.title == "1 of 33 domain gradings was good, none outstanding"
        (overall,) = [text for text in kit.texts(chart) if text.get_text() == "Overall conclusion"]
        assert overall.get_fontweight() == "bold"
        renamed = safeguarding.rename(index={"overall": "summing up"})
        assert charts.grade_grid(renamed, overall="summing up").title == chart.title

    def test_a_group_without_a_name_is_called_so(self, kit):
        chart = charts.grade_grid(kit.frame_of([[0, 0, 2, 0, 0, 0, 0, 0]], [np.nan], "area"))
        assert "not stated" in drawn_words(kit, chart)

    def test_other_scales_are_drawn_from_their_declaration(self, kit):
        scale = Scale(("No", "Part", "Yes"), ("Not met", "Partly met", "Met"), good="Yes", title="standard")
        counts = pd.DataFrame([[1, 0, 2, 0, 3, 1]], ["one"], list(scale.columns))
        chart = charts.grade_grid(counts, about=About("own", scale=scale))
        assert fills(kit, chart) == {I: 1, RI: 2, G: 3, palette.WHITE: 1}
        assert "Partly met (Part)" in " ".join(drawn_words(kit, chart))
        assert chart.title == "3 of 6 gradings were met"


class TestWrongCounts:
    def test_columns_must_be_those_of_the_scale(self, form, kit, safeguarding):
        with pytest.raises(GradingsError, match="expected I, RI / I, RI"):
            charts.grade_grid(safeguarding.drop(columns="O"))

    @pytest.mark.parametrize(("value", "words"), [(-1, "not a whole number"), (0.5, "not a whole number")])
    def test_counts_must_be_counts(self, kit, value, words):
        counts = kit.frame_of([[0, 0, 1, 0, 0, 0, 0, 0]]).astype(float)
        counts.iloc[0, 0] = value
        with pytest.raises(GradingsError, match=words):
            charts.diverging_bars(counts)

    def test_a_matrix_needs_two_levels(self, safeguarding):
        with pytest.raises(GradingsError, match="two columns, such as service and domain; found domain"):
            charts.service_matrix(safeguarding)

    def test_nothing_is_no_chart(self, safeguarding):
        with pytest.raises(GradingsError, match="no row"):
            charts.grade_grid(safeguarding.iloc[:0])


class TestMatrices:
    def test_squares_run_worst_first_and_carry_their_letter(self, kit, safeguarding):
        chart = charts.service_matrix(
            kit.stacked(safeguarding.loc[["allocation"]], ["Safeguarding"], "service")
        )
        key = 5
        faces = [face for _, face, _, _ in kit.outlined(chart)][key:]
        assert faces == [I, I, I, RI, RI, RI, RI, RI, G]
        letters = [c for c in chart.axes[0].collections if (c.get_gid() or "").startswith("letters")]
        assert {c.code: len(c.get_offsets()) for c in letters} == {
            "I": 4,
            "RI": 6,
            "G": 2,
            "O": 1,
            "\u2013": 1,
        }

    def test_the_headline_stands_above_its_squares(self, kit, safeguarding):
        counts = kit.stacked(safeguarding.loc[["practice"]], ["Safeguarding"], "service")
        chart = charts.service_matrix(counts, headlines={("Safeguarding", "practice"): "RI"})
        chip = kit.collection(chart, "headlines").get_paths()[0].vertices[:, 1].mean()
        lowest = max(y for (_, y), _, _, _ in kit.outlined(chart))
        assert chip < lowest

    def test_a_missing_cell_is_said_not_invented(self, kit, safeguarding):
        counts = kit.stacked(safeguarding.iloc[:2], ["A", "B"], "service").drop(index=("B", "practice"))
        assert drawn_words(kit, charts.service_matrix(counts)).count("no grading") == 1

    def test_teams_come_worst_first_and_the_chart_is_not_for_publication(self, kit):
        tallies = {"Team A": [0, 0, 2, 0, 0, 0, 0, 0], "Team B": [1, 0, 1, 0, 0, 0, 0, 0]}
        counts = pd.concat({team: kit.frame_of([row]) for team, row in tallies.items()}, names=["team"])
        chart = charts.team_matrix(counts)
        assert place_of(kit, chart, "Team B")[1] < place_of(kit, chart, "Team A")[1]
        assert "NOT FOR PUBLICATION: shows single teams." in drawn_words(kit, chart)
        assert "NOT FOR PUBLICATION" in chart.alt_text
        assert "NOT FOR PUBLICATION" in kit.plain(chart.table.html)


class TestAreaComparison:
    @pytest.fixture
    def counts(self, kit):
        rows = [[0, 0, 2, 1, 1, 0, 0, 0], [1, 0, 4, 0, 0, 0, 0, 1], [2, 0, 1, 0, 0, 0, 0, 0]]
        index = pd.MultiIndex.from_product(
            [["practice"], ["North", "South", "West"]], names=["domain", "area"]
        )
        return pd.DataFrame(rows, index, GRADES)

    def test_focus_stands_against_all_others_with_bounds(self, kit, counts):
        chart = charts.area_comparison(counts, focus="North")
        words = drawn_words(kit, chart)
        assert {"North", "All other areas", "1 or 2 of 4", "0 of 8"} <= set(words)
        assert place_of(kit, chart, "North")[1] < place_of(kit, chart, "All other areas")[1]
        assert chart.title == "Good or better: 1 or 2 of 4 domain gradings in North, 0 of 8 elsewhere"

    def test_one_other_area_can_be_named(self, kit, counts):
        words = drawn_words(kit, charts.area_comparison(counts, focus="North", other="West"))
        assert {"North", "West", "0 of 3"} <= set(words)
        assert "South" not in words

    def test_gradings_of_no_known_area_stand_on_neither_side(self, kit, counts):
        unstated = counts.rename(index={"West": np.nan}, level="area")
        chart = charts.area_comparison(unstated, focus="North")
        words = drawn_words(kit, chart)
        assert {"1 or 2 of 4", "0 of 5"} <= set(words)
        assert "Left out: 3 gradings whose area is not stated." in words
        assert "3 gradings whose area is not stated" in chart.alt_text

    def test_several_other_areas_are_added_up(self, kit, counts):
        words = drawn_words(kit, charts.area_comparison(counts, focus="West", other=["North", "South"]))
        assert {"North and South", "1 or 2 of 9"} <= set(words)

    def test_the_sentence_on_chance_stands_beneath_its_domain(self, kit, counts):
        found = pd.DataFrame({"domain": ["practice"], "sentence": ["Could be chance (p = 0.21)."]})
        chart = charts.area_comparison(counts, focus="North", comparison=found)
        below = place_of(kit, chart, "Could be chance (p = 0.21).")[1]
        assert below > place_of(kit, chart, "All other areas")[1]
        assert "p = 0.21" in chart.alt_text
        assert "p = 0.21" in kit.plain(chart.table.html)

    def test_the_strata_are_named_where_no_sentence_does(self, kit, counts):
        strata = {"strata_used": ["Safeguarding; LAC Permanency"], "strata_dropped": ["Care Leaving"]}
        found = pd.DataFrame(strata, pd.Index(["practice"], name="domain"))
        words = drawn_words(kit, charts.area_comparison(counts, focus="North", comparison=found))
        assert "Compared within Safeguarding and LAC Permanency." in words
        assert "Left out of the comparison, because one side has no team there: Care Leaving." in words

    def test_an_area_without_gradings_is_refused_by_name(self, counts):
        with pytest.raises(
            GradingsError, match="no gradings for 'Redditch'; the counts hold North, South, West"
        ):
            charts.area_comparison(counts, focus="Redditch")


class TestDivergingBars:
    @pytest.fixture
    def chart(self, kit):
        return charts.diverging_bars(kit.frame_of([[3, 0, 15, 0, 1, 0, 0, 0], [0, 0, 14, 0, 2, 0, 0, 3]]))

    def bars(self, kit, chart):
        squares = kit.collection(chart, "squares")
        tall = [path.vertices[:4] for path in squares.get_paths() if np.ptp(path.vertices[:, 1]) == 22]
        return [
            (to_hex(face), v[:, 0].min(), v[:, 0].max())
            for face, v in zip(self.faces(kit, chart), tall, strict=True)
        ]

    def faces(self, kit, chart):
        squares = kit.collection(chart, "squares")
        paths = squares.get_paths()
        return [
            f for f, p in zip(squares.get_facecolor(), paths, strict=True) if np.ptp(p.vertices[:, 1]) == 22
        ]

    def test_bars_meet_where_good_begins_and_are_as_wide_as_their_counts(self, kit, chart):
        (i, a, b), (ri, c, d), (g, e, f), *_ = self.bars(kit, chart)
        assert [i, ri, g] == [I, RI, G]
        assert b == pytest.approx(c)
        assert d == pytest.approx(e)
        assert [(b - a) / 3, (d - c) / 15, f - e] == pytest.approx([f - e] * 3)

    def test_every_row_has_the_anchor_in_one_place(self, kit, chart):
        starts = {round(low, 6) for face, low, _ in self.bars(kit, chart) if face == G}
        assert len(starts) == 1

    def test_there_is_a_notch_between_neighbours_only(self, kit, chart):
        assert len(kit.collection(chart, "ticks").get_paths()) == 2 + 14 + 13 + 1

    def test_totals_and_every_grade_are_printed_zeros_too(self, kit, chart):
        words = drawn_words(kit, chart)
        assert {"18", "14", "3 I, 15 RI, 1 G, 0 O", "0 I, 14 RI, 2 G, 0 O"} <= set(words)
        assert {"19 of 19", "16 of 19"} <= set(words)

    def test_a_split_across_the_boundary_has_its_own_lane(self, kit):
        chart = charts.diverging_bars(kit.frame_of([[0, 0, 3, 2, 1, 0, 0, 0]]))
        rules = kit.collection(chart, "rules")
        xs = sorted(
            p.vertices[0][0] for p, w in zip(rules.get_paths(), rules.get_linewidths(), strict=True) if w == 2
        )
        assert len(xs) == 2
        assert "G / RI lies across the boundary" in chart.alt_text


class TestCrossings:
    @pytest.fixture
    def moves(self):
        return pd.DataFrame({"RI": [3, 4, 1], "G": [0, 2, 1], "no judgement": [0, 1, 0]}, ["I", "RI", "G"])

    def test_moved_teams_are_filled_with_their_later_grade_and_the_diagonal_is_hollow(self, kit, moves):
        chart = charts.change_grid(moves)
        dashed = 1
        assert fills(kit, chart) == {RI: 3 + 1, G: 2, palette.WHITE: 4 + 1 + dashed}
        assert chart.title == "5 of 11 teams moved up, 1 moved down, 5 unchanged"

    def test_up_lies_to_the_right_of_the_diagonal(self, kit, moves):
        chart = charts.change_grid(moves)
        hollow = [(x, y) for (x, y), face, edge, _ in kit.outlined(chart) if face == palette.WHITE]
        up = next((x, y) for (x, y), face, _, _ in kit.outlined(chart) if face == G)
        same_row = [x for x, y in hollow if abs(y - up[1]) < 1 and x < up[0]]
        assert same_row

    def test_new_teams_and_those_not_graded_again_stand_apart(self, kit, moves):
        chart = charts.change_grid(
            moves, new={"G": 2}, not_again=pd.Series({"I": 1}), before="2017", after="2019"
        )
        words = " ".join(drawn_words(kit, chart))
        assert "New: graded in 2019 only: 2 (2 good)" in words
        assert "Not graded again: graded in 2017 only: 1 (1 inadequate)" in words
        assert "5 of 11 teams moved up" in chart.title

    def test_agreement_fills_the_diagonal(self, kit):
        pairs = pd.DataFrame({"RI": [1, 4], "G": [1, 2], "I": [2, 0]}, ["I", "RI"])
        chart = charts.agreement_grid(pairs)
        assert fills(kit, chart) == {I: 2, RI: 4, palette.WHITE: 1 + 1 + 2}
        assert chart.title == "The graders agree on 6 of 10 gradings, and on 9 within one grade"

    def test_a_stranger_is_refused(self):
        with pytest.raises(GradingsError, match="'X' is not a grade of the Ofsted scale"):
            charts.change_grid(pd.DataFrame({"X": [1]}, ["I"]))
        with pytest.raises(GradingsError, match="'X' is not a grade of the Ofsted scale"):
            charts.change_grid(pd.DataFrame({"G": [1]}, ["I"]), new={"X": 1})

    def test_several_domains_at_once_are_refused(self, moves):
        with pytest.raises(GradingsError, match="shows one domain"):
            charts.change_grid(pd.concat({"practice": moves, "overall": moves}))

    def test_negative_counts_are_refused(self):
        with pytest.raises(GradingsError, match="not a whole number"):
            charts.agreement_grid(pd.DataFrame({"G": [-1]}, ["I"]))


class TestRanges:
    def test_bounds_and_value_stand_where_their_numbers_say(self, kit):
        chart = charts.share_ranges(kit.frame_of([[0, 0, 1, 0, 3, 0, 0, 4]]))
        left, right = (place_of(kit, chart, words)[0] for words in ("none", "all"))
        bar = kit.collection(chart, "squares").get_paths()[0].vertices[:4, 0]
        mark = kit.collection(chart, "headlines").get_paths()[0].vertices[:4, 0].mean()
        share = [(x - left) / (right - left) for x in (bar.min(), bar.max(), mark)]
        assert share == pytest.approx([3 / 8, 7 / 8, 3 / 4], abs=1e-6)

    def test_the_undefined_is_said_and_not_drawn(self, kit):
        chart = charts.share_ranges(kit.frame_of([[0, 0, 0, 0, 0, 0, 0, 0]]))
        assert "none judged" in drawn_words(kit, chart)
        assert kit.collection(chart, "squares") is None
        assert kit.collection(chart, "headlines") is None

    def test_shares_are_k_of_n_with_what_stays_open(self, kit):
        counts = kit.frame_of([[0, 0, 10, 1, 2, 0, 0, 3], [0, 0, 4, 0, 0, 0, 0, 0]])
        chart = charts.share_ranges(counts)
        words = drawn_words(kit, chart)
        assert {"2 or 3 of 13", "between 2 and 6 of all 16", "0 of 4"} <= set(words)
        assert chart.title == "Good or better: 2 or 3 of 17 domain gradings"

    def test_an_interval_is_drawn_only_when_given(self, kit):
        counts = kit.frame_of([[0, 0, 10, 0, 2, 0, 0, 0]])
        assert kit.collection(charts.share_ranges(counts), "ticks") is None
        given = pd.DataFrame({"ci_low": [0.05], "ci_high": [0.45]}, counts.index)
        chart = charts.share_ranges(counts, intervals=given)
        assert len(kit.collection(chart, "ticks").get_paths()) == 3
        assert "Thin line: confidence interval." in drawn_words(kit, chart)

    def test_a_share_needs_a_whole_grade(self, kit):
        with pytest.raises(GradingsError, match="needs a whole grade, one of I, RI, G, O; found 'RI / I'"):
            charts.share_ranges(kit.frame_of([[0, 0, 1, 0, 0, 0, 0, 0]]), grade="RI / I")


class TestPooled:
    @pytest.fixture
    def counts(self, kit):
        return kit.frame_of([[6, 0, 12, 0, 2, 0, 0, 1], [0, 0, 20, 0, 20, 0, 0, 0], [1, 0, 3, 0, 0, 0, 0, 0]])

    def test_bars_are_divided_as_the_judged_are_worst_first(self, counts):
        figure = Figure(figsize=(8, 4))
        ax = figure.add_axes((0.3, 0.1, 0.5, 0.8))
        assert charts.plot_grade_shares(counts, ax=ax) is ax
        found = {
            (round(bar.get_y() + bar.get_height() / 2), to_hex(bar.get_facecolor())): bar
            for bar in ax.patches
        }
        assert found[0, I].get_x() == 0
        assert found[0, I].get_width() == pytest.approx(6 / 20)
        assert found[0, RI].get_x() == pytest.approx(6 / 20)
        assert found[0, G].get_width() == pytest.approx(2 / 20)
        assert found[1, G].get_x() == pytest.approx(0.5)
        assert ax.yaxis_inverted()

    def test_small_groups_get_no_share_but_their_counts(self, kit, counts):
        chart = charts.grade_shares(counts)
        note = "monitoring: fewer than 20 judged, so no share is drawn: 1 inadequate, 3 requires improvement"
        assert note in chart.alt_text
        assert "monitoring" not in drawn_words(kit, chart)

    def test_only_small_groups_are_refused(self, counts):
        with pytest.raises(GradingsError, match=r"no group has 20 judged gradings \(the largest has 4\)"):
            charts.grade_shares(counts.iloc[2:])

    def test_the_heat_map_is_darker_where_the_share_is_larger(self, kit, counts):
        ax = charts.share_heatmap(counts).axes[1]
        (mesh,) = ax.collections
        assert np.asarray(mesh.get_array()).reshape(2, 4) == pytest.approx(
            np.array([[0.3, 0.6, 0.1, 0.0], [0.0, 0.5, 0.5, 0.0]])
        )
        assert [text.get_text() for text in ax.texts][:8] == ["6", "12", "2", "0", "0", "20", "20", "0"]


class TestAxesLevel:
    def drawings(self, kit, counts):
        two = kit.stacked(counts, ["North", "South"], "area")
        return {
            "grade_grid": lambda ax: charts.plot_grade_grid(counts, ax=ax, labels=kit.LABELS),
            "service_matrix": lambda ax: charts.plot_service_matrix(two, ax=ax),
            "area_comparison": lambda ax: charts.plot_area_comparison(
                two.reorder_levels(["domain", "area"]), ax=ax, focus="North"
            ),
            "diverging_bars": lambda ax: charts.plot_diverging_bars(counts, ax=ax),
            "grade_shares": lambda ax: charts.plot_grade_shares(counts * 9, ax=ax),
        }

    @pytest.mark.parametrize("size", [(10, 8), (5, 3)])
    @pytest.mark.parametrize(
        "drawn", ["grade_grid", "service_matrix", "area_comparison", "diverging_bars", "grade_shares"]
    )
    def test_it_draws_on_the_axes_given_inside_its_frame_and_gives_it_back(
        self, kit, safeguarding, drawn, size
    ):
        figure = Figure(figsize=size, dpi=72)
        ax = (
            figure.add_axes((0.3, 0.1, 0.5, 0.8))
            if "share" in drawn
            else figure.add_axes((0.05, 0.05, 0.9, 0.9))
        )
        assert self.drawings(kit, safeguarding)[drawn](ax) is ax
        assert figure.axes == [ax]
        assert figure.texts == []
        if drawn == "grade_shares":
            return
        frame = ax.get_window_extent()
        with mpl.style.context("improvement_analysis.improvement"):
            boxes = [(text.get_text(), text.get_window_extent()) for text in ax.texts]
        for words, box in boxes:
            assert frame.x0 - 1 <= box.x0 <= box.x1 <= frame.x1 + 1, words
            assert frame.y0 - 2 <= box.y0 <= box.y1 <= frame.y1 + 2, words

    def test_two_charts_stand_side_by_side(self, kit, safeguarding):
        figure = Figure(figsize=(16, 6), dpi=72)
        left, right = figure.subplots(1, 2)
        charts.plot_grade_grid(safeguarding, ax=left)
        charts.plot_diverging_bars(safeguarding, ax=right)
        assert len(left.texts) > 30
        assert len(right.texts) > 20
