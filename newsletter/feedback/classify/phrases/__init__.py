"""What mail systems say, gathered over the languages; each table ready to be searched."""

from __future__ import annotations

from newsletter.feedback.classify.phrases import (
    asian,
    central,
    english_gone,
    english_nobody,
    english_rules,
    english_trouble,
    german,
    notices,
    replies,
    romance,
    slavic,
    unsubscribing,
)
from newsletter.feedback.classify.wording import Phrases

EITHER = Phrases(english_nobody.EITHER)
"""A missing mailbox or something else, said in one sentence for both."""
SENDER = Phrases(english_rules.SENDER, romance.SENDER, slavic.SENDER, german.SENDER, asian.SENDER)
"""The refusal is about the sender, the message or its rate, whatever else it mentions."""
FULL = Phrases(
    english_trouble.FULL, german.FULL, romance.FULL, slavic.FULL, central.FULL, asian.FULL
)
"""The mailbox has no room."""
PASSING = Phrases(
    english_trouble.PASSING, german.PASSING, romance.PASSING, slavic.PASSING, asian.PASSING
)
"""It may pass, even where a missing mailbox is mentioned beside it."""
DEAD = Phrases(
    english_nobody.NOBODY,
    english_gone.CLOSED,
    english_gone.DOMAIN,
    german.DEAD,
    romance.DEAD,
    slavic.DEAD,
    central.DEAD,
    asian.DEAD,
)
"""There is no such mailbox or no such domain."""
POLICY = Phrases(english_rules.POLICY, german.POLICY, romance.POLICY, slavic.POLICY, asian.POLICY)
"""Refused by a rule, unless the reply also says that there is no mailbox."""
TEMPORARY = Phrases(
    english_trouble.TEMPORARY,
    german.TEMPORARY,
    romance.TEMPORARY,
    slavic.TEMPORARY,
    central.TEMPORARY,
    asian.TEMPORARY,
)
"""The way there, the size or the system is the trouble."""
DOUBTFUL = Phrases(
    english_nobody.DOUBTFUL,
    english_gone.INACTIVE,
    german.DOUBTFUL,
    romance.DOUBTFUL,
    asian.DOUBTFUL,
)
"""Most often a missing mailbox, but said in words that are used for other things too."""

PRETENDED = Phrases(english_nobody.PRETENDED)
"""What filters say that pretend that there is no such mailbox."""

BOUNCE_SUBJECTS = Phrases(notices.SUBJECTS)
BOUNCE_WORDS = Phrases(notices.WORDS)
STILL_TRYING = Phrases(notices.STILL_TRYING)
DELIVERED = Phrases(notices.DELIVERED)
VACATION_SUBJECTS = Phrases(replies.SUBJECTS)
VACATION_WORDS = Phrases(replies.WORDS)
CHALLENGES = Phrases(replies.CHALLENGES)
UNSUBSCRIBING = frozenset(unsubscribing.WORDS)
