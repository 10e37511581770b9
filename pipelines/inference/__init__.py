"""Honest association of monthly series: pre-whitening, permutation, bands, placebo dates, multiplicity, re-testing."""
