"""Simulations of the procedures of `pipelines/inference` on worlds where the truth is known."""
