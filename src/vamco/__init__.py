"""Vàm Cỏ: the operations centre and shared data warehouse of a Vietnamese province."""
