from __future__ import annotations

import pytest

from core.summary.numbers import numbers, numbers_in


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


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("de", "zwölftausend Euro", 12_000),
        ("de", "dreihundertfünfundzwanzig Stück", 325),
        ("de", "neunzehnhundertneunundneunzig", 1_999),
        ("de", "am sechzehnten Februar", 16),
        ("de", "3 Mio. Euro", 3_000_000),
        ("es", "doce mil libras", 12_000),
        ("es", "treinta y cinco", 35),
        ("es", "doscientos veintidós mil", 222_000),
        ("es", "quinientos", 500),
        ("it", "milleduecento euro", 1_200),
        ("it", "duemilatrentotto", 2_038),
        ("pt", "duzentos e cinquenta mil", 250_000),
        ("nl", "vijfendertigduizend", 35_000),
        ("ja", "予算は五百万円", 5_000_000),
        ("ja", "500万円", 5_000_000),
        ("zh", "三十五万元", 350_000),
        ("ru", "45 тысяч", 45),
    ],
)
def test_numbers_of_other_languages(language: str, text: str, value: float) -> None:
    assert value in {found for _shown, found in numbers(text, [language])}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Wir haben eine gute Achtung und unser Einzelner wundert sich"),
        ("de", "Im zweiten Quartal, und auch im ersten"),
        ("es", "Una vez más, por ciento, y nada más"),
        ("it", "Sei sicuro, per cento volte uno"),
        ("nl", "Een van de mensen en dieren"),
        ("ja", "田中さんが一緒に承認した"),
    ],
)
def test_what_only_looks_like_a_number_is_none(language: str, text: str) -> None:
    assert numbers(text, [language]) == []
