"""Sentences rebuilt from segments: one may span several segments, one segment may hold several."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from core.values import Channel, Evidence, Segment

PAUSE = 1.5
"""Seconds of silence that end a sentence which has no full stop (turns are rarely closer, words never further)."""
LONGEST = 45
"""Words after which an unpunctuated sentence ends at the next segment."""

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)")
_ABBREVIATION = re.compile(
    r"\b(?:mr|mrs|ms|dr|st|vs|etc|e\.g|i\.e|p\.m|a\.m|mme|mlle|m|[a-z])\.$", re.IGNORECASE
)
_NUMBER = re.compile(r"\b[Nn]o\.$")
"""Before a number, elsewhere it denies: "No. Let's go." """
_DAY = re.compile(r"(?<!\bI )\b(?:[Aa]m|[Zz]um|[Vv]om|[Dd]en|[Dd]em|[Dd]er)\s\d{1,2}\.$")
"""A day as German writes it: "bis zum 20. Dezember"."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


_SIGNS = {"’": "'", "‘": "'", "œ": "o", "Œ": "O", "æ": "a", "\u00a0": " ", "\u202f": " ", "–": "-", "—": "-"}


@cache
def _plain_character(character: str) -> str:
    return _SIGNS.get(character) or unicodedata.normalize("NFD", character)[0]


@cache
def _fold_character(character: str) -> str:
    return _plain_character(character).lower()[0]


def plain(text: str) -> str:
    """`text` without accents, typographic signs made plain; every character keeps its place."""
    return "".join(map(_plain_character, text))


def fold(text: str) -> str:
    """`plain` in lower case; every character keeps its place."""
    return "".join(map(_fold_character, text))


def words_of(text: str) -> list[str]:
    """The folded words of `text`; French elisions ("l'accord") give their second half."""
    return [
        word.rsplit("'", 1)[-1] if len(word.rsplit("'", 1)[-1]) > 2 else word
        for word in _WORD.findall(fold(text))
    ]


class Text:
    """Segments as one string, `whole`, joined by single spaces, with the way back to ids and times."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        self.segments = tuple(segment for segment in segments if segment.text.strip())
        pieces = [segment.text.strip() for segment in self.segments]
        self.whole = " ".join(pieces)
        self._starts: list[int] = []
        at = 0
        for piece in pieces:
            self._starts.append(at)
            at += len(piece) + 1

    def channels(self) -> tuple[Text, ...]:
        """The text of each channel by itself."""
        heard = dict.fromkeys(segment.channel for segment in self.segments)
        return tuple(Text(one for one in self.segments if one.channel == channel) for channel in heard)

    def span(self, index: int) -> tuple[int, int]:
        """The first character of segment `index` in `whole` and the one after its last."""
        start = self._starts[index]
        return start, start + len(self.segments[index].text.strip())

    def index_at(self, character: int) -> int:
        """Which segment the character of `whole` belongs to."""
        return max(0, bisect_right(self._starts, character) - 1)

    def time_at(self, character: int, end: bool = False) -> float:
        """The second at which the word around this character of `whole` starts, or ends.

        Exact where the segment has word times for its present text, else in proportion.
        """
        index = self.index_at(character)
        segment, (start, stop) = self.segments[index], self.span(index)
        place = min(max(character - start, 0), stop - start)
        text = segment.text.strip()
        if segment.words and "".join(word.text for word in segment.words).strip() == text:
            at = -(len(segment.words[0].text) - len(segment.words[0].text.lstrip()))
            for word in segment.words:
                at += len(word.text)
                if place < at:
                    return word.end if end else word.start
            return segment.words[-1].end
        return segment.start + (segment.end - segment.start) * (place + end) / max(1, len(text))

    def evidence(self, start: int, stop: int) -> Evidence:
        """The characters `start` to `stop` of `whole` (not empty) as evidence, word by word."""
        first, last = self.index_at(start), self.index_at(stop - 1)
        begin = self.time_at(start)
        return Evidence(
            segment_ids=tuple(segment.id for segment in self.segments[first : last + 1]),
            start=round(begin, 3),
            end=round(max(begin, self.time_at(stop - 1, end=True)), 3),
            quote=self.whole[start:stop],
        )


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: as spoken (`text`), folded (`folded`, same length), where and by whom it was said.

    `speaker` is '' where nobody has named the voice, `speaker_id` 0 where voices are not told apart, `channel` None
    where the sound is one mix. `doubtful`: it may not have been said so.
    """

    index: int
    text: str
    folded: str
    evidence: Evidence
    speaker: str
    channel: Channel | None
    speaker_id: int = 0
    doubtful: bool = False

    def is_by_speaker_of(self, other: Sentence) -> bool:
        """Whether the same person is known to say both."""
        known = bool(self.speaker or self.speaker_id)
        return known and (self.speaker, self.speaker_id) == (other.speaker, other.speaker_id)

    def is_by_another_than(self, other: Sentence) -> bool:
        """Whether two people are known to say them."""
        if self.speaker_id and other.speaker_id:
            return self.speaker_id != other.speaker_id
        return self.speaker != other.speaker

    @property
    def is_question(self) -> bool:
        """Whether it ends as a question."""
        return "?" in self.text[-3:]


