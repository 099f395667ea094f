"""Autologging of Transformers: trainings by its `Trainer`, and what is evaluated with it afterwards."""
