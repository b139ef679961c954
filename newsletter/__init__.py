"""Newsletter as code: issues are YAML files in git, checked, previewed, and sent."""

__version__ = "0.1.0"
