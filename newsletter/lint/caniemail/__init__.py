"""Which mail program shows what: caniemail's data, and which of its features a letter uses.

``data.json`` is made by ``scripts/update_caniemail.py`` from the npm package ``caniemail`` and is
under the licence in ``LICENSE`` (MIT). The data is as good as its tests: many are years old, so
whoever reports a value says its date, too.
"""
