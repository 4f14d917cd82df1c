"""Measurements; none of them judges by the clock alone: figures are ratios within one run."""
