from __future__ import annotations

import random
from difflib import SequenceMatcher

import pytest

from core.summary.evidence import ALIKE, EXACT_BELOW, Checker, Claim, names_in, numbers_in
from core.summary.sentences import Text
from core.values import Channel, Line, Section, Segment, Word

SENT = "Marc will send twenty-five invoices to Lyon."
WORDS = tuple(Word(20.0 + n, 20.9 + n, f" {word}", 0.9) for n, word in enumerate(SENT.split()))
SEGMENTS = (
    Segment(0.0, 9.0, "Good morning, everyone: let's begin with the fair.", id=5, speaker="Ana"),
    Segment(10.0, 19.0, "L'été dernier, l'école a payé 2 500 euros.", id=6, speaker="Ana"),
    Segment(20.0, 27.0, SENT, WORDS, id=7, speaker="Ana"),
    Segment(30.0, 39.0, "And then we all went home very early on that day.", id=8, speaker="Zoé"),
)
CHECKER = Checker(Text(SEGMENTS), "en")


def test_a_quote_is_found_with_its_exact_words_and_times() -> None:
    found = CHECKER.locate(Claim("WILL SEND twenty five invoices!", (7,)))
    assert found is not None
    assert (found.segment_ids, found.start, found.end) == ((7,), 21.0, 24.9)
    assert found.quote == "will send twenty-five invoices"


@pytest.mark.parametrize(
    ("quote", "ids", "where"),
    [
        ("L ete dernier l ecole a paye", (6,), (6,)),
        ("let’s begin  with the fair", (), (5,)),
        ("let's begin with the fair", (8,), (5,)),
        ("Marc will send twenty-five invoices to London", (7,), (7,)),
        ("and then we went home very early that day", (5,), (8,)),
        ("with the fair. L'été dernier", (5, 6), (5, 6)),
        ("Lyon", (7,), (7,)),
    ],
)
def test_quotes_are_found_in_spite_of_small_differences(
    quote: str, ids: tuple[int, ...], where: tuple[int, ...]
) -> None:
    found = CHECKER.locate(Claim(quote, ids))
    assert found is not None
    assert found.segment_ids == where
    assert found.quote in " ".join(one.text for one in SEGMENTS if one.id in where)


def test_a_quote_is_of_one_channel_whoever_spoke_in_between() -> None:
    theirs, mine = Channel.SYSTEM, Channel.MICROPHONE
    checker = Checker(
        Text(
            [
                Segment(0.0, 4.0, "We will move the summer fair", id=1, channel=theirs),
                Segment(3.0, 5.0, "to the big park, I hope,", id=2, channel=mine),
                Segment(4.0, 7.0, "to the fifteenth of April.", id=3, channel=theirs),
            ]
        ),
        "en",
    )
    found = checker.locate(Claim("move the summer fair to the fifteenth", (1, 2, 3)))
    assert found is not None
    assert (found.segment_ids, found.quote) == ((1, 3), "move the summer fair to the fifteenth")
    assert checker.locate(Claim("the summer fair to the big park", (1, 2))) is None
    assert checker.locate(Claim("the big park", (1,))) is not None


@pytest.mark.parametrize(
    "quote", ["", "...", "the elephants were paid in gold", "Paris", "day that on early very home went"]
)
def test_what_was_not_said_is_not_found(quote: str) -> None:
    assert CHECKER.locate(Claim(quote, (7,))) is None


def test_a_line_without_support_is_marked_and_kept() -> None:
    line = CHECKER.check(
        Line(Section.KEY_POINTS, "They paid Lisbon 900 euros."), [Claim("paid in pure gold bars", (7,))]
    )
    assert (line.supported, line.evidence, line.unverified) == (False, (), ("900", "Lisbon"))


@pytest.mark.parametrize(
    ("text", "owner", "quote", "lacking"),
    [
        ("Send 25 invoices to Lyon", "Marc", "Marc will send", ()),
        ("Envoyer vingt-cinq factures à Lyon", "Marc", "Marc will send", ()),
        ("Send 26 invoices to Nice", "Marc", "Marc will send", ("26", "Nice")),
        ("Send the invoices", "Julia", "Marc will send", ("Julia",)),
        ("Send the invoices", "Zoé", "Marc will send", ()),
        ("The school paid 2,500 euros in Summer", "", "l'école a payé", ("Summer",)),
        ("The school paid two thousand five hundred euros", "the school team", "l'école a payé", ()),
        ("The school paid 250 euros", "", "l'école a payé", ("250",)),
    ],
)
def test_names_and_numbers_are_compared_across_languages(
    text: str, owner: str, quote: str, lacking: tuple[str, ...]
) -> None:
    line = CHECKER.check(Line(Section.ACTION_ITEMS, text, owner=owner), [Claim(quote, ())])
    assert line.supported
    assert line.unverified == lacking


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20,000 euros", 20_000),
        ("20 000 euros", 20_000),
        ("3.5 percent", 3.5),
        ("3,5 pour cent", 3.5),
        ("twenty thousand", 20_000),
        ("two hundred and fifty", 250),
        ("deux mille cinq cents", 2500),
        ("quatre-vingt-dix", 90),
        ("quatre-vingt-douze", 92),
        ("soixante-dix", 70),
        ("the 15th of April", 15),
        ("the fifteenth of April", 15),
        ("vingt et un", 21),
        ("1.5 million euros", 1_500_000),
        ("1,5 million d'euros", 1_500_000),
        ("20k", 20_000),
        ("3 M€", 3_000_000),
        ("1.80 m", 1.8),
        ("two dozen", 24),
        ("une vingtaine", 20),
        ("la deuxième proposition", 2),
        ("deux milliards", 2_000_000_000),
        ("50 cents", 50),
    ],
)
def test_numbers_in_figures_and_words(text: str, value: float) -> None:
    assert value in numbers_in(text)


