"""What an inbound message means: bounce, complaint, automatic answer, unsubscription or mail."""

from __future__ import annotations

from newsletter.feedback.classify.classifier import classify
from newsletter.feedback.classify.report import Action, Kind, Original, Recipient, Report, Verdict

__all__ = ["Action", "Kind", "Original", "Recipient", "Report", "Verdict", "classify"]
