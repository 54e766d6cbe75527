"""Error analysis of image classifiers: sample errors, tick causes, read shares and ceilings."""

from importlib.metadata import version

__version__ = version("errortool")
