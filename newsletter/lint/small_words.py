"""Words that are capitalised beside a name without being part of it: titles, first words."""

from __future__ import annotations

_TITLES = """
mr mrs ms miss dr prof professor sir dame lord lady president minister mayor councillor senator
judge captain general colonel father sister brother saint st king queen prince princess chief
director editor chancellor secretary deputy former herr frau präsident präsidentin ministerin
kanzler kanzlerin bürgermeister bürgermeisterin madame monsieur mme m président présidente
ministre señor señora don doña presidente ministro pan pani prezydent
"""

# What begins a sentence right before a name: "Later Okafor left", "Später ging Müller".
_FIRST_WORDS = """
photo illustration foto bild фото a after all also although an and are as at because before both
but by can could did do does even every for from had has have he her here his how however i if in
is it its last later like many may more most my neither next no not now of on once one only or our
perhaps she should since so some still such than that the their then there these they this those
though through to today tomorrow under until was we were what when where which while who why will
with would yesterday yet you your aber als am auch auf aus bei bis da damit dann das dass dem den
der des die doch drei durch ein eine einen einer er es für gegen gestern hat hatte heute hier ich
ihr im ist jetzt kein man mit morgen nach nicht noch nun nur ob oder schon seit sie später trotz
um und unter vom von vor während war weil wenn wer wie wir wo zu zum zur zwei au aux avec ce ces
cette dans de depuis du elle en et il ils je la le les leur lors mais ne nous ou où par pour puis
quand que qui sa sans se selon ses si son sur un une al con cuando del desde el ella ese este hoy
las los luego para pero por según sin su tras una y ya ale bo było był była co dla gdy jak jednak
już kiedy na nie o od ona po pod potem przed przez są tam teraz tu w wczoraj z za ze że а але без
був була були бо в від він вона вони вже для до є з за зараз і із й коли ми на не нам о об під
після по при про потім та так там то тоді тут у хто це ці цього чи що щоб як я было был была были
бы во вот все вчера да если ещё же из или их к как когда кто мы надо но он она они от ответил
потом поэтому после с сегодня только тогда что чтобы эта это этот
"""

NO_NAMES = frozenset(f"{_TITLES} {_FIRST_WORDS}".split())
"""Folded; of English, German, French, Spanish, Polish, Ukrainian and Russian."""
