"""Entente: tested indicators of US–Mexico relations."""
