"""How older databases become newer ones; run by ``newsletter.database.schema``."""
