"""Allure's report of runs: their results with the texts of the plan, and the command line that makes one HTML file of them."""

from pathlib import Path

HERE = Path(__file__).resolve().parent
WORDS = HERE / "words.toml"
