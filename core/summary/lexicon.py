"""Words of seven languages by which names, numbers and days are known in minutes. Folded, except `ACTING`."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _numbered(words: str, first: int = 0) -> dict[str, int]:
    """Each word's number; other words for the same are joined by '|'."""
    return {word: n for n, group in enumerate(words.split(), first) for word in group.split("|")}


def _valued(**groups: str) -> dict[str, int]:
    """Words by the number in the name of their group: `_20="vingt vingts"`."""
    return {word: int(name[1:]) for name, words in groups.items() for word in words.split()}


NUMBERS: dict[str, dict[str, int]] = {
    "en": _numbered("zero one|a|an two three four five six seven eight nine ten eleven twelve thirteen fourteen")
    | _numbered("fifteen sixteen seventeen eighteen nineteen", 15)
    | _numbered("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth", 1)
    | _numbered("fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth", 14)
    | _valued(
        _20="twenty twentieth", _30="thirty thirtieth", _40="forty", _50="fifty", _60="sixty", _70="seventy",
        _80="eighty", _90="ninety",
    ),
    "fr": _numbered("zero un|une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize")
    | _numbered(
        "premier|premiere deuxieme|seconde troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme dixieme",
        1,
    )
    | _valued(
        _10="dizaine", _15="quinzaine", _20="vingt vingts vingtaine", _30="trente trentaine", _40="quarante",
        _50="cinquante cinquantaine", _60="soixante", _70="septante", _80="huitante octante", _90="nonante",
        _100="centaine centaines",
    ),
    "de": _numbered("null ein|eins|eine|einen|einer|einem|eines zwei|zwo drei vier funf sechs|sech sieben|sieb acht")
    | _numbered("neun zehn elf zwolf", 9)
    | _numbered("erste|ersten|erster zweite|zweiten dritte|dritten vierte|vierten funfte|funften sechste|sechsten", 1)
    | _numbered("siebte|siebten achte|achten neunte|neunten zehnte|zehnten elfte|elften zwolfte|zwolften", 7)
    | _valued(
        _20="zwanzig", _30="dreissig dreißig", _40="vierzig", _50="funfzig", _60="sechzig", _70="siebzig",
        _80="achtzig", _90="neunzig", _0="und",
    ),
    "es": _numbered("cero un|uno|una|primer|primero|primera dos tres cuatro cinco seis siete ocho nueve diez|dieci")
    | _numbered("once doce trece catorce quince", 11)
    | _valued(
        _20="veinte veinti", _30="treinta", _40="cuarenta", _50="cincuenta", _60="sesenta", _70="setenta",
        _80="ochenta", _90="noventa", _500="quinientos quinientas", _700="setecientos setecientas",
        _900="novecientos novecientas",
    ),
    "it": _numbered("zero un|uno|una|primo|prima due tre quattro cinque sei sette otto nove dieci undici dodici")
    | _numbered("tredici quattordici quindici sedici diciassette diciotto diciannove", 13)
    | _valued(
        _20="venti vent", _30="trenta trent", _40="quaranta quarant", _50="cinquanta cinquant", _60="sessanta sessant",
        _70="settanta settant", _80="ottanta ottant", _90="novanta novant",
    ),
    "pt": _numbered("zero um|uma|primeiro|primeira dois|duas tres quatro cinco seis sete oito nove dez onze doze treze")
    | _numbered("catorze|quatorze quinze dezesseis|dezasseis dezessete|dezassete dezoito dezenove|dezanove", 14)
    | _valued(
        _20="vinte", _30="trinta", _40="quarenta", _50="cinquenta", _60="sessenta", _70="setenta", _80="oitenta",
        _90="noventa", _200="duzentos duzentas", _300="trezentos trezentas", _400="quatrocentos quatrocentas",
        _500="quinhentos quinhentas", _600="seiscentos seiscentas", _700="setecentos setecentas",
        _800="oitocentos oitocentas", _900="novecentos novecentas",
    ),
    "nl": _numbered("nul een|eerste twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien")
    | _numbered("vijftien zestien zeventien achttien negentien", 15)
    | _valued(
        _20="twintig", _30="dertig", _40="veertig", _50="vijftig", _60="zestig", _70="zeventig", _80="tachtig",
        _90="negentig", _0="en",
    ),
}  # fmt: skip
"""What number words add; with those of `SCALES` German, Dutch, Spanish and Italian join them to longer words."""
SCALES: dict[str, dict[str, int]] = {
    "en": _valued(_100="hundred", _12="dozen", _1000="thousand", _1000000="million", _1000000000="billion"),
    "fr": _valued(
        _100="cent cents", _12="douzaine", _1000="mille", _1000000="million millions", _1000000000="milliard milliards"
    ),
    "de": _valued(
        _100="hundert", _12="dutzend", _1000="tausend", _1000000="million millionen", _1000000000="milliarde milliarden"
    ),
    "es": _valued(_100="cien ciento cientos cientas", _12="docena", _1000="mil", _1000000="millon millones"),
    "it": _valued(
        _100="cento cent", _12="dozzina", _1000="mille mila", _1000000="milione milioni",
        _1000000000="miliardo miliardi",
    ),
    "pt": _valued(_100="cem cento", _12="duzia", _1000="mil", _1000000="milhao milhoes", _1000000000="bilhao bilhoes"),
    "nl": _valued(_100="honderd", _12="dozijn", _1000="duizend", _1000000="miljoen", _1000000000="miljard"),
}  # fmt: skip
"""What number words multiply by."""
JOINERS = _words("and et und y e en")
"""What stands between the words of a number: 'two hundred and fifty', 'treinta y cinco'."""
NONE_ALONE = JOINERS | _words("""
    a an one first second third half un une cents
    ein eins eine einen einer einem eines erste ersten erster zweite zweiten dritte dritten
    vierte vierten funfte funften sechste sechsten siebte siebten achte achten neunte neunten zehnte zehnten elfte
    elften zwolfte zwolften uno una primer primero primera primo prima um uma primeiro primeira een eerste sei
    """)
