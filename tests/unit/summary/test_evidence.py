from __future__ import annotations

import random
from datetime import date
from difflib import SequenceMatcher

import pytest

from core.summary.evidence import ALIKE, SHORTEST, Checker, Claim
from core.summary.names import names_in
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
        ("Marc will be sending twenty-five invoices to Lyon", (7,), (7,)),
        ("and then we went home very early that day", (5,), (8,)),
        ("with the fair. L'été dernier", (5, 6), (5, 6)),
        ("twenty-five invoices to Lyon", (7,), (7,)),
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
    assert checker.locate(Claim("to the big park, I hope", (1,))) is not None


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
        ("Send 25 invoices to Lyon", "Marc", SENT, ()),
        ("Envoyer vingt-cinq factures à Lyon", "Marc", SENT, ()),
        ("Send 26 invoices to Nice", "Marc", SENT, ("26", "Nice")),
        ("Send the invoices", "Julia", SENT, ("Julia",)),
        ("Send the invoices", "Zoé", SENT, ()),
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


def test_articles_are_no_numbers_and_days_no_names() -> None:
    assert CHECKER.unverified(Line(Section.KEY_POINTS, "One plan, un devis, some cents and a budget")) == ()
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
        assert known.check(line, [Claim("Marc will send them by Friday", (1,))]).unverified == lacking


@pytest.mark.parametrize("seed", range(30))
def test_nearly_the_same_words_are_found_wherever_they_stand(seed: int) -> None:
    chance = random.Random(seed)
    said = [chance.choice("abcdefg") * 3 for _ in range(chance.randint(9, 60))]
    count = chance.randint(SHORTEST + 2, 9)
    passages = [said[place : place + count] for place in range(len(said) - count + 1)]
    wanted = [chance.choice("abcdefg") * 3 if chance.random() < 0.3 else w for w in chance.choice(passages)]
    alike = max(SequenceMatcher(None, wanted, one, autojunk=False).ratio() for one in passages)
    found = checker(" ".join(said)).locate(Claim(" ".join(wanted), ()))
    assert (found is not None) == (alike >= ALIKE)


HALL = (
    "Hello everybody, okay, let us begin.",
    "We looked at the three quotes and Baxter's is the cheapest at nine thousand eight hundred.",
    "We take Baxter's, they start on the sixteenth of February.",
    "Deborah signs the contract this week, and tomorrow she calls the bank.",
    "Okay.",
    "The summer fair has no date yet.",
)
TAKEN = Claim("We take Baxter's, they start on the sixteenth of February", (3,))


def of_the_hall(text: str, language: str = "en", claim: Claim = TAKEN) -> Line:
    segments = [Segment(5.0 * n, 5.0 * n + 4, said, id=n + 1, speaker="Priya") for n, said in enumerate(HALL)]
    known = Checker(Text(segments), language, spoken="en", told=date(2026, 2, 3))
    return known.check(Line(Section.DECISIONS, text), [claim])


