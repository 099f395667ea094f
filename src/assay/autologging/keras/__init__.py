"""Autologging of Keras: what `fit` is told, how it goes, and the model that comes of it."""