"""Articles, ordinals and the like: numbers only beside other number words, or where they were said."""
PERCENT = r"(?i)\b(?:pour|por|per)\s$"
"""What makes a hundred a percent: 'pour cent', 'por ciento', 'per cento'."""

_WEEKDAYS = """
monday lundi montag lunes lunedi segunda-feira maandag, tuesday mardi dienstag martes martedi terca-feira dinsdag,
wednesday mercredi mittwoch miercoles mercoledi quarta-feira woensdag, thursday jeudi donnerstag jueves giovedi
quinta-feira donderdag, friday vendredi freitag viernes venerdi sexta-feira vrijdag, saturday samedi samstag sonnabend
sabado sabato zaterdag, sunday dimanche sonntag domingo domenica zondag
"""
_MONTHS = """
january janvier januar enero gennaio janeiro januari, february fevrier februar febrero febbraio fevereiro februari,
march mars marz marzo marco maart, april avril abril aprile, may mai mayo maggio maio mei,
june juin juni junio giugno junho, july juillet juli julio luglio julho, august aout agosto augustus,
september septembre septiembre settembre setembro, october octobre oktober octubre ottobre outubro,
november novembre noviembre novembro, december decembre dezember diciembre dicembre dezembro december
"""


def _days(groups: str) -> dict[str, int]:
    return {word: place for place, group in enumerate(groups.split(",")) for word in group.split()}


WEEKDAYS, MONTHS = _days(_WEEKDAYS), _days(_MONTHS)
"""The days of the week from Monday on, and the months from January on, by number from 0."""

