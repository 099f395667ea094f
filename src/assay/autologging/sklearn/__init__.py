"""Autologging of scikit-learn: trainings, searches, and what is evaluated afterwards."""
