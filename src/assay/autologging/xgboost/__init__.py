"""Autologging of XGBoost: boosters, and estimators around them."""