def split(text: Text) -> tuple[Sentence, ...]:
    """The sentences of `text`, in order of their beginnings. They end at full stops, changes of speaker and pauses
    over `PAUSE`; each belongs to one channel, and goes on where another channel spoke in between."""
    said = [
        (voice.whole[start:stop], voice.evidence(start, stop), voice.segments[voice.index_at(start)])
        for voice in text.channels()
        for start, stop in _spans(voice)
    ]
    said.sort(key=lambda one: one[1].start)
    return tuple(
        Sentence(
            index,
            words,
            fold(words),
            evidence,
            segment.speaker,
            segment.channel,
            segment.speaker_id,
            bool(segment.doubt),
        )
        for index, (words, evidence, segment) in enumerate(said)
    )


def _spans(text: Text) -> Iterable[tuple[int, int]]:
    whole, start = text.whole, 0
    for end in _ends(text):
        while start < end and whole[start].isspace():
            start += 1
        if start < end and _WORD.search(whole, start, end):
            yield start, end
            start = end


def _ends(text: Text) -> list[int]:
    ends: list[int] = []
    for index, segment in enumerate(text.segments):
        start, stop = text.span(index)
        ends += [
            match.end() for match in _END.finditer(text.whole, start, stop) if not _inside(text.whole, match)
        ]
        following: Sequence[Segment] = text.segments[index + 1 : index + 2]
        open_since = ends[-1] if ends else 0
        if (
            not following
            or (following[0].speaker, following[0].speaker_id) != (segment.speaker, segment.speaker_id)
            or following[0].start - segment.end > PAUSE
            or text.whole.count(" ", open_since, stop) >= LONGEST
        ):
            ends.append(stop)
    return ends


def _inside(whole: str, match: re.Match[str]) -> bool:
    """Whether a full stop belongs to an abbreviation or an initial rather than ending a sentence."""
    if match.group()[0] != "." or match.end() == len(whole):
        return False
    before = whole[max(0, match.end() - 10) : match.end()]
    following = whole[match.end() :].lstrip()[:1]
    numbered = following.isdigit() and _NUMBER.search(before)
    return (
        bool(_ABBREVIATION.search(before[-6:]) or numbered or _DAY.search(before))
        and (following.isalnum())
        and match.group() == "."
    )


