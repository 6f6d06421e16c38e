"""Commands that measure probabilities on the data of others."""

import typer

from opps.cli import benchmark_scoring, benchmark_trend

benchmarks = typer.Typer(
    help="Measure the probabilities on data that opps was not made for.", no_args_is_help=True
)


def add_to(application: typer.Typer) -> None:
    benchmarks.command()(benchmark_scoring.scoring)
    benchmarks.command()(benchmark_trend.trend)
    application.add_typer(benchmarks, name="benchmark")
