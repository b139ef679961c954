"""Who may be mailed: subscribers, suppressions, CSV in and out."""