def test_articles_are_no_numbers_and_days_no_names() -> None:
    assert (
        CHECKER.unverified(Line(Section.KEY_POINTS, "One plan, un devis, some cents and a budget on Monday"))
        == ()
    )
    assert names_in("On Friday Marc met Élodie. The I and Monday, in Lyon") == ("Marc", "Élodie", "Lyon")


def checker(*said: str, language: str = "en") -> Checker:
    segments = (Segment(10.0 * n, 10.0 * n + 8, text, id=n + 1) for n, text in enumerate(said))
    return Checker(Text(segments), language)


AGREE = [
    ("fr", "Daniel enverra le rapport à Londres avant le 15 avril, soit 20 000 euros et trente pour cent.",
     "Daniel will send the report to London before April 15th, that's twenty thousand euros and 30 percent."),
    ("en", "The second offer from Germany costs 2,500 euros, 30 % less.",
     "La deuxième offre d'Allemagne coûte deux mille cinq cents euros, trente pour cent de moins."),
    ("de", "Daniel schickt den Bericht mit den Zahlen für das Treffen in London.",
     "Daniel sends the report with the numbers to the London meeting."),
    ("ru", "Даниэль отправит отчёт.", "Daniel sends the report."),
    ("en", "Somebody will call the Swiss office.", "Somebody will call the Swiss office."),
    ("en", "The German shop in the Netherlands is closed.",
     "Le magasin allemand aux Pays-Bas est fermé, tout le monde le sait."),
    ("en", "Two teams work together, and the Others agreed. Others will join.",
     "Two teams work together, that is what we agreed and they will join."),
    ("en", "Tickets will cost more.", "Les billets coûteront plus cher, c'est sûr, et les enfants ne paient pas."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "said"), AGREE)
def test_what_agrees_in_another_language_is_not_flagged(language: str, text: str, said: str) -> None:
    line = checker(said, language=language).check(Line(Section.KEY_POINTS, text), [Claim(said, (1,))])
    assert (line.supported, line.unverified) == (True, ())


DISAGREE = [
    (
        "fr",
        "Daniel enverra 3 rapports à Lisbonne.",
        "Daniel will send two reports to London.",
        ("3", "Lisbonne"),
    ),
    ("en", "Julia will send the report.", "Daniel will send the report, that is for sure.", ("Julia",)),
    ("en", "They spent 2 million.", "They spent two thousand, that is what we have.", ("2 million",)),
    ("de", "Es kostet 900 Euro.", "It costs 500 euros, that is all.", ("900",)),
]


@pytest.mark.parametrize(("language", "text", "said", "lacking"), DISAGREE)
def test_what_does_not_agree_is_flagged_in_any_language(
    language: str, text: str, said: str, lacking: tuple[str, ...]
) -> None:
    line = checker(said, language=language).check(Line(Section.KEY_POINTS, text), [Claim(said, (1,))])
    assert (line.supported, line.unverified) == (True, lacking)


def test_of_a_line_without_support_only_what_was_never_said_is_flagged() -> None:
    known = checker("Marc has 25 invoices.", "Somebody called from Lyon.")
    line = known.check(Line(Section.KEY_POINTS, "In Lyon Marc and Zed burnt 25 or 31 invoices."), [])
    assert (line.supported, line.unverified) == (False, ("31", "Zed"))


def test_a_due_date_that_nobody_spoke_of_is_flagged() -> None:
    known = checker("Marc will send them by Friday.")
    for due, lacking in (("by Friday", ()), ("by Monday", ("by Monday",))):
        line = Line(Section.ACTION_ITEMS, "Send them", owner="Marc", due_said=due)
        assert known.check(line, [Claim("Marc will send them", (1,))]).unverified == lacking


@pytest.mark.parametrize("seed", range(30))
def test_nearly_the_same_words_are_found_wherever_they_stand(seed: int) -> None:
    chance = random.Random(seed)
    said = [chance.choice("abcdefg") * 3 for _ in range(chance.randint(9, 60))]
    count = chance.randint(EXACT_BELOW, 9)
    passages = [said[place : place + count] for place in range(len(said) - count + 1)]
    wanted = [chance.choice("abcdefg") * 3 if chance.random() < 0.3 else w for w in chance.choice(passages)]
    alike = max(SequenceMatcher(None, wanted, one, autojunk=False).ratio() for one in passages)
    found = checker(" ".join(said)).locate(Claim(" ".join(wanted), ()))
    assert (found is not None) == (alike >= ALIKE)