# The commonest words of each language: they tell the languages apart and carry no topic.
_STOP_WORDS_EN = """
alright mmm gonna wanna week weeks day days month months year years a about actually after again all also am
an and any anything are as at back be because been before being but by can can't cannot come could couldn't
did didn't do does doesn't doing don't done down each else er even every first for from get gets getting
give go goes going gonna good got great had has have haven't having he he'd he'll he's hello her here here's
hi him his hmm how how's i i'd i'll i'm i've if in into is isn't it it'd it'll it's its just kind know last
least less let let's like little ll look lot made make many may maybe me mean might mm more most much must
my need needs never new next no not nothing now of off oh ok okay on once one only onto or other our out
over own part people perhaps please point pretty put quite rather re really right said same say says see
shall she she's should since so some something sort still such sure take talk tell than thank thanks that
that'd that'll that's the their them then there there's these they they'd they'll they're they've thing
things think this those though through time to today together too two uh um under until up us use used ve
very wait want wants was wasn't way we we'd we'll we're we've well were weren't what what's when where
where's whether which while who who's whose why will with without won't would wouldn't yeah yep yes
yesterday yet you you'd you'll you're you've your three everyone everybody morning afternoon welcome agreed
decided decision action item start true cool interesting idea ideas stuff kinda sorta basically obviously
probably definitely guess suppose bit couple anyway sorry yup nope sounds sound exactly sense wow
hundred question questions topic topics certainly seem seems
"""
_STOP_WORDS_FR = """
semaine semaines jours mois an ans annee annees heure a absolument accord aujourd hui ah ai aie ainsi alors
apres as assez au aucun aujourd'hui aura aurait aussi autre autres aux avais avait avant avec avez avoir
avons bah beaucoup ben bien bon bonjour c'est ca car ce ceci cela celle celui ces cet cette ceux chacun
chaque chose choses comme comment contre d'accord dans de deja depuis des deux devrait dit dire dois doit
donc du elle elles en encore enfin ensuite entre es est et etaient etait etant ete etes etre eu euh faire
fais fait faut font hein ici il ils j'ai j'en je jamais jour jusqu'a l'on la le les leur leurs lui ma mais
mal me meme memes merci mes mettre moi moins mon ne ni non nos notre nous on ont ou oui par parce pas passer
pense peu peut peut-etre peux plus plutot point pour pourquoi pouvez pouvoir prendre puis qu'en qu'est qu'il
qu'on quand que quel quelle quelles quelque quelques quels qui quoi rien sa sais sait sans savoir se sera
serait ses si soit sommes son sont sous suis sur ta tes toi ton toujours tous tout toute toutes tres trop
trois tu un une va vais vas veut veux vient voila voir vois voit vont vos votre vous vraiment vu y decide
decidons decision action commence commencer vrai genial interessant idee idees truc trucs effectivement
justement evidemment probablement genre exactement desole question questions sujet sujets
"""
STOP_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(_STOP_WORDS_EN.split()),
    "fr": frozenset(_STOP_WORDS_FR.split()),
}

_TELLING_EN = """
the and of to is we will that it you have this for with are
"""
_TELLING_FR = """
le la les et est on nous que je pas des une pour dans du avec qui
"""
_TELLING = {"en": frozenset(_TELLING_EN.split()), "fr": frozenset(_TELLING_FR.split())}


_MARKUP = re.compile(r"<[^<>]{0,300}>|\]\([^()\s]{0,300}\)|\w{2,12}:/{2,3}\S+")
"""What no language is told by: tags, where links lead, addresses."""
TELLS = 30
"""Fewest words by which a text tells that it is in another language."""
COMMON = 0.4
"""Share of `STOP_WORDS` that talk in one of these languages has at least: half to three quarters of what is said in our
scripts; German has a tenth of them, Spanish a third."""


def language_of(text: str, told: str = "") -> str:
    """'en' or 'fr': `told` where it is one of them, else whichever language's commonest words prevail."""
    return told if told in STOP_WORDS else _telling(text).most_common(1)[0][0]


def is_foreign(text: str) -> bool:
    """Whether `text` is long enough to tell, and so few of its words are the commonest of English or of French that it
    is in neither language."""
    words = words_of(_MARKUP.sub(" ", text))
    shares = (sum(word in common for word in words) for common in STOP_WORDS.values())
    return len(words) >= TELLS and max(shares) < COMMON * len(words)


def clear_language_of(text: str) -> str:
    """'en' or 'fr' where `text` is long enough to tell and in that language beyond doubt, else ''."""
    (code, most), (_other, fewer) = _telling(text).most_common()
    return code if most >= 10 and most > 3 * fewer else ""


def asked_in(question: str) -> str:
    """'en' or 'fr' where the few words of a question are clearly of that language, else ''."""
    words = words_of(question)
    counts = Counter({code: sum(word in common for word in words) for code, common in STOP_WORDS.items()})
    (code, most), (_other, fewer) = counts.most_common()
    return code if most > 2 * fewer else ""


def _telling(text: str) -> Counter[str]:
    """How often each language's commonest words stand in `text`."""
    words = words_of(text)
    return Counter({code: sum(word in common for word in words) for code, common in _TELLING.items()})


