"""Where a plot puts what it shows."""

from datetime import date

from archive.domain.agreement.alpha import Interval
from archive.domain.agreement.figures import Figures
from archive.web.agreement.plots import measures_plot, months_plot

GOOD = Figures(60, 50, 0.8, Interval(0.72, 0.88))
FAIR = Figures(60, 40, 0.55, Interval(0.41, 0.66))
POOR = Figures(60, 20, 0.05, Interval(-0.12, 0.2))
FEW = Figures(12, 9, None, None)


def test_a_scale_has_room_for_every_interval_and_ends_at_one() -> None:
    labels = [[line.label for line in measures_plot([("a", one), ("b", GOOD)]).lines] for one in (GOOD, FAIR, POOR)]
    assert labels[0] == ["0.7", "0.8", "0.9", "1.0"]
    assert labels[1] == ["0.4", "0.6", "0.8", "1.0"]
    assert labels[2] == ["−0.5", "0.0", "0.5", "1.0"]


def test_measures_lie_below_one_another_from_left_to_right() -> None:
    plot = measures_plot([("Nominal", GOOD), ("Mixed", FAIR)])
    assert [(dot.name, dot.across) for dot in plot.dots] == [("Nominal", 22), ("Mixed", 60)]
    assert (plot.dots[0].at, plot.dots[0].low, plot.dots[0].high) == (278.0, 249.2, 306.8)  # 134 is 0.4, and 350 is 1
    assert plot.height == 104


def test_months_lie_beside_one_another_and_those_with_too_few_answers_have_no_dot() -> None:
    plot = months_plot([(date(2026, month, 1), FEW if month == 6 else GOOD) for month in range(5, 12)])
    assert [dot.name for dot in plot.dots] == ["May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]
    assert [dot.across for dot in plot.dots] == [52.0, 99.0, 146.0, 193.0, 240.0, 287.0, 334.0]
    assert [dot.at for dot in plot.dots[:2]] == [116.7, None]  # 170 is 0.7, and 10 is 1; 0.8 lies in between
    assert plot.has_dots
    assert not months_plot([(date(2026, 5, 1), FEW)]).has_dots


def test_of_many_months_only_some_are_named() -> None:
    plot = months_plot([(date(2020 + number // 12, number % 12 + 1, 1), GOOD) for number in range(30)])
    assert [dot.name for dot in plot.dots if dot.name] == ["Jan", "May", "Sep", "Jan", "May", "Sep", "Jan", "May"]


def test_an_alpha_of_one_lies_at_the_end_of_a_scale() -> None:
    plot = measures_plot([("a", Figures(60, 60, 1.0, Interval(1, 1)))])
    assert [line.label for line in plot.lines] == ["0.9", "1.0"]
    assert plot.dots[0].at == 350