@pytest.mark.parametrize(
    ("language", "text", "lacking"),
    [
        ("en", "Fabrice approved the offer of Baxter's.", ("Fabrice",)),
        ("en", "Baxter's is chosen. Zelensky objected.", ("Zelensky",)),
        ("en", "Karim and Fabrice will sign the offer of Baxter's.", ("Karim", "Fabrice")),
        ("en", "Northgate's offer starts with Baxter's.", ("Northgate",)),
        ("fr", "Fabrice a approuvé l'offre de Baxter's.", ("Fabrice",)),
        ("fr", "Élodie signera le contrat.", ("Élodie",)),
        ("es", "Fabricio aprobó la oferta.", ("Fabricio",)),
        ("it", "Fabrizio ha approvato l'offerta.", ("Fabrizio",)),
        ("pt", "Fabrício aprovou a oferta.", ("Fabrício",)),
        ("nl", "Fabrice heeft de offerte goedgekeurd.", ("Fabrice",)),
        (
            "de",
            "Fabrice Dupont hat den Vertrag mit Siemens für zwölftausend Euro genehmigt.",
            ("zwölftausend", "Fabrice", "Dupont"),
        ),
        ("de", "Der Vertrag wurde von Herrn Dupont genehmigt.", ("Dupont",)),
        ("es", "Cuesta doce mil libras.", ("doce mil",)),
        ("ja", "田中さんが承認した、予算は五百万円。", ("五百万", "田中")),
        ("en", "Fabrice: sign the contract of Baxter's.", ("Fabrice",)),
        ("en", "- Fabrice Dupont – sign the contract of Baxter's.", ("Fabrice", "Dupont")),
        ("fr", "Fabrice Dupont : signer le contrat de Baxter's.", ("Fabrice", "Dupont")),
        ("ru", "Договор подписал Фабрис.", ("Фабрис",)),
        ("ar", "وافق السيد فابريس على العرض.", ("فابريس",)),
        ("en", "Baxter's start in March on a Tuesday.", ("March", "Tuesday")),
        ("fr", "Baxter's commence un mardi de mars.", ("mardi", "mars")),
        ("de", "Baxter's beginnt im März.", ("März",)),
    ],
)
def test_what_was_invented_is_flagged_wherever_it_stands(
    language: str, text: str, lacking: tuple[str, ...]
) -> None:
    assert of_the_hall(text, language).unverified == lacking


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Baxter's is chosen and will start on 16 February."),
        ("en", "Priya agreed to take Baxter's."),
        ("en", "Quotes compared; budget approved for Baxter's."),
        ("en", "However, Baxter's may start on the sixteenth."),
        ("en", "Additionally, Priya takes Baxter's."),
        ("en", "Tickets will cost more."),
        ("en", "Send invoices to Baxter's."),
        ("fr", "Signer le contrat de Baxter's, à partir du seize février."),
        ("fr", "Réunion à prévoir en février."),
        ("de", "Das Angebot von Baxter's ist genehmigt, Beginn ist am 16. Februar."),
        ("de", "Für die Genehmigung des Vertrags unterschreibt Priya, Ende Februar."),
        ("es", "Baxter's empieza el dieciséis de febrero."),
        ("it", "Baxter's comincia il sedici febbraio."),
        ("nl", "Baxter's begint op zestien februari."),
        ("ru", "Они начнут 16 февраля."),
        ("ru", "Договор подписала Прия."),
        ("el", "Συμφωνεί η Πρίγια."),
        ("en", "Priya: take Baxter's."),
        ("en", "Contract: take Baxter's."),
        ("fr", "Contrat : prendre Baxter's."),
    ],
)
def test_what_was_said_is_not_flagged_in_any_language(language: str, text: str) -> None:
    assert of_the_hall(text, language).unverified == ()


def test_a_day_may_be_named_for_one_that_was_meant() -> None:
    call = Claim("and tomorrow she calls the bank", (4,))
    assert of_the_hall("Deborah calls the bank on Wednesday, 4 February.", claim=call).unverified == ()
    assert of_the_hall("Deborah calls the bank on Sunday the 15th.", claim=call).unverified == (
        "15",
        "Sunday",
    )


@pytest.mark.parametrize(
    "quote",
    [
        "the",
        "okay",
        "Thanks",
        "Baxter's",
        "let us begin",
        "they start on the",
        "We do not take Baxter's, they start on the sixteenth of February",
        "We take Northgate, they start on the sixteenth of February",
        "We take Baxter's, they start on the seventeenth of February",
    ],
)
@pytest.mark.parametrize("ids", [(), (3,)])
def test_a_quote_that_tells_nothing_or_something_else_is_no_evidence(
    quote: str, ids: tuple[int, ...]
) -> None:
    line = of_the_hall("We take Baxter's offer.", claim=Claim(quote, ids))
    stands_there = ids and quote in HALL[ids[0] - 1]
    assert (line.supported, [one.quote for one in line.evidence]) == (False, [quote] * bool(stands_there))


COMMON = (
    ("en", "Yes. We'll do it again this week.", "We'll do it again this week.", "again"),
    ("en", "So what do we want to do about it then?", "what do we want to do about it", "about it then"),
    ("fr", "Oui, moi. Je le fais encore ce mois.", "Je le fais encore ce mois", "Oui moi"),
    ("de", "Ja. Das will ich so.", "Das will ich so", "will ich"),
    ("es", "Vale. Yo no lo sé.", "Yo no lo sé", "sé"),
)