_FILLERS = {
    "en": r"(?:uh|um|uhm|mm|hmm|mhm|mm-hmm|er|erm|huh)",
    "fr": r"(?:euh|heu|hum|hein|mm|hmm)",
}
_STUTTERED = {
    "en": "i the a an and we to it is of you they in so but he she this or if with for my our it's that's i'm",
    "fr": "le la les je de et un une on il elle du des en à que qui c'est j'ai pour dans mais donc si au aux ce",
}


@cache
def _slips(code: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    words = "|".join(map(re.escape, _STUTTERED[code].split()))
    return (
        (re.compile(r"(?i),\s*(?:hein|huh),(?=\s)"), ","),
        (re.compile(rf"(?i)(?:,\s*)?(?<![\w'’-]){_FILLERS[code]}(?![\w'’-])(?:,(?=\s)|\.{{3}}|…)?"), " "),
        (re.compile(r"\s+"), " "),
        (re.compile(rf"(?i)\b({words})((?:,|\s*-+)?\s+\1)+(?![\w'’-])"), r"\1"),
        (re.compile(r"(?i)\b([\w'’]+(?: [\w'’]+){1,3})(?:,? \1)+(?![\w'’-])"), r"\1"),
        (re.compile(r"\s+(?=[,.…])|^[\s,.…-]+"), ""),
    )


def tidy(text: str, language: str) -> str:
    """`text` as one would write it down: without fillers ("um") and without what was said twice by a slip."""
    for pattern, instead in _slips(language):
        text = pattern.sub(instead, text)
    return text.strip()


# Pronouns, auxiliaries and other words without which a sentence has hardly a verb.
_VERBAL_EN = r"""
i i'\w+ you you'\w+ he he'\w+ she she'\w+ we we'\w+ they they'\w+ it it's that's there's what's who's is are was
were am be been has have had do does did don't didn't doesn't can can't could will won't would should shall may
might must let's said says got gets get gave went goes came comes took makes made look looks mean means work
works isn't wasn't aren't what who how why where when never thanks thank sorry please hello hi morning \w+n't
"""
_VERBAL_FR = r"""
je j'\w+ tu t'\w+ il elle on nous vous ils elles c'est c'etait ca est sont etait a ont ai as avait fait va vont
peut faut sera n'\w+ ne qui quoi comment pourquoi combien quand merci bonjour bonsoir desole desolee pardon
salut dit veut doit fait
"""
_VERBS = {
    language: re.compile(rf"\b(?:{'|'.join(words.split())})\b")
    for language, words in (("en", _VERBAL_EN), ("fr", _VERBAL_FR))
}


def has_verb(folded: str, language: str) -> bool:
    """Whether a folded sentence is more than a name for something ("The roof."), as far as its little words tell."""
    return bool(_VERBS[language].search(folded))


def content_words(text: str, language: str) -> list[str]:
    """The words of `text` that carry its topic, folded and stripped of the commonest endings."""
    stop = STOP_WORDS[language]
    return [stem(word) for word in words_of(text) if word not in stop and len(word) > 2]


_DENYING_WORDS = """
not no never none nobody nothing neither nor cannot without
pas jamais rien aucun aucune personne ni sans non
nicht kein keine keinen keinem keiner nie niemals nichts niemand ohne
nunca nada ningun ninguna ninguno sin tampoco
niente nessuno nessuna senza mica nao nem sem nenhum nenhuma niet geen nooit niets zonder
"""
_DENYING = frozenset(_DENYING_WORDS.split())
"""Words that turn a sentence round, folded: English, French, German, Spanish, Italian, Portuguese, Dutch."""


def denials(text: str) -> int:
    """How often `text` says "not" in any way, "no, no" once."""
    words = words_of(text)
    return sum(
        (word in _DENYING or word.endswith("n't")) and word != before
        for before, word in zip(["", *words], words, strict=False)
    )


def stem(word: str) -> str:
    """A word without plural and the commonest verb endings: crude, the same in both languages."""
    for ending in ("ements", "ement", "ations", "ation", "ing", "ies", "ed", "es", "er", "ez", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word[:-1] if word.endswith("s") and len(word) > 3 else word