_SAYING_EN = """
approve agree sign object propose suggest accept refuse ask promise confirm present explain report say take send own
want think prefer support buy sell leave join handle prepare book call write check review offer pay bring plan lead
thank insist oppose reject decline volunteer warn disagree organise organize contact order announce mention recommend
"""
_TOLD_EN = """
said took sent thought bought sold left wrote paid brought led went gave made got chose told found met ran won built
gets wins builds gives goes does makes becomes receives replaces handles sends begins chooses comes creates decides
delivers finds finishes fixes follows helps hires installs joins keeps knows loses manages meets owns paints prepares
provides puts repairs represents resigns retires returns runs serves sets sings sits speaks stays supplies teaches
tells thinks tries writes
"""


def _spoken_of(verb: str) -> tuple[str, str]:
    """The third person of an English verb, and its past where that is regular."""
    stem = verb.removesuffix("e")
    third = verb + ("es" if verb.endswith(("s", "sh", "ch")) else "s")
    if verb.endswith("y") and verb[-2] not in "aeo":
        return verb[:-1] + "ies", verb[:-1] + "ied"
    return third, stem + "ed"


ACTING: dict[str, frozenset[str]] = {
    "en": frozenset(form for verb in _SAYING_EN.split() for form in _spoken_of(verb)) | _words(_TOLD_EN),
    "fr": _words("""
        a ont est était sera va vont doit devra peut pourra veut fera prend prendra se ne s n signe accepte approuve
        propose confirme demande refuse prépare envoie appelle vérifie contacte organise rédige présente explique pense
        souhaite préfère dit fait donne reçoit gère reprend rejoint quitte paie achète vend écrit réserve commande avait
        obtient remporte gagne tient fournit construit assure dirige anime mène finit termine commence vient revient
        devient perd choisit réalise remplace nomme travaille parle cherche trouve répond connaît sait croit met remet
        apporte garde laisse quitte aide rappelle insiste souligne précise ajoute annonce déclare estime
        """),
    "de": _words("""
        hat hatte übernimmt schickt prüft ruft macht bucht bereitet schreibt sagt fragt genehmigt genehmigte
        unterschreibt unterschrieb lehnt lehnte schlägt bestätigt bestätigte organisiert kümmert stimmt stimmte sendet
        informiert kontaktiert erstellt gibt nimmt kauft zahlt möchte will soll muss sagte schickte
        bekommt bekam erhält erhielt gewinnt gewann baut meldet meldete sucht holt liefert leitet vertritt spricht
        """),
    "es": _words("""
        ha han va debe es está fue puede quiere dice firma envía prepara llama revisa acepta aprueba propone confirma
        escribe paga compra vende pide se no hace toma
        obtiene gana recibe consigue busca entrega firmó lleva trae sabe piensa dirige construye cobra
        """),
    "it": _words("""
        ha va deve è può vuole dice firma invia prepara chiama verifica accetta approva propone conferma scrive paga
        compra vende chiede si non fa prende
        """),
    "pt": _words("""
        vai deve é está foi pode quer diz assina envia prepara liga verifica aceita aprova propõe confirma escreve paga
        compra vende pede se não faz tem
        """),
    "nl": _words("heeft had zal moet wil gaat belt stuurt maakt regelt neemt zegt vraagt schrijft betaalt"),
}
"""What somebody does who begins a sentence, as it is written: with accents."""
ACTING_ENDS: dict[str, tuple[str, ...]] = {
    "fr": ("era", "ira", "dra", "rra", "vra"), "es": ("ó", "ará", "erá", "irá"), "it": ("erà", "irà", "arà", "vrà"),
    "pt": ("ou", "ará", "erá", "irá"),
}  # fmt: skip
"""How the future and the past of one person end where hardly any other word does."""
ANYTHING_DOES = _words("will would shall should must can could may might is was has had does did")
"""English words that may follow a name or any other noun."""

ARTICLES = _words(
    "le la les l un une des el los las una unos unas il lo gli i o os as a the het een das der die"
)
"""Articles: no names, and what follows a verb that is no name."""
INFINITIVE_ENDS = ("er", "ir", "re", "ar", "oir", "are", "ere", "ire")