@pytest.mark.parametrize(("language", "said", "quote", "scrap"), COMMON)
def test_what_stands_in_its_segment_is_found_however_common_and_a_scrap_says_too_little(
    language: str, said: str, quote: str, scrap: str
) -> None:
    known = Checker(Text((Segment(0.0, 4.0, said, id=1),)), language, spoken=language)
    line = Line(Section.KEY_POINTS, "Carton")
    assert known.check(line, [Claim(quote, (1,))]).supported
    little = known.check(line, [Claim(scrap, (1,))])
    assert (little.supported, len(little.evidence)) == (False, 1)
    # Of words as common as these the segment has to be named, and what is glued together stands nowhere.
    for claim in (Claim(scrap, ()), Claim(f"{quote} {quote}", (1,))):
        assert known.check(line, [claim]).evidence == ()


def test_a_quote_that_leaves_a_not_out_proves_only_what_denies() -> None:
    known = checker("Northgate is too dear.", "So we do not take Northgate for the hall, never.")
    claim = Claim("take Northgate for the hall, never", (2,))
    no = known.check(Line(Section.DECISIONS, "Northgate is not taken for the hall."), [claim])
    assert [one.quote for one in no.evidence] == ["not take Northgate for the hall, never"]
    assert not known.check(Line(Section.DECISIONS, "Northgate gets the hall."), [claim]).supported
    assert checker("No, we take Northgate for the hall.").locate(Claim("we take Northgate for the hall", ()))


@pytest.mark.parametrize(
    ("spoken", "said", "quote", "denied", "affirmed"),
    [
        (
            "fr",
            "Donc on ne veut pas louer la salle à Martin le soir.",
            "louer la salle à Martin le soir",
            "La salle n'est pas louée à Martin.",
            "La salle est louée à Martin.",
        ),
        (
            "de",
            "Also wollen wir den Saal nicht am Abend an Krause vermieten.",
            "am Abend an Krause vermieten",
            "Der Saal wird abends nicht an Krause vermietet.",
            "Der Saal wird abends an Krause vermietet.",
        ),
        (
            "es",
            "Entonces no vamos a alquilar la sala a Ortega.",
            "vamos a alquilar la sala a Ortega",
            "La sala no se alquila a Ortega.",
            "La sala se alquila a Ortega.",
        ),
    ],
)
def test_a_not_agrees_in_other_languages_too(
    spoken: str, said: str, quote: str, denied: str, affirmed: str
) -> None:
    segments = (Segment(0.0, 8.0, said, id=1),)
    known = Checker(Text(segments), spoken, spoken=spoken)
    lines = [known.check(Line(Section.DECISIONS, text), [Claim(quote, (1,))]) for text in (denied, affirmed)]
    assert [one.supported for one in lines] == [True, False]
    # Nearly the same words without the "not" are other words.
    words = said.replace(" ne ", " ").split()
    without = " ".join(word for word in words if word not in {"pas", "nicht", "no"})
    assert known.locate(Claim(said, (1,)))
    assert known.locate(Claim(without, (1,))) is None
    # Nobody said "not" where the line does.
    affirming = Checker(Text((Segment(0.0, 8.0, without, id=1),)), spoken, spoken=spoken)
    line = affirming.check(Line(Section.DECISIONS, denied), [Claim(without, (1,))])
    assert line.unverified in {("pas",), ("nicht",), ("no",)}


def test_a_line_has_a_word_in_common_with_what_was_said_there() -> None:
    assert not of_the_hall("The company will be sold to its rival.").supported
    assert of_the_hall("The company takes the cheapest offer.").supported
    assert of_the_hall("La société sera vendue à sa rivale.", "fr").supported
    assert (
        not checker("Okay.", "We agree.")
        .check(Line(Section.DECISIONS, "The company will be sold."), [Claim("Okay", (1,))])
        .supported
    )


def test_all_of_a_short_segment_is_a_quote() -> None:
    known = checker("Shall we hire Northgate?", "Agreed, hire them.", "Fine.")
    line = known.check(Line(Section.DECISIONS, "Hire Northgate."), [Claim("Agreed, hire them", (2,))])
    assert line.supported


@pytest.mark.parametrize(
    ("title", "lacking"),
    [
        ("The board of Harbour Lights, 24.11.2026", ()),
        ("Roof and minibus: November 24", ()),
        ("Whitaker wins the roof for 99,000", ("99,000", "Whitaker")),
        ("Whitaker Wins The Roof", ("Whitaker",)),
        ("Strategy Workshop", ()),
        ("The roof goes to Whitaker", ("Whitaker",)),
        ("The minibus costs 390", ("390",)),
    ],
)
def test_a_title_names_nobody_and_nothing_that_was_not_said(title: str, lacking: tuple[str, ...]) -> None:
    said = (
        Segment(0.0, 8.0, "This is the board of Harbour Lights. First the roof, then the minibus.", id=1),
    )
    checker = Checker(Text(said), "en", spoken="en", told=date(2026, 11, 24))
    assert set(checker.unheard(title)) == set(lacking)


