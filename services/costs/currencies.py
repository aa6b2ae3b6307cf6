"""The currencies in which a price may be given, and how many digits of each stand behind the point."""

from __future__ import annotations

from typing import Final

_TWO: Final = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP
CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR
IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN
NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
_NONE: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE: Final = "BHD IQD JOD KWD LYD OMR TND"

DIGITS: Final = {
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys(_NONE.split(), 0),
    **dict.fromkeys(_THREE.split(), 3),
}
"""By ISO 4217 code: the decimal relationship of the minor unit, as in the list published on 2026-01-01.

Codes of funds, metals and units of account are left out. BGN, withdrawn that day, is retained for what was
paid before it.

Operational.
"""


SEPARATORS: Final = {"en": (",", ".", 4), "es": (".", ",", 5)}
"""By language: what separates thousands and decimals, and from how many whole digits thousands are separated.

As in the locales en and es of the Unicode CLDR (minimum grouping digits 1 and 2). Operational.
"""


def decimal(minor: int, currency: str) -> str:
    """Write an amount of minor units (0 or more) as a decimal number, as "350.00" and "1200"."""
    digits = DIGITS[currency]
    if not digits:
        return str(minor)
    whole, rest = divmod(minor, 10**digits)
    return f"{whole}.{rest:0{digits}}"


def amount(minor: int, currency: str, language: str) -> str:
    """Write an amount of minor units (0 or more) for readers of a language, as "1,200.00" and "1200,00"."""
    thousands, point, least = SEPARATORS[language]
    whole, _, rest = decimal(minor, currency).partition(".")
    if len(whole) >= least:
        whole = f"{int(whole):,}".replace(",", thousands)
    return f"{whole}{point}{rest}" if rest else whole
