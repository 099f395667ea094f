"""Autologging of LightGBM: boosters, and estimators around them."""