AGREED = "Agreed, Bennett gets the roof at 42,500 pounds."
INVENTED = {
    "en": """Johnson gets the roof.|Siobhan gets the roof.|Rodriguez gets the roof at 42,500.|Nguyen wins the roof.
        Acme gets the roof.|Paris gets the roof.|Edwards builds the roof.|Whitaker gets the roof.""",
    "de": """Das Dach geht an Krause.|Das Dach bekommt Hoffmann.|Wagner bekommt das Dach.
        Laut Becker kostet das Dach mehr.|Der Auftrag geht nach Hamburg.|Siemens bekommt das Dach.
        Becker und Neumann bekommen das Dach.|Den Auftrag erhält Neumann.|Anna bekommt das Dach.
        Das Dach macht Schneider für 42.500.""",
    "es": """García hará el tejado.|Carmen hará el tejado.|Iberdrola hará el tejado.|Sevilla hará el tejado.
        Ortega gana el contrato por 42.500.|Pablo obtiene el tejado.|Carlos hará el tejado.""",
    "fr": "Mathilde obtient le toit pour 42 500.|Dubois remporte le toit.|Bouygues fait le toit.|Lyon fera le toit.",
}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (code, one.strip())
        for code, rows in INVENTED.items()
        for row in rows.split("\n")
        for one in row.split("|")
    ],
)
def test_whoever_nobody_spoke_of_is_flagged_wherever_the_name_stands(language: str, text: str) -> None:
    line = Line(Section.DECISIONS, text)
    check = checker(AGREED, language=language).check
    assert len(check(line, [Claim(AGREED, (1,))]).unverified) >= 1
    unsupported = check(line, [Claim(f"Most certainly, {text}", (1,))])
    assert (unsupported.supported, len(unsupported.unverified) >= 1) == (False, True)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Bennett gets the roof."),
        ("en", "Bennett gets the roof for forty-two and a half thousand pounds."),
        ("en", "The roof costs £42.5k."),
        ("en", "Rose beds are next; the third roof waits."),
        ("fr", "OK Obtenir les prix : le toit coûte 42 500 livres."),
        ("fr", "Bennett obtient le toit."),
        ("es", "OK El tejado cuesta 42.500 libras. OK Conseguir las cifras."),
        ("de", "Das Dach bekommt Bennett. Dachdecker und Maurer beginnen bald."),
        ("de", "Bennett erhält den Auftrag für das Dach."),
    ],
)
def test_no_noun_or_verb_is_taken_for_an_invented_name(language: str, text: str) -> None:
    line = checker(AGREED, language=language).check(Line(Section.KEY_POINTS, text), [Claim(AGREED, (1,))])
    assert line.unverified == ()


@pytest.mark.parametrize(
    ("section", "text", "said", "lacking"),
    [
        (Section.KEY_POINTS, "The roof costs 42,500 dollars.", AGREED, ("dollars",)),
        (Section.KEY_POINTS, "The roof costs €42,500.", AGREED, ("€",)),
        (Section.KEY_POINTS, "The roof costs 42,500 euros.", AGREED, ("euros",)),
        (Section.KEY_POINTS, "Donations fell by 11 %.", "Donations are up eleven percent.", ("fell",)),
        (Section.KEY_POINTS, "Donations rose by 11 %.", "Donations are up eleven percent.", ()),
        (Section.DECISIONS, "Bennett does not get the roof.", AGREED, ("not",)),
        (Section.DECISIONS, "Bennett doesn't get the roof.", AGREED, ("doesn't",)),
        (
            Section.DECISIONS,
            "Bennett does not get the roof.",
            "We reject what Bennett asks for the roof.",
            (),
        ),
        (Section.DECISIONS, "Bennett does not get the roof.", "Bennett will not do the roof.", ()),
    ],
)
def test_another_currency_a_fall_for_a_rise_and_a_not_are_flagged(
    section: Section, text: str, said: str, lacking: tuple[str, ...]
) -> None:
    line = checker(said).check(Line(section, text), [Claim(said, (1,))])
    assert (line.supported, line.unverified) == (True, lacking)