COMMON = ARTICLES | _words("""
    access advertising agenda application approval attendance board budget building catering cleaning client clients
    committee communication company construction contract cost costs customer customers date deadline decision delivery
    department design development discussion documentation email equipment evaluation event everything feedback finance
    funding group hiring implementation information insurance invoice invoices item launch legal location maintenance
    management manager marketing material materials meeting meetings members minutes money next offer office order
    participants payment payments people permission plan planning pricing price prices procurement production progress
    project proposal quote quotes registration release rent report research responsibility results review safety sales
    schedule security services signage software speaker speakers staff storage strategy suppliers support task tasks
    team teams testing tickets training transport travel vendor vendors venue volunteers work workshop
    """)
"""English nouns that begin lines of minutes without an article."""

GERMAN_TITLES = _words("herr herrn frau dr firma")
GERMAN_BEFORE = _words("mit von bei durch an gegen")
"""German words that stand before names, and before few other nouns without an article."""
GERMAN_NOUN_ENDS = (
    "en",
    "ern",
    "ung",
    "ungen",
    "heit",
    "keit",
    "schaft",
    "tion",
    "tat",
    "nis",
    "ment",
    "ing",
)
GERMAN_COMMON = _words("""
    der die das den dem des ein eine einen einem einer und oder aber wir sie er es ich man alle jeder niemand im am zum
    zur in an auf fur mit von bei nach vor aus uber ab bis dass wenn weil als ende anfang mitte euro prozent pfund
    dollar projekt team version abteilung punkt thema phase bedarf blick hilfe bezug januar februar marz april mai juni
    juli august september oktober november dezember montag dienstag mittwoch donnerstag freitag samstag sonntag uhr
    vormittag nachmittag abend morgen woche monat jahr diese dieser dieses kein keine nicht auch noch nur hier dort da
    dann jetzt beide mehr etwas alles nichts wer was wie wo warum bitte heute frau herr firma budget
    """)
"""German words with a capital, at the beginning of a sentence or always, that are no names."""

CURRENCIES: dict[str, str] = {
    word: code
    for code, words in {
        "GBP": "£ gbp quid pound pounds sterling pfund libra libras sterlina sterline ponden livre livres",
        "USD": "$ usd dollar dollars dolar dolares dollari dolares",
        "EUR": "€ eur euro euros",
        "CHF": "chf franc francs franken franchi francos",
        "JPY": "¥ yen yens",
    }.items()
    for word in words.split()
}
"""What money is called, folded, by the code of its currency."""
RISES = _words("""
    up rise rises rose risen rising increase increases increased grow grows grew grown more higher gain gained
    hausse hausses augmente augmentent augmenté monte montent hausser plus steigen steigt stiegen gestiegen mehr hoher
    sube suben subio aumenta aumentan aumento mas cresce crescono salgono sobe sobem stijgt stijgen
    """)
FALLS = _words("""
    down fall falls fell fallen falling decrease decreases decreased drop drops dropped shrink shrank less lower decline
    declined baisse baissent baisser baissé diminue diminuent moins fallen fallt sinken sinkt gesunken weniger niedriger
    baja bajan bajo disminuye menos cala calano scende scendono cai caem daalt dalen
    """)
"""Words of a rise and of a fall, folded."""
REFUSING = _words("""
    reject rejected refuse refused decline declined cancel cancelled canceled drop dropped forget stop stopped postpone
    postponed withdraw withdrawn withdrew instead against fail failed unless hardly off out lost leave skip avoid
    refuse refusent refuser rejete rejetee rejeter annule annuler abandonne reporte reportee retire contre plutot
    abgelehnt ablehnen absagen verschoben verschieben statt gegen raus weg rechazado cancelar aplazado contra fuera
    rifiutato annullato rinviato contro rejeitado cancelado adiado afgewezen uitgesteld tegen
    """)
"""What a "not" in minutes may sum up, folded."""
