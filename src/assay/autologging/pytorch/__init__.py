"""Autologging of PyTorch: trainings with Lightning, and what is written for TensorBoard."""
